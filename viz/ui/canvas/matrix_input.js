// Input on the matrix: a click chooses a weight and its slider, which the maps follow.

import { h } from "../javascript/elements.js"
import { choose, commit, set } from "./actions.js"
import { drawMatrix } from "./matrix.js"
import { isDrawn } from "./state.js"
import { edited, editsField, MAX_WEIGHT } from "./weights_by_hand.js"

/** @import {State} from "./state.js" */

const SLIDER_REACH = 2

/** @type {Record<string, [down: number, along: number]>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

/** @param {State} s */
export function buildMatrix(s) {
  const { el, t } = s
  el.matrixCanvas = h("canvas", { role: "img", tabindex: "0", class: "matrix" })
  el.matrixHeads = h("canvas", { class: "heads", "aria-hidden": "true" })
  el.matrixRows = h("canvas", { class: "rows", "aria-hidden": "true" })
  el.matrixMarks = h("canvas", { class: "marks", "aria-hidden": "true" })
  el.matrixBox = h("div", { class: "matrix-box" }, el.matrixHeads, el.matrixRows, el.matrixCanvas, el.matrixMarks)
  el.matrixBar = h("div", { class: "bar" })
  el.cellHint = h("p", { class: "note" }, t("Click a cell to set that weight by hand."))
  el.editsNote = h("p", { class: "note", hidden: true })
  el.editsReset = h("button", { type: "button", class: "small", hidden: true }, t("Reset all weights"))
  el.editsReset.onclick = () => choose(s, { [editsField(s)]: "" })
  listenToCells(s)
  el.matrix = h(
    "div",
    { hidden: true },
    h("h3", {}, t("Mixing matrix")),
    el.matrixBox,
    el.matrixBar,
    el.cellHint,
    buildCell(s),
    el.editsNote,
    el.editsReset,
  )
  return el.matrix
}

/** @param {State} s */
function buildCell(s) {
  const { el, t } = s
  const [min, max] = [-MAX_WEIGHT, MAX_WEIGHT]
  el.cellName = h("label", { for: "cell" })
  el.cellSlider = h("input", { id: "cell", type: "range", min: -SLIDER_REACH, max: SLIDER_REACH, step: 0.05 })
  el.cellNumber = h("input", { type: "number", step: 0.001, min, max, "aria-label": t("Weight") })
  el.cellReset = h("button", { type: "button", class: "small" }, t("Reset this weight"))
  listenToWeight(s)
  const pair = h("div", { class: "pair" }, el.cellNumber, el.cellReset)
  el.cell = h("div", { class: "cell", hidden: true }, el.cellName, el.cellSlider, pair)
  return el.cell
}

/** @param {State} s */
function listenToWeight(s) {
  const { cellSlider, cellNumber, cellReset } = s.el
  cellSlider.oninput = () => {
    s.dragging = "cell"
    cellNumber.value = cellSlider.value
    edit(s, Number(cellSlider.value))
  }
  cellSlider.onchange = () => {
    s.dragging = null
    commit(s)
  }
  cellNumber.onchange = () => {
    edit(s, cellNumber.valueAsNumber)
    commit(s)
  }
  cellReset.onclick = () => {
    edit(s, null)
    commit(s)
  }
}

/**
 * @param {State} s
 * @param {number | null} value
 */
function edit(s, value) {
  const field = editsField(s)
  if (s.cell) set(s, { [field]: edited(s.values[field], s.cell, value) })
}

/** @param {State} s */
function listenToCells(s) {
  const canvas = s.el.matrixCanvas
  canvas.onclick = (event) =>
    chooseCell(s, Math.floor(event.offsetY / s.matrixSide), Math.floor(event.offsetX / s.matrixSide))
  canvas.onkeydown = (event) => {
    const move = MOVES[event.key]
    if (!move) return
    event.preventDefault()
    const [row, column] = s.cell ?? [0, 0]
    chooseCell(s, row + move[0], column + move[1])
  }
}

/**
 * @param {State} s
 * @param {number} row
 * @param {number} column
 */
function chooseCell(s, row, column) {
  if (!isDrawn(s) || !s.header.blocks.matrix) return
  const [, rows, columns] = s.header.blocks.matrix.shape
  s.cell = [Math.max(0, Math.min(rows - 1, row)), Math.max(0, Math.min(columns - 1, column))]
  drawMatrix(s)
}
