// The mixing matrix as cells, and the chosen weight.

import { valueAt } from "../javascript/buffer.js"
import { colourBar } from "../javascript/colour_bar.js"
import { colours, cssColour, themed } from "../javascript/colours.js"
import { place } from "../javascript/elements.js"
import { short } from "../javascript/numbers.js"
import { frame, penOn, size, writeWeights } from "../javascript/pen.js"
import { around } from "../javascript/ranges.js"
import { drawHeads, roomForRows } from "./matrix_heads.js"
import { matrixRoom } from "./needs.js"
import { editOf, edits, editsField } from "./weights_by_hand.js"

/** @import {Block} from "../javascript/buffer.js" */
/** @import {Range} from "../javascript/ranges.js" */
/** @import {Drawn} from "./state.js" */

const ROOM_FOR_WEIGHT = 40 // CSS px of a cell
const MIN_CELL = 3
const MAX_CELL = 34
const MAX_CELL_OF_FEW = 64
const FEW = 4 // rows or columns

/** @param {Drawn} s */
export function drawMatrix(s) {
  const block = s.header.blocks.matrix
  s.el.matrix.hidden = !block
  if (!block) return
  const range = around(Math.max(1e-9, -block.low[0], block.high[0]))
  s.matrixSide = cellSide(s, block)
  drawCells(s, block, range)
  drawHeads(s)
  const scale = themed("weight", s.style)
  place(s.el.matrixBar, `${scale} ${range.high}`, () => colourBar(scale, range, "", s.t))
  describe(s, block)
  showEdits(s)
  showCell(s, block)
}

/**
 * @param {Drawn} s
 * @param {Block} block
 */
function cellSide(s, { shape: [, rows, columns] }) {
  const width = s.room.filters.width - roomForRows(s)
  const tall = matrixRoom(s, rows)
  const most = Math.max(rows, columns) <= FEW ? MAX_CELL_OF_FEW : MAX_CELL
  return Math.max(MIN_CELL, Math.min(most, width / columns, tall / rows))
}

/**
 * @param {Drawn} s
 * @param {Block} block
 * @param {Range} range
 */
function drawCells(s, block, range) {
  const { cell, matrixSide: side, style } = s
  const [, rows, columns] = block.shape
  size(s.el.matrixCanvas, side * columns, side * rows)
  const context = penOn(s.el.matrixCanvas)
  const table = colours(block, 0, range, themed("weight", style))
  const painted = side - (side > 8 ? 1 : 0)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      context.fillStyle = cssColour(table[block.pixels[row * columns + column]])
      context.fillRect(column * side, row * side, painted, painted)
    }
  }
  if (side >= ROOM_FOR_WEIGHT)
    writeWeights(context, block, {
      side,
      colours: table,
      font: style.font,
      x: 0,
      y: 0,
      map: 0,
      weights: s.header.weights,
    })
  if (cell) frame(context, cell[1] * side + 1, cell[0] * side + 1, side - 3, 2.5, true)
}

/**
 * @param {Drawn} s
 * @param {Block} block
 */
function describe(s, { shape: [, rows, columns], low, high }) {
  const ends = { low: short(low[0]), high: short(high[0]) }
  s.el.matrixCanvas.setAttribute(
    "aria-label",
    s.t("Mixing matrix, {rows} rows (outputs) by {columns} columns (inputs), from {low} to {high}", {
      rows,
      columns,
      ...ends,
    }),
  )
}

/** @param {Drawn} s */
function showEdits(s) {
  const { el, mostCells: most } = s
  const n = edits(s.values[editsField(s)]).length
  el.editsReset.hidden = n === 0
  el.editsNote.hidden = n <= most
  el.editsNote.textContent = s.t(
    "{n} weights are set by hand; the address holds {most}, the others stay in this tab.",
    { n, most },
  )
}

/**
 * @param {Drawn} s
 * @param {Block} block
 */
function showCell(s, block) {
  const { el, header } = s
  const [, rows, columns] = block.shape
  const byHand = editsField(s) !== ""
  if (s.cell && (!byHand || s.cell[0] >= rows || s.cell[1] >= columns)) s.cell = null
  el.cell.hidden = !s.cell
  el.cellHint.hidden = Boolean(s.cell) || !byHand
  if (!s.cell) return
  const [row, column] = s.cell
  const own = editOf(s.values[editsField(s)], s.cell)
  const value = own ?? header.weights?.[row * columns + column] ?? valueAt(block, 0, row, column)
  el.cellName.textContent = s.t("Weight from {input} to {output}", {
    input: header.input_names[column] ?? column + 1,
    output: (header.row_names ?? header.names)[row] ?? row + 1,
  })
  if (s.dragging !== "cell") {
    el.cellSlider.value = value.toFixed(2)
    el.cellNumber.value = value.toFixed(3)
  }
  el.cellReset.disabled = own === null
}
