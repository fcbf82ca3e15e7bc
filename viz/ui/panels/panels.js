// Panels of maps side by side. Where maps are of one size, the pointer in one is marked in all.

const ROOTS = new WeakMap()
const ROOM_FOR_A_NUMBER = 44 // CSS px of a cell
const NARROWEST = 220 // CSS px of a panel

export default function ({ parentElement, data, setStateValue }) {
  let s = ROOTS.get(parentElement)
  if (!s) {
    s = { root: parentElement.querySelector(".panels"), panels: [], width: 0 }
    s.resize = new ResizeObserver(() => s.root.clientWidth !== s.width && drawPanels(s))
    s.resize.observe(s.root)
    ROOTS.set(parentElement, s)
  }
  s.t = (text, args = {}) =>
    (data.words?.[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => args[name] ?? "")
  s.height = data.height_px
  s.columns = data.columns
  s.choose = (region) => setStateValue("region", region)
  if (!s.selecting) s.region = data.region
  if (s.buffer !== data.buffer) {
    s.buffer = data.buffer
    s.header = unpack(fromBase64(data.buffer))
    build(s)
  }
  requestAnimationFrame(() => drawPanels(s)) // also where only the theme is another one
  return () => {
    s.resize.disconnect()
    ROOTS.delete(parentElement)
  }
}

function build(s) {
  s.root.style.setProperty("--columns", s.columns)
  s.panels = s.header.panels.map((panel) => buildPanel(s, panel))
  s.root.replaceChildren(h("div", { class: "grid" }, ...s.panels.map(({ element }) => element)))
}

function buildPanel(s, said) {
  const canvas = h("canvas", { role: "img" })
  const overlay = h("canvas", { class: "overlay" })
  const bar = h("div", { class: "bar" })
  const value = h("p", { class: "value", role: "status" })
  const element = h(
    "section",
    {},
    h("h3", {}, said.title),
    h("div", { class: "stack" }, canvas, overlay),
    bar,
    h("p", { class: "note" }, said.note),
    value,
  )
  const panel = { said, block: s.header.blocks[said.block], canvas, bar, value, element, stack: new Stack(canvas, overlay) }
  overlay.onpointermove = (event) => pointAt(s, panel, panel.stack.at(event.offsetX, event.offsetY))
  overlay.onpointerleave = () => pointAt(s, panel, null)
  if (said.kind === "colour" && s.region) listenForRegion(s, panel, overlay)
  return panel
}

function drawPanels(s) {
  s.width = s.root.clientWidth
  if (s.width < 20 || !s.root.isConnected) return
  const style = getComputedStyle(s.root)
  const look = {
    text: style.getPropertyValue("--st-text-color") || style.color,
    background: style.getPropertyValue("--st-background-color") || "#fff",
    font: style.fontFamily,
    size: 15,
  }
  for (const panel of s.panels) drawPanel(s, panel, look)
  s.root.dataset.drawn = String(Number(s.root.dataset.drawn ?? 0) + 1)
}

function drawPanel(s, panel, style) {
  const { said, block, stack, element } = panel
  const width = element.clientWidth || NARROWEST
  stack.draw(block, {
    width,
    height: s.height,
    scale: "shared",
    kind: said.kind,
    names: block.shape[0] > 1 && said.kind !== "colour" ? said.names : said.names.map(() => ""),
    family: 1,
    only: null,
    fill: true,
    wider: sharedRange(s, said),
    classes: said.classes.length,
    style,
  })
  if (said.kind === "weight") weightsInCells(panel, style)
  if (panel.selects) drawRegion(s, panel)
  panel.canvas.setAttribute("aria-label", described(s, panel))
  key(s, panel)
}

// The weights in their cells, where the cells have room for them.
function weightsInCells({ block, stack, canvas }, style) {
  const { scale } = stack.plan
  if (scale < ROOM_FOR_A_NUMBER) return
  const context = canvas.getContext("2d")
  for (const { map, x, y } of stack.tiles) {
    writeWeights(context, block, { side: scale, range: stack.range.each[map], font: style.font, x, y, map })
  }
}

// The range that panels of one scale have in common; undefined for a panel's own.
function sharedRange(s, said) {
  if (!said.scale) return undefined
  const blocks = s.panels.filter((other) => other.said.scale === said.scale).map(({ block }) => block)
  return { low: [Math.min(...blocks.flatMap(({ low }) => low))], high: [Math.max(...blocks.flatMap(({ high }) => high))] }
}

function described(s, { said, block }) {
  const [count, rows, columns] = block.shape
  return s.t("{title}: {count} maps of {rows} × {columns}, from {low} to {high}", {
    title: said.title,
    count,
    rows,
    columns,
    low: short(Math.min(...block.low)),
    high: short(Math.max(...block.high)),
  })
}

// What the colours mean: a bar with its ends, or a word for every class.
function key(s, { said, bar, stack }) {
  bar.hidden = said.kind === "colour"
  if (said.classes.length) {
    bar.replaceChildren(...classKey(said.classes, stack.range.table))
    return
  }
  const { low, high } = stack.range.each[0]
  const stops = COLOURS[stack.range.table].join(", ")
  bar.replaceChildren(
    h("div", { class: "gradient", style: `background: linear-gradient(to right, ${stops})` }),
    h("div", { class: "ends" }, h("span", {}, short(low)), low < 0 && high > 0 ? h("span", {}, "0") : null, h("span", {}, short(high))),
    h("div", { class: "caption" }, said.scale ? s.t("one scale for all") : s.t("a scale of its own")),
  )
}

function pointAt(s, from, place) {
  for (const panel of s.panels) {
    const alike = panel.block.shape.slice(1).join() === from.block.shape.slice(1).join()
    const there = place && alike ? { ...place, map: Math.min(place.map, panel.block.shape[0] - 1) } : null
    panel.stack.mark(there, false)
    if (panel.selects) drawRegion(s, panel)
    panel.value.textContent = there ? reading(s, panel, there) : ""
  }
}

function reading(s, { said, block }, { map, row, column }) {
  const at = (i) => valueAt(block, i, row, column)
  const where = s.t("row {row}, column {column}", { row: row * block.mean_of, column: column * block.mean_of })
  if (said.kind === "colour") return `${where}: ${[0, 1, 2].map((i) => short(at(i))).join(", ")}`
  const text = said.classes.length ? said.classes[Math.round(at(map))] : told(block, map, at(map))
  return `${where}: ${text}`
}

// --- a rectangle drawn on a picture, in thousandths of it ----------------------------------------

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
const STEP = 20

function listenForRegion(s, panel, overlay) {
  panel.selects = true
  panel.overlay = overlay
  overlay.classList.add("selects")
  overlay.tabIndex = 0
  overlay.setAttribute("role", "application")
  overlay.setAttribute("aria-label", s.t("Rectangle on the picture: drag one, or move it with the arrows; with Shift its lower right corner"))
  overlay.onpointerdown = (event) => {
    overlay.setPointerCapture(event.pointerId)
    s.selecting = thousandths(panel, event)
    s.before = s.region
  }
  const follow = overlay.onpointermove
  overlay.onpointermove = (event) => {
    if (!s.selecting) return follow(event)
    const [row, column] = thousandths(panel, event)
    const [top, left] = s.selecting
    s.region = [Math.min(top, row), Math.min(left, column), Math.max(top, row), Math.max(left, column)]
    drawRegion(s, panel)
  }
  overlay.onpointerup = () => {
    const drawn = s.selecting && s.region !== s.before
    s.selecting = null
    if (drawn) s.choose(s.region)
  }
  overlay.onpointercancel = () => {
    s.selecting = null
    s.region = s.before
    drawPanels(s)
  }
  overlay.onkeydown = (event) => {
    const move = MOVES[event.key]
    if (!move) return
    event.preventDefault()
    s.region = moved(s.region, move.map((sign) => sign * STEP), event.shiftKey)
    drawRegion(s, panel)
    s.choose(s.region)
  }
}

function thousandths(panel, event) {
  const [tile] = panel.stack.tiles
  const share = (at, from, length) => Math.round(1000 * Math.min(1, Math.max(0, (at - from) / length)))
  return [share(event.offsetY, tile.y, tile.tall), share(event.offsetX, tile.x, tile.wide)]
}

function moved([top, left, bottom, right], [down, along], corner) {
  const within = (value, low, high) => Math.min(high, Math.max(low, value))
  if (corner) return [top, left, within(bottom + down, top + STEP, 1000), within(right + along, left + STEP, 1000)]
  const [y, x] = [within(down, -top, 1000 - bottom), within(along, -left, 1000 - right)]
  return [top + y, left + x, bottom + y, right + x]
}

function drawRegion(s, { overlay, stack }) {
  const [tile] = stack.tiles
  const context = overlay.getContext("2d")
  const ratio = window.devicePixelRatio || 1
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  if (s.selecting) context.clearRect(0, 0, overlay.width, overlay.height)
  const [top, left, bottom, right] = s.region.map((value) => value / 1000)
  const box = [tile.x + left * tile.wide, tile.y + top * tile.tall, (right - left) * tile.wide, (bottom - top) * tile.tall]
  context.lineWidth = 5
  context.strokeStyle = "rgb(0 0 0 / 70%)"
  context.strokeRect(...box)
  context.lineWidth = 3
  context.strokeStyle = COLOURS.field
  context.strokeRect(...box)
}
