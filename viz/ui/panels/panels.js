// Panels of maps side by side. The pointer is marked in all panels with maps of the same size.

import { fromBase64, unpack } from "../javascript/buffer.js"
import { found, h } from "../javascript/elements.js"
import { standing } from "../javascript/instances.js"
import { styleOf } from "../javascript/pen.js"
import { translated } from "../javascript/translation.js"
import { buildPanel, drawPanel, markPanel } from "./panel.js"
import { listenForRegion } from "./region.js"

/** @import {Block, Place} from "../javascript/buffer.js" */
/** @import {Data, Panel, Said, State} from "./state.js" */

/** @type {WeakMap<ParentNode, {state: State, end: () => void}>} */
const INSTANCES = new WeakMap()

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data, setStateValue: (name: string, value: unknown) => void}} component
 */
export default function panels({ parentElement, data, setStateValue }) {
  const instance = standing(INSTANCES, parentElement, data.language) ?? create(found(parentElement, ".panels"))
  INSTANCES.set(parentElement, instance)
  const s = instance.state
  s.t = (text, args, plural) => translated(data.language, text, args, plural)
  s.height = data.height_px
  s.columns = data.columns
  s.root.style.setProperty("--narrowest", `${data.narrowest_px}px`)
  s.choose = (region) => setStateValue("region", region)
  if (!s.selecting) s.region = data.region
  if (s.buffer !== data.buffer) {
    s.buffer = data.buffer
    build(s, unpack(fromBase64(data.buffer)))
  }
  requestAnimationFrame(() => drawPanels(s)) // also if only the theme has changed
  return () => {
    instance.end()
    INSTANCES.delete(parentElement)
  }
}

/**
 * The other fields are set by the first update.
 * @param {HTMLElement} root
 */
function create(root) {
  /** @type {Partial<State>} */
  const begun = { root, panels: [], width: 0, selecting: null, opacities: new Map() }
  const s = /** @type {State} */ (begun)
  const resize = new ResizeObserver(() => {
    if (root.clientWidth !== s.width) drawPanels(s)
  })
  resize.observe(root)
  return { state: s, end: () => resize.disconnect() }
}

/**
 * @param {State} s
 * @param {{panels: Said[], blocks: Record<string, Block>}} header
 */
function build(s, header) {
  s.root.style.setProperty("--columns", String(s.columns))
  s.panels = header.panels.map((said) => buildPanel(s, said, header.blocks))
  for (const panel of s.panels) listen(s, panel)
  s.root.replaceChildren(h("div", { class: "grid" }, ...s.panels.map(({ element }) => element)))
}

/**
 * @param {State} s
 * @param {Panel} panel
 */
function listen(s, panel) {
  const { overlay } = panel.stack
  overlay.onpointermove = (event) => pointAt(s, panel, panel.stack.at(event.offsetX, event.offsetY))
  overlay.onpointerleave = () => pointAt(s, panel, null)
  if (panel.said.kind === "colour" && s.region) listenForRegion(s, panel, () => drawPanels(s))
}

/** @param {State} s */
function drawPanels(s) {
  s.width = s.root.clientWidth
  if (s.width < 20 || !s.root.isConnected) return
  const style = styleOf(s.root)
  for (const panel of s.panels) drawPanel(s, panel, style)
  oneBarARow(s)
  s.root.dataset.drawn = String(Number(s.root.dataset.drawn ?? 0) + 1)
}

/**
 * Hides the bars of a row that say the same as the first of their scale.
 * @param {State} s
 */
function oneBarARow({ panels }) {
  const shown = new Set()
  const hidden = panels.filter(({ said: { scale }, element }) => {
    const key = `${scale} ${element.offsetTop}`
    const again = scale !== "" && shown.has(key)
    shown.add(key)
    return again
  })
  for (const { bar } of hidden) bar.hidden = true
}

/**
 * @param {State} s
 * @param {Panel} from
 * @param {Place | null} place
 */
function pointAt(s, from, place) {
  const sizeOf = (/** @type {Panel} */ { block }) => block.shape.slice(1).join()
  for (const panel of s.panels) {
    const alike = sizeOf(panel) === sizeOf(from)
    markPanel(s, panel, place && alike ? { ...place, map: Math.min(place.map, panel.block.shape[0] - 1) } : null)
  }
}
