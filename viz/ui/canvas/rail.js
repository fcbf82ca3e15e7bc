// The rail (one chip a stage) and the controls of the stage in focus.

const LONGEST_SEGMENTS = 22 // letters; more options are a list to open

function drawRail(s) {
  const { header, t } = s
  const names = ["picture", ...s.stages]
  place(s.el.rail, JSON.stringify([names, header.titles, Object.keys(header.stages)]), () =>
    names.map((name) => chip(s, name)),
  )
  for (const name of names) {
    const button = s.el.rail.querySelector(`[data-stage="${name}"]`)
    const fact = header.stages[name]
    button.setAttribute("aria-current", name === s.controlled ? "step" : "false")
    button.querySelector(".facts").replaceChildren(...(fact ? facts(s, name, fact) : [t("off")]))
  }
  const fact = header.stages[s.focus]
  s.el.facts.replaceChildren(...facts(s, s.focus, fact)) // seen where chips have no room for it
}

function chip(s, name) {
  const [title, args] = name === "picture" ? ["Picture", {}] : s.header.titles[name]
  const off = !s.header.stages[name]
  return h(
    "button",
    { class: off ? "chip off" : "chip", type: "button", "data-stage": name, onclick: () => s.lookAt(name) },
    h("span", { class: "title" }, s.t(title, args)),
    h("span", { class: "facts" }),
  )
}

function facts(s, name, fact) {
  const [channels, height, width] = fact.shape
  const shape = h("span", { class: "shape" }, `${channels} × ${height} × ${width}`)
  if (name === "picture") return [shape]
  const cpu = fact.cpu_ms === undefined ? "" : ` · CPU ${fact.cpu_ms.toFixed(1)}`
  const weights = fact.parameters ? `${magnitude(fact.parameters)} ${s.t("weights")}` : s.t("no weights")
  const macs = fact.macs ? `${magnitude(fact.macs)} MAC` : ""
  const ms = fact.ms === undefined ? "" : `${fact.ms.toFixed(1)} ms${cpu}` // a stage never run has none
  return [
    shape,
    h("span", { title: `${exact(fact.parameters)} ${s.t("weights and biases")}` }, weights),
    h(
      "span",
      { title: `${exact(fact.macs)} ${s.t("multiply-adds")}` },
      [macs, ms].filter(Boolean).join(" · "),
    ),
    h("span", { title: s.t("receptive field: size and stride in pixels of the picture") }, s.t("field {size}, stride {stride}", { size: fact.size[0], stride: fact.stride[0] })),
  ]
}

function drawControls(s) {
  const stage = s.controlled
  const names = s.header.controls[stage] ?? []
  const key = JSON.stringify([stage, names, names.map((name) => s.header.limits[name])])
  place(s.el.controls, key, () => names.map((name) => control(s, name)))
  for (const name of names) showValue(s, name)
  if (!names.includes(s.helped)) help(s, names[0]) // also when another text stood there
}

function help(s, name) {
  s.helped = name
  const field = s.fields[name]
  s.el.help.textContent = field ? `${s.t(field.label)}: ${s.t(field.help)}` : ""
}

function control(s, name) {
  const field = s.fields[name]
  const build = { slider, choice: options, switch: toggle }[field.kind]
  const element = build(s, name, field)
  element.onpointerenter = element.onfocusin = () => help(s, name)
  return element
}

function slider(s, name, field) {
  const high = s.header.limits[name]?.[0] ?? field.high
  const input = h("input", {
    type: "range",
    id: name,
    min: field.low,
    max: high,
    step: field.step,
    title: s.t(field.help),
    oninput: () => {
      s.dragging = name
      s.set({ [name]: input.value })
    },
    onchange: () => {
      s.dragging = null
      s.set({ [name]: input.value })
      s.commit()
    },
  })
  return h(
    "div",
    { class: "control" },
    h("label", { for: name }, s.t(field.label), h("output", { for: name })),
    input,
  )
}

function options(s, name, field) {
  const allowed = s.header.limits[name]?.map(String)
  const shown = field.options.filter(([value]) => !allowed || allowed.includes(value))
  const id = `${name}-label`
  if (shown.map(([, word]) => s.t(word)).join("").length > LONGEST_SEGMENTS) {
    const select = h(
      "select",
      {
        id: name,
        title: s.t(field.help),
        onchange: () => (s.set({ [name]: select.value }), s.commit()),
      },
      ...shown.map(([value, word]) => h("option", { value }, s.t(word))),
    )
    return h("div", { class: "control" }, h("label", { for: name }, s.t(field.label)), select)
  }
  const buttons = shown.map(([value, word]) =>
    h(
      "label",
      { class: "option" },
      h("input", {
        type: "radio",
        name,
        value,
        onchange: () => (s.set({ [name]: value }), s.commit()),
      }),
      h("span", {}, s.t(word)),
    ),
  )
  return h(
    "div",
    { class: "control", role: "radiogroup", "aria-labelledby": id, title: s.t(field.help) },
    h("span", { id, class: "label" }, s.t(field.label)),
    h("div", { class: "segments" }, ...buttons),
  )
}

function toggle(s, name, field) {
  const input = h("input", {
    type: "checkbox",
    role: "switch",
    id: name,
    onchange: () => (s.set({ [name]: input.checked ? "1" : "0" }), s.commit()),
  })
  return h(
    "div",
    { class: "control switch", title: s.t(field.help) },
    h("label", { for: name }, input, h("span", {}, s.t(field.label))),
  )
}

// The value a control shows: what was built, where what was asked for cannot be.
function showValue(s, name) {
  const field = s.fields[name]
  const value = s.dragging === name ? s.values[name] : (s.header.values[name] ?? drawnValues(s)[name])
  if (field.kind === "slider") {
    const input = s.el.controls.querySelector(`#${name}`)
    if (s.dragging !== name) input.value = value
    const zero = name.endsWith("_outputs") && value === "0"
    const text = zero ? s.t("all") : `${value.replace("-", "−")}${field.unit ? ` ${field.unit}` : ""}`
    input.setAttribute("aria-valuetext", text)
    s.el.controls.querySelector(`output[for="${name}"]`).textContent = text
  } else if (field.kind === "choice") {
    const select = s.el.controls.querySelector(`select#${name}`)
    if (select) select.value = value
    for (const input of s.el.controls.querySelectorAll(`input[name="${name}"]`)) {
      input.checked = input.value === value
    }
  } else if (field.kind === "switch") {
    s.el.controls.querySelector(`#${name}`).checked = value === "1"
  }
}
