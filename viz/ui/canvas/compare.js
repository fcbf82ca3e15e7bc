// Two states at a keystroke: A is what was pinned, B is what the sliders say now, and B − A.

// What A need not say: how it is looked at is said once, for both.
const NOT_PINNED = ["scale", "card", "unit", "pinned", "showing", "others", "channel"]
const KEPT_BUFFERS = 6

function buildCompare(s) {
  const { el, t } = s
  el.pin = h("button", { type: "button", class: "small", title: t("Keep these maps as A (P)") }, t("Pin"))
  el.pin.onclick = () => pinNow(s)
  el.unpin = h("button", { type: "button", class: "small", "aria-label": t("Forget A"), title: t("Forget A") }, "✕")
  el.unpin.onclick = () => show(s, { pinned: "", showing: "now" })
  el.showing = h("div", { class: "segments", role: "radiogroup", "aria-label": t("Shown") })
  el.compare = h("div", { class: "compare" }, el.showing, el.unpin)
  return [el.pin, el.compare]
}

function drawCompare(s) {
  const field = s.fields.showing
  s.el.compare.hidden = !s.values.pinned
  place(s.el.showing, "showing", () =>
    field.options.map(([value, word]) => {
      const input = h("input", { type: "radio", name: "showing", value })
      input.onchange = () => show(s, { showing: value })
      return h("label", { class: "option", title: s.t(field.help) }, input, h("span", {}, s.t(word)))
    }),
  )
  for (const input of s.el.showing.querySelectorAll("input")) input.checked = input.value === s.values.showing
  const inA = s.values.showing === "pinned"
  s.el.controls.inert = s.el.rail.inert = s.el.matrix.inert = inA
  if (inA) s.cell = null
  if (inA) {
    s.el.help.textContent = s.t("This is A, as it was pinned. Press A, or choose B, to go on.")
    s.helped = null
  }
}

// The present view as an address of its own: defaults left out, but never empty.
function asPinned(s) {
  const said = Object.entries(ours(s)).filter(([name]) => !NOT_PINNED.includes(name) && !s.fields[name].aside)
  const query = new Map([["picture", s.values.picture], ["stage", s.header.stage], ...said])
  return [...query].map((pair) => pair.join("=")).join("&")
}

// The values that are drawn: those of A while A is shown.
function drawnValues(s) {
  if (s.values.showing !== "pinned" || !s.values.pinned) return s.values
  const defaults = Object.fromEntries(Object.entries(s.fields).map(([name, field]) => [name, field.default]))
  return { ...defaults, ...Object.fromEntries(s.values.pinned.split("&").map((pair) => pair.split("="))) }
}

function pinNow(s) {
  if (s.values.showing === "pinned") return
  show(s, { pinned: asPinned(s), showing: "now" })
}

function flip(s) {
  if (s.values.pinned) show(s, { showing: s.values.showing === "pinned" ? "now" : "pinned" })
}

function difference(s) {
  if (s.values.pinned) show(s, { showing: s.values.showing === "difference" ? "now" : "difference" })
}

function show(s, values) {
  s.hover = null
  s.set(values)
  s.commit()
}

// Back to the opening state, with the picture that is in focus.
function reset(s) {
  const kept = ["picture", "working_size_px", "device", "part"]
  const opening = Object.entries(s.fields).filter(([name]) => !kept.includes(name))
  s.enlarged = s.hover = s.cell = null
  s.set(Object.fromEntries(opening.map(([name, field]) => [name, field.default])))
  s.commit()
}

// The largest difference, by name: it is at one end of one map's range.
function largestDifference(s) {
  const block = s.header.blocks.maps
  const reach = block.low.map((low, map) => Math.max(-low, block.high[map]))
  const map = reach.indexOf(Math.max(...reach))
  const value = block.high[map] >= -block.low[map] ? block.high[map] : block.low[map]
  return s.t("largest difference {value}, in map {name}", { value: short(value), name: mapNames(s)[map] })
}

// --- the same map of several pictures ------------------------------------------------------------

// Rows and columns of each map as it was sent, or null where all are alike.
function raggedSizes(header) {
  const n = header.blocks.maps.mean_of
  return header.side_by_side?.shapes.map((shape) => shape.map((length) => Math.ceil(length / n))) ?? null
}

// What each drawn map is called: its channel, or its picture. A buffer is shared, so it knows an
// upload only by its key; its name is known to the tab that brought it.
function mapNames(s) {
  const beside = s.header.side_by_side
  return beside?.names.map((name, map) => s.ownNames[beside.keys[map]] ?? name) ?? s.header.names
}

function buildChannel(s) {
  const { el, t } = s
  const turn = (by) => h("button", { type: "button", class: "small", onclick: () => turnChannel(s, by) }, by < 0 ? "‹" : "›")
  const [before, after] = [turn(-1), turn(1)]
  before.setAttribute("aria-label", t("Map before"))
  after.setAttribute("aria-label", t("Map after"))
  el.channel = h("span")
  el.channelBox = h("div", { class: "compare", hidden: true }, before, el.channel, after)
  return el.channelBox
}

function drawChannel(s) {
  const beside = s.header.side_by_side
  s.el.channelBox.hidden = !beside
  if (!beside) return
  const { names } = s.header
  s.el.channel.textContent = s.t("map {name} of {n}", { name: names[beside.channel], n: names.length })
}

function turnChannel(s, by) {
  const { side_by_side: beside, names } = s.header
  const channel = (beside.channel + by + names.length) % names.length
  s.set({ channel: String(channel) })
  s.commit()
}

// --- keys that work anywhere on the page ---------------------------------------------------------

const KEYS = [
  ["P", "keep these maps as A"],
  ["A", "flip between A and now"],
  ["D", "show B − A"],
  ["0", "back to the opening state"],
  ["Enter", "enlarge the map under the pointer"],
  ["Space or click", "pin a number and take it apart"],
  ["Esc", "let go"],
  ["← ↑ ↓ →", "move the pointer over the maps; with Shift ten times as far"],
  ["Page ↑ ↓", "the same place in the map before, after"],
  ["?", "these keys"],
]

function buildKeys(s) {
  const rows = KEYS.map(([key, does]) => h("tr", {}, h("th", { scope: "row" }, s.t(key)), h("td", {}, s.t(does))))
  const close = h("button", { type: "button", class: "small" }, s.t("Close"))
  s.el.keys = h("dialog", { "aria-label": s.t("Keys") }, h("h2", {}, s.t("Keys")), h("table", {}, ...rows), close)
  close.onclick = () => s.el.keys.close()
  s.el.help_ = h("button", { type: "button", class: "small", "aria-label": s.t("Keys"), title: s.t("Keys (?)") }, "?")
  s.el.help_.onclick = () => toggleKeys(s)
  return [s.el.help_, s.el.keys]
}

function toggleKeys(s) {
  if (s.el.keys.open) s.el.keys.close()
  else s.el.keys.showModal()
}

function listenEverywhere(s) {
  s.onkey = (event) => {
    const typing = event.composedPath()[0]
    const text = typing.matches?.("textarea, select, [contenteditable], input:not([type=range], [type=radio], [type=checkbox])")
    if (text || event.ctrlKey || event.metaKey || event.altKey || !s.header) return
    const act = { p: pinNow, a: flip, d: difference, 0: reset, "?": toggleKeys, escape: release }[event.key.toLowerCase()]
    if (!act || event.defaultPrevented || s.el.keys.open) return
    event.preventDefault()
    act(s)
  }
  document.addEventListener("keydown", s.onkey)
}
