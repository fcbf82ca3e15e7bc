// A click on the photo or on a map that answers a question, instead of pinning a unit.

import { hear, tell } from "../javascript/between.js"
import { h, place } from "../javascript/elements.js"
import { shapeOf } from "./units.js"

/** @import {Place} from "../javascript/buffer.js" */
/** @import {Drawn, State} from "./state.js" */

/** @typedef {[row: number, column: number]} Cell */

/** @type {Record<string, Cell>} */
const CELL_MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

/** Whether a question stands above the canvas, which then leaves out what would answer it. */
export function isAsked() {
  return "question" in document.documentElement.dataset
}

/**
 * Listens to questions whose answer is a place; returns a function that stops it.
 * @param {State} s
 */
export function listenToChoosing(s) {
  return hear("choose", (choosing) => {
    const same = JSON.stringify(choosing) === JSON.stringify(s.choosing)
    s.choosing = choosing
    if (!same) drawChoosing(s)
  })
}

/**
 * The layer over the photo with the cells of the grid; its own pointer is a cell.
 * @param {State} s
 */
export function buildChoosing(s) {
  const layer = h("div", { class: "choosing", hidden: true, role: "application" })
  layer.onpointermove = (event) => markPointed(s, squareAt(layer, gridOf(s), event))
  layer.onpointerleave = () => markPointed(s, null)
  layer.onclick = (event) => answerWith(s, squareAt(layer, gridOf(s), event))
  layer.onkeydown = (event) => {
    const move = CELL_MOVES[event.key]
    if (!move && event.key !== "Enter" && event.key !== " ") return
    event.preventDefault()
    event.stopPropagation()
    const from = s.pointedCell ?? middleCell(gridOf(s))
    if (move) markPointed(s, movedCell(s.pointedCell, move, gridOf(s)))
    else answerWith(s, from)
  }
  return layer
}

/** @param {State} s */
export function drawChoosing(s) {
  const { choosing, el, t } = s
  const layer = el.photoChoosing
  layer.hidden = choosing?.on !== "photo"
  el.lab.classList.toggle("asks-photo", !layer.hidden) // which a phone then shows first
  el.mapsBox.classList.toggle("asked", choosing?.on === "maps" && choosing.open)
  if (choosing?.on !== "photo") return
  const { offsetLeft: left, offsetTop: top, clientWidth: wide, clientHeight: tall } = el.fieldCanvas
  Object.assign(layer.style, { left: `${left}px`, top: `${top}px`, width: `${wide}px`, height: `${tall}px` })
  layer.classList.toggle("asked", choosing.open)
  layer.tabIndex = choosing.open ? 0 : -1
  layer.setAttribute("aria-label", t("The photo: arrows move over its squares, Enter answers"))
  const marks = [...choosing.right.map((cell) => cellMark(s, cell, "true")), ...saidMark(s)]
  const pointed = choosing.open && s.pointedCell ? [cellMark(s, s.pointedCell, "at")] : []
  place(layer, JSON.stringify([choosing, s.pointedCell]), () => [...marks, ...pointed])
}

/** @param {State} s */
function saidMark(s) {
  const { choosing } = s
  return choosing?.said ? [cellMark(s, choosing.said, "own")] : []
}

/**
 * @param {State} s
 * @param {Cell} cell
 * @param {"true" | "own" | "at"} kind
 */
function cellMark(s, [row, column], kind) {
  const [rows, columns] = gridOf(s)
  const at = { left: column / columns, top: row / rows, width: 1 / columns, height: 1 / rows }
  const style = Object.entries(at).map(([name, share]) => `${name}: ${100 * share}%`)
  return h("i", { class: kind, style: style.join("; ") }, { true: "✓", own: s.t("you"), at: "" }[kind])
}

/**
 * @param {State} s
 * @param {Cell | null} cell
 */
function markPointed(s, cell) {
  s.pointedCell = cell
  drawChoosing(s)
}

/**
 * @param {State} s
 * @param {Cell} cell
 */
function answerWith(s, [row, column]) {
  if (!s.choosing?.open) return
  s.pointedCell = null
  tell("chosen", { on: "photo", row, column, map: -1 })
}

/**
 * Takes a unit of a map as the answer; whether one was wanted.
 * @param {Drawn} s
 * @param {Place} unit
 */
export function chooseUnit(s, { map, row, column }) {
  const { choosing } = s
  if (choosing?.on !== "maps" || !choosing.open) return false
  const [rows, columns] = shapeOf(s.header, map)
  const cell = cellOf(choosing.grid, (row + 0.5) / rows, (column + 0.5) / columns)
  tell("chosen", { on: "maps", row: cell[0], column: cell[1], map })
  return true
}

/** @param {State} s */
function gridOf({ choosing }) {
  return choosing?.grid ?? /** @type {Cell} */ ([1, 1])
}

/**
 * @param {HTMLElement} layer
 * @param {Cell} grid
 * @param {MouseEvent} event
 */
function squareAt(layer, grid, { clientX, clientY }) {
  const { left, top, width, height } = layer.getBoundingClientRect()
  return cellOf(grid, (clientY - top) / height, (clientX - left) / width)
}

/**
 * The cell of a grid at a place, given in fractions of height and width.
 * @param {Cell} grid
 * @param {number} down
 * @param {number} along
 * @returns {Cell}
 */
export function cellOf([rows, columns], down, along) {
  const within = (/** @type {number} */ share, /** @type {number} */ count) =>
    Math.max(0, Math.min(count - 1, Math.floor(share * count)))
  return [within(down, rows), within(along, columns)]
}

/**
 * @param {Cell} grid
 * @returns {Cell}
 */
function middleCell([rows, columns]) {
  return [Math.floor(rows / 2), Math.floor(columns / 2)]
}

/**
 * The cell that an arrow goes to; the first arrow only shows where the pointer is.
 * @param {Cell | null} from
 * @param {Cell} by
 * @param {Cell} grid
 * @returns {Cell}
 */
export function movedCell(from, [down, along], grid) {
  if (from === null) return middleCell(grid)
  const [rows, columns] = grid
  const within = (/** @type {number} */ at, /** @type {number} */ count) => Math.max(0, Math.min(count - 1, at))
  return [within(from[0] + down, rows), within(from[1] + along, columns)]
}
