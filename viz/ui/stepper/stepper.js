// A convolution stepping over its input, one output pixel at a time, one reading beside another.

const WIDE = 880 // CSS px of own width, as in stepper.css
// CSS px a canvas may be high: a share of the window, between these.
const TALL = { beside: [0.32, 240, 340], alone: [0.375, 300, 420] }
const TOUR_MS = 15_000 // all outputs once, at a pace between these
const PACE_MS = { quickest: 60, slowest: 600, calm: 250 }
const INSTANCES = new WeakMap()
const ICONS = {
  back: "M10.5 3.5v11L4 9zM12.5 3.5h2.2v11h-2.2z",
  play: "M5 3l10 6-10 6z",
  pause: "M4.5 3.5h3v11h-3zM10.5 3.5h3v11h-3z",
  forward: "M7.5 3.5v11L14 9zM3.3 3.5h2.2v11H3.3z",
}

export default function ({ parentElement, data }) {
  let s = INSTANCES.get(parentElement)
  if (!s) {
    s = create(parentElement.querySelector(".stepper"))
    INSTANCES.set(parentElement, s)
  }
  update(s, data)
  return () => {
    pause(s)
    s.resize.disconnect()
    INSTANCES.delete(parentElement)
  }
}

function create(root) {
  const s = { root, el: {}, step: 0, output: 0, timer: null, readings: [] }
  s.t = (text, args = {}) => (s.words[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => args[name] ?? "")
  s.resize = new ResizeObserver(() => resized(s))
  s.resize.observe(root)
  return s
}

// Called with new data and when the page's theme changes; step and output stay.
function update(s, data) {
  s.words = data.words
  s.data = data
  s.readings = data.readings.map((reading) => ({
    reading,
    read: everRead(data.inputs, reading),
    leftOver: leftOverFrom(reading),
  }))
  s.steps = Math.max(...data.readings.map(outputCount))
  s.step = Math.min(s.step, s.steps - 1)
  s.output = Math.min(s.output, data.outputs.length - 1)
  colourNumbers(s)
  build(s)
  draw(s)
}

// The colours of all numbers, packed: the input's by its own scale, all outputs by one.
function colourNumbers(s) {
  const { inputs, colour, readings } = s.data
  const own = scaleOf([inputs])
  s.inputScale = colour ? null : own
  s.tints = colour ? tinted(inputs, TINTS, { low: 0, high: 1 }) : tinted(inputs, [TABLES[own.table]], own)
  s.outputScale = scaleOf(readings.map(({ outputs }) => outputs))
  for (const one of s.readings) one.tints = tinted(one.reading.outputs, [TABLES[s.outputScale.table]], s.outputScale)
}

function scaleOf(stacks) {
  const numbers = stacks.flat(3)
  const { each, table } = ranges({ low: [Math.min(...numbers)], high: [Math.max(...numbers)] }, "shared", "map")
  return { ...each[0], table }
}

// ── What stands on the page ─────────────────────────────────────────────────────────────────────

function build(s) {
  const { readings, outputs, alt } = s.data
  const key = JSON.stringify([readings.map(({ title, note }) => [title, note]), outputs, s.words])
  s.root.classList.toggle("alone", readings.length === 1)
  s.root.style.setProperty("--across", Math.min(3, readings.length))
  s.root.setAttribute("aria-label", alt)
  place(s.root, key, () => [
    buildControls(s),
    h("div", { class: "readings" }, ...s.readings.map((_, n) => buildReading(s, n))),
    (s.el.legends = h("div", { class: "legends" })),
  ])
  s.el.slider.max = s.steps
}

function buildControls(s) {
  const { el, t } = s
  el.slider = h("input", { type: "range", id: "step", min: 1, max: s.steps, step: 1 })
  el.slider.oninput = () => go(s, Number(el.slider.value) - 1)
  el.value = h("output", { for: "step" })
  el.back = button(t("One output back"), "back", () => go(s, s.step - 1))
  el.play = button(t("Play"), "play", () => (s.timer ? pause(s) : play(s)))
  el.forward = button(t("One output forward"), "forward", () => go(s, s.step + 1))
  return h(
    "div",
    { class: "controls" },
    h("div", { class: "control" }, h("label", { for: "step" }, t("Output pixel")), el.slider, el.value),
    h("div", { class: "buttons" }, el.back, el.play, el.forward),
    buildOutputs(s),
  )
}

function button(label, icon, onclick) {
  const element = h("button", { type: "button", onclick })
  show(element, label, icon)
  return element
}

function show(element, label, icon) {
  element.setAttribute("aria-label", label)
  element.title = label
  element.innerHTML = `<svg width="18" height="18" viewBox="0 0 18 18" fill="currentColor" aria-hidden="true"><path d="${ICONS[icon]}"/></svg>`
}

// Which output channel is taken apart: a click on its sheet, or one of these.
function buildOutputs(s) {
  const names = s.data.outputs
  if (names.length === 1) return null
  const radios = names.map((name, n) => {
    const input = h("input", { type: "radio", name: "output", value: n, onchange: () => choose(s, n) })
    return h("label", { class: "option" }, input, h("span", {}, name))
  })
  return h(
    "div",
    { class: "outputs", role: "radiogroup", "aria-labelledby": "outputs" },
    h("span", { id: "outputs" }, s.t("Output channel")),
    h("div", { class: "segments" }, ...radios),
  )
}

function buildReading(s, n) {
  const one = s.readings[n]
  const el = { canvas: h("canvas", { role: "img" }) }
  el.box = h("div", { class: "canvas" }, el.canvas)
  el.reads = h("p", { class: "reads" })
  el.sum = h("p", { class: "sum" })
  el.differs = h("p", { class: "differs", hidden: true })
  el.never = h("p", { class: "never", hidden: true })
  el.canvas.onclick = (event) => clicked(s, n, event)
  s.el[n] = el
  const { title, note } = one.reading
  const heading = h("h3", {}, s.t(title), note ? h("span", { class: "note" }, s.t(note)) : null)
  return h("figure", {}, heading, el.box, h("figcaption", {}, el.reads, el.sum, el.differs, el.never))
}

// ── What is done ────────────────────────────────────────────────────────────────────────────────

function go(s, step) {
  pause(s)
  stepTo(s, step)
}

function stepTo(s, step) {
  s.step = Math.max(0, Math.min(s.steps - 1, step))
  draw(s)
}

// From the end it starts over; nothing else ever starts it.
function play(s) {
  if (s.step >= s.steps - 1) stepTo(s, 0)
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches
  const pace = Math.min(PACE_MS.slowest, Math.max(calm ? PACE_MS.calm : PACE_MS.quickest, TOUR_MS / s.steps))
  s.timer = setInterval(() => {
    stepTo(s, s.step + 1)
    if (s.step >= s.steps - 1) pause(s)
  }, pace)
  show(s.el.play, s.t("Pause"), "pause")
}

function pause(s) {
  clearInterval(s.timer)
  s.timer = null
  if (s.el.play) show(s.el.play, s.t("Play"), "play")
}

function choose(s, output) {
  s.output = output
  draw(s)
}

// A click on an output number takes that one apart.
function clicked(s, n, event) {
  if (!s.plan) return
  const found = cellAt(s.plan.outputs[n], s.output, event.offsetX, event.offsetY)
  if (!found) return
  s.output = found.output
  const [, columns] = sizeOf(s.readings[n].reading.outputs)
  go(s, found.row * columns + found.column)
}

// ── What is drawn ───────────────────────────────────────────────────────────────────────────────

function resized(s) {
  const width = s.root.clientWidth
  if (!s.data || s.width === width) return
  draw(s)
}

function draw(s) {
  s.width = s.root.clientWidth
  const width = Math.min(...s.readings.map((_, n) => s.el[n].box.clientWidth))
  showControls(s)
  if (width < 20) return // not on the page yet: the observer will call
  s.style = styleOf(s.root)
  s.plan = arranged(shapesOf(s), width, tallest(s))
  showScales(s)
  s.readings.forEach((one, n) => drawOne(s, one, n, width))
}

function tallest(s) {
  const [share, least, most] = s.readings.length === 1 && s.width >= WIDE ? TALL.alone : TALL.beside
  return Math.max(least, Math.min(most, share * window.innerHeight))
}

function styleOf(root) {
  const style = getComputedStyle(root)
  return {
    text: style.color,
    background: style.getPropertyValue("--st-background-color") || "#fff",
    font: style.fontFamily,
  }
}

function shapesOf(s) {
  const { inputs, readings } = s.data
  return {
    inputs: [inputs.length, ...sizeOf(inputs)],
    outputs: readings.map(({ outputs }) => [outputs.length, ...sizeOf(outputs)]),
    padding: Math.max(...readings.map(({ padding }) => padding)),
    leavesOver: s.readings.some(({ leftOver }) => leftOver.some((from, axis) => from < sizeOf(inputs)[axis])),
    label: widest(s, s.data.outputs),
  }
}

// Width of the longest name, CSS px.
function widest(s, names) {
  const context = s.el[0].canvas.getContext("2d")
  context.font = nameFont(s.style, true)
  return Math.max(0, ...names.map((name) => context.measureText(name).width))
}

function showControls(s) {
  const { el, t } = s
  const now = t("{n} of {all}", { n: s.step + 1, all: s.steps })
  el.slider.value = s.step + 1
  el.slider.setAttribute("aria-valuetext", now)
  el.value.textContent = now
  el.back.disabled = s.step === 0
  el.forward.disabled = s.step === s.steps - 1
  for (const input of s.root.querySelectorAll('input[name="output"]')) input.checked = Number(input.value) === s.output
}

function showScales(s) {
  const scales = [...(s.inputScale ? [[s.t("Input"), s.inputScale]] : []), [s.t("Output"), s.outputScale]]
  const shared = s.t("one scale for all")
  place(s.el.legends, JSON.stringify(scales), () => scales.map(([name, scale]) => legend(name, scale, shared)))
}

function legend(name, { low, high, table }, shared) {
  const stops = COLOURS[table].join(", ")
  return h(
    "span",
    { class: "legend", title: shared },
    `${name} ${short(low)}`,
    h("span", { class: "gradient", style: `background: linear-gradient(to right, ${stops})` }),
    `${short(high)}, ${shared}`,
  )
}

function drawOne(s, { reading, read, leftOver, tints }, n, width) {
  const at = outputAt(reading, s.step)
  const terms = termsOf(s.data.inputs, reading, s.output, at)
  drawReading(s.el[n].canvas, {
    plan: s.plan, stack: s.plan.outputs[n], width, style: s.style,
    reading, read, leftOver, at, output: s.output, count: terms.length,
    places: windowOf(reading, at),
    inputs: s.data.inputs, tints: s.tints, outputTints: tints,
    channels: s.data.channels, outputNames: s.data.outputs,
  })
  say(s, s.readings[n], n, at, terms)
}
