// The rectangle that a visitor draws on a picture, in thousandths of it.

import { FIELD_COLOUR } from "../javascript/colours.js"
import { penOn } from "../javascript/pen.js"

/** @import {Panel, Region, State} from "./state.js" */

/** @type {Record<string, [down: number, along: number]>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
const STEP = 20

/**
 * @param {State} s
 * @param {Panel} panel
 * @param {() => void} redraw
 */
export function listenForRegion(s, panel, redraw) {
  const { overlay } = panel.stack
  panel.selects = true
  overlay.classList.add("selects")
  overlay.tabIndex = 0
  overlay.setAttribute("role", "application")
  overlay.setAttribute(
    "aria-label",
    s.t("Rectangle on the picture: drag one, or move it with the arrows; with Shift its lower right corner"),
  )
  listenToDrag(s, panel, redraw)
  overlay.onkeydown = (event) => {
    const move = MOVES[event.key]
    if (!move || !s.region) return
    event.preventDefault()
    s.region = moved(s.region, move, event.shiftKey)
    drawRegion(s, panel)
    s.choose(s.region)
  }
}

/**
 * @param {State} s
 * @param {Panel} panel
 * @param {() => void} redraw
 */
function listenToDrag(s, panel, redraw) {
  const { overlay } = panel.stack
  const follow = overlay.onpointermove
  let before = s.region
  overlay.onpointerdown = (event) => {
    overlay.setPointerCapture(event.pointerId)
    s.selecting = thousandths(panel, event)
    before = s.region
  }
  overlay.onpointermove = (event) => {
    if (!s.selecting) return follow?.call(overlay, event)
    const [row, column] = thousandths(panel, event)
    const [top, left] = s.selecting
    s.region = [Math.min(top, row), Math.min(left, column), Math.max(top, row), Math.max(left, column)]
    drawRegion(s, panel)
  }
  overlay.onpointerup = () => {
    const drawn = s.selecting && s.region !== before
    s.selecting = null
    if (drawn && s.region) s.choose(s.region)
  }
  overlay.onpointercancel = () => {
    s.selecting = null
    s.region = before
    redraw()
  }
}

/**
 * @param {Panel} panel
 * @param {PointerEvent} event
 * @returns {[row: number, column: number]}
 */
function thousandths({ stack }, event) {
  const [tile] = stack.tiles
  const share = (/** @type {number} */ at, /** @type {number} */ from, /** @type {number} */ length) =>
    Math.round(1000 * Math.min(1, Math.max(0, (at - from) / length)))
  return [share(event.offsetY, tile.y, tile.tall), share(event.offsetX, tile.x, tile.wide)]
}

/**
 * Moves a rectangle, or only its lower right corner, by a step within the picture.
 * @param {Region} region
 * @param {[down: number, along: number]} move
 * @param {boolean} corner
 * @returns {Region}
 */
export function moved([top, left, bottom, right], move, corner) {
  const [down, along] = [move[0] * STEP, move[1] * STEP]
  const within = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) =>
    Math.min(high, Math.max(low, value))
  if (corner) return [top, left, within(bottom + down, top + STEP, 1000), within(right + along, left + STEP, 1000)]
  const [y, x] = [within(down, -top, 1000 - bottom), within(along, -left, 1000 - right)]
  return [top + y, left + x, bottom + y, right + x]
}

/**
 * @param {State} s
 * @param {Panel} panel
 */
export function drawRegion(s, { stack: { overlay, tiles } }) {
  if (!s.region) return
  const [tile] = tiles
  const context = penOn(overlay)
  if (s.selecting) context.clearRect(0, 0, overlay.width, overlay.height)
  const [top, left, bottom, right] = s.region.map((value) => value / 1000)
  const [x, y] = [tile.x + left * tile.wide, tile.y + top * tile.tall]
  const [wide, tall] = [(right - left) * tile.wide, (bottom - top) * tile.tall]
  context.lineWidth = 5
  context.strokeStyle = "rgb(0 0 0 / 70%)"
  context.strokeRect(x, y, wide, tall)
  context.lineWidth = 3
  context.strokeStyle = FIELD_COLOUR
  context.strokeRect(x, y, wide, tall)
}
