// Boxes in a grid with arrows between them, from left to right; where there is no room, from top to
// bottom. Boxes in one row are a strip that wraps.

import { h, place } from "./elements.js"
import { branchColour } from "./marks.js"

/**
 * @typedef {object} FlowBox
 * @property {string} key
 * @property {string} title
 * @property {string[]} facts  further lines
 * @property {string} exact  under the pointer
 * @property {number} row
 * @property {number} column
 * @property {number} rows  how many it is tall
 * @property {string} branch  whose hue it has, or empty
 * @property {boolean} clickable
 * @property {string} state  `current`, `path` or empty
 *
 * @typedef {object} Flow
 * @property {FlowBox[]} boxes
 * @property {[from: string, to: string][]} arrows
 * @property {string} label
 * @property {boolean} [wraps]  whether every row is a strip
 *
 * @typedef {{left: number, top: number, right: number, bottom: number}} Edges
 */

const SVG = "http://www.w3.org/2000/svg"
const TURNED_BELOW_PX = 640
const HEAD = 5 // CSS px from the tip of an arrow to its corners

/**
 * Draws boxes and arrows; arrows follow when the size changes.
 * @param {HTMLElement} root
 * @param {Flow} flow
 * @param {(key: string) => void} pick  called with the box that was clicked
 * @returns {() => void} ends it
 */
export function drawFlow(root, flow, pick) {
  placeFlow(root, flow, pick)
  const resize = new ResizeObserver(() => layOutFlow(root, flow))
  resize.observe(root)
  return () => resize.disconnect()
}

/**
 * Places the boxes, and draws the arrows if they have a size already.
 * @param {HTMLElement} root
 * @param {Flow} flow
 * @param {(key: string) => void} pick
 */
export function placeFlow(root, flow, pick) {
  root.setAttribute("role", "group")
  root.setAttribute("aria-label", flow.label)
  const focused = focusedKey(root)
  place(root, JSON.stringify(flow), () => [document.createElementNS(SVG, "svg"), ...inStrips(flow)])
  for (const button of root.querySelectorAll("button")) button.onclick = () => pick(String(button.dataset.box))
  const again = focused && boxIn(root, focused)
  if (again && again !== focusedBox(root)) again.focus()
  layOutFlow(root, flow)
}

/**
 * The boxes, with a break where the next strip begins.
 * @param {Flow} flow
 */
function inStrips({ boxes, wraps }) {
  const begins = (/** @type {number} */ at) => wraps && at > 0 && boxes[at].row !== boxes[at - 1].row
  return boxes.flatMap((box, at) => (begins(at) ? [h("span", { class: "flow-break" }), flowBox(box)] : [flowBox(box)]))
}

/**
 * Gives every box its place, and draws the arrows.
 * @param {HTMLElement} root
 * @param {Pick<Flow, "boxes" | "arrows" | "wraps">} flow
 */
export function layOutFlow(root, flow) {
  const isStrip = flow.wraps || flow.boxes.every(({ row }) => row === 0)
  const isTurned = !isStrip && root.clientWidth < TURNED_BELOW_PX
  root.classList.toggle("strip", isStrip)
  root.classList.toggle("turned", isTurned)
  root.style.gridTemplateColumns = isStrip || isTurned ? "" : gridColumns(flow.boxes)
  for (const { key, row, column, rows } of flow.boxes) {
    const area = [`${row + 1} / span ${rows}`, `${column + 1} / span 1`]
    const box = boxIn(root, key)
    if (box) [box.style.gridRow, box.style.gridColumn] = isTurned ? area.reverse() : area
  }
  drawArrows(root, flow)
}

/**
 * Columns of equal width, but narrower where all boxes are tall: their lines may wrap.
 * @param {Pick<FlowBox, "column" | "rows">[]} boxes
 */
export function gridColumns(boxes) {
  const count = Math.max(...boxes.map(({ column }) => column + 1))
  const isTall = (/** @type {number} */ at) => boxes.every(({ column, rows }) => column !== at || rows > 1)
  return Array.from({ length: count }, (_, at) => `minmax(0, ${isTall(at) ? 1 : 1.7}fr)`).join(" ")
}

/** @param {HTMLElement} root */
function focusedBox(root) {
  return /** @type {ShadowRoot | Document} */ (root.getRootNode()).activeElement
}

/** @param {HTMLElement} root */
function focusedKey(root) {
  const element = focusedBox(root)
  return element instanceof HTMLElement && root.contains(element) ? element.dataset.box : undefined
}

/** @param {FlowBox} box */
function flowBox({ key, title, facts, exact, rows, branch, clickable, state }) {
  const kind = (/** @type {string} */ fact) => (fact.includes(" × ") ? "flow-fact sizes" : "flow-fact")
  const lines = facts.map((fact) => h("span", { class: kind(fact) }, fact))
  const attributes = {
    class: rows > 1 ? "flow-box" : "flow-box wide",
    "data-box": key,
    "data-state": state,
    "data-branch": branch || null,
    title: exact || null,
  }
  const content = [h("span", { class: "flow-title" }, title), ...lines]
  const current = state === "current" ? "step" : "false"
  const element = clickable
    ? h("button", { type: "button", "aria-current": current, ...attributes }, ...content)
    : h("div", attributes, ...content)
  if (branch) element.style.setProperty("--branch", branchColour(branch))
  return element
}

/**
 * @param {HTMLElement} root
 * @param {string} key
 * @returns {HTMLElement | null}
 */
function boxIn(root, key) {
  return root.querySelector(`[data-box="${CSS.escape(key)}"]`)
}

/**
 * Draws the arrows between the boxes as they lie now.
 * @param {HTMLElement} root
 * @param {Pick<Flow, "arrows">} flow
 */
function drawArrows(root, { arrows }) {
  const svg = root.querySelector("svg")
  const isStrip = root.classList.contains("strip") // what goes on in the next line has no arrow
  if (!svg) return
  svg.setAttribute("class", "flow-arrows")
  svg.setAttribute("aria-hidden", "true")
  const drawn = arrows.flatMap(([from, to]) => {
    const [start, end] = [edgesOf(boxIn(root, from)), edgesOf(boxIn(root, to))]
    const line = start && end && arrowBetween(start, end)
    const isDown = line && line[0] === line[2]
    return line && !(isDown && isStrip) ? arrowOf(line) : []
  })
  svg.replaceChildren(...drawn)
}

/**
 * @param {HTMLElement | null} box
 * @returns {Edges | null}
 */
function edgesOf(box) {
  if (!box?.offsetWidth) return null
  const { offsetLeft: left, offsetTop: top } = box
  return { left, top, right: left + box.offsetWidth, bottom: top + box.offsetHeight }
}

/**
 * An arrow straight down or to the right between two boxes; none if neither leads from one to the
 * other, as in a strip that is continued in the next line.
 * @param {Edges} from
 * @param {Edges} to
 * @returns {[x: number, y: number, toX: number, toY: number] | null}
 */
export function arrowBetween(from, to) {
  const [left, right] = [Math.max(from.left, to.left), Math.min(from.right, to.right)]
  const [top, bottom] = [Math.max(from.top, to.top), Math.min(from.bottom, to.bottom)]
  if (left < right && from.bottom <= to.top) return [(left + right) / 2, from.bottom, (left + right) / 2, to.top]
  if (top < bottom && from.right <= to.left) return [from.right, (top + bottom) / 2, to.left, (top + bottom) / 2]
  return null
}

/** @param {[x: number, y: number, toX: number, toY: number]} line */
function arrowOf([x, y, toX, toY]) {
  const [dx, dy] = toX > x ? [1, 0] : [0, 1]
  const [baseX, baseY] = [toX - (HEAD + 1) * dx, toY - (HEAD + 1) * dy]
  const head = `M${toX} ${toY}L${baseX + HEAD * dy * 0.8} ${baseY + HEAD * dx * 0.8}L${baseX - HEAD * dy * 0.8} ${baseY - HEAD * dx * 0.8}Z`
  return [svgPath(`M${x} ${y}L${baseX} ${baseY}`, "line"), svgPath(head, "head")]
}

/**
 * @param {string} d
 * @param {string} name
 */
function svgPath(d, name) {
  const path = document.createElementNS(SVG, "path")
  path.setAttribute("d", d)
  path.setAttribute("class", name)
  return path
}
