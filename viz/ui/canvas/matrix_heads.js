// The heads of a matrix: a kernel or a name above each column, a name before each row, and their marks.

import { drawMark, MARK, stands } from "../javascript/marks.js"
import { contextOf, frame, penOnBlank, size } from "../javascript/pen.js"
import { forType } from "../javascript/type.js"
import { drawHead, haveHeads, MAX_HEAD, MIN_HEAD } from "./heads.js"

/** @import {Mark} from "../javascript/marks.js" */
/** @import {Style} from "../javascript/pen.js" */
/** @import {Pointed} from "./links.js" */
/** @import {Drawn, Header} from "./state.js" */

const LINE_HEIGHT = 20 // CSS px of a line
const MAX_ROW_NAME = 60 // longer names of rows are narrowed
const HEAD_GAP = 4 // between heads and cells

/**
 * The names and marks of the rows: those of the maps, unless these are several times the rows.
 * @param {Header} header
 */
function rowsOf({ names, marks, row_names: rowNames = names, row_marks: rowMarks = marks }) {
  return { names: rowNames, marks: rowMarks }
}

/**
 * CSS px before the rows.
 * @param {Drawn} s
 */
export function roomForRows(s) {
  const { names, marks } = rowsOf(s.header)
  const widths = names.map((name, row) => widthOf(s.el.matrixRows, name, marks[row], s.style))
  return Math.min(MAX_ROW_NAME, Math.max(...widths)) + HEAD_GAP
}

/** @param {Drawn} s */
export function drawHeads(s) {
  const { matrixBox, matrixHeads, matrixRows } = s.el
  const [, rows, columns] = s.header.blocks.matrix?.shape ?? [0, 0, 0]
  const high = headHeight(s)
  const wide = s.matrixSide >= MIN_HEAD ? roomForRows(s) : 0
  matrixHeads.hidden = !high
  matrixRows.hidden = !wide
  matrixBox.style.gridTemplateColumns = `${wide}px auto`
  if (high) drawColumns(s, columns, high)
  if (wide) drawRows(s, rows, wide)
}

/**
 * CSS px above the columns; 0 if neither kernels nor names have room.
 * @param {Drawn} s
 */
function headHeight(s) {
  const { header, matrixSide: side } = s
  if (side < MIN_HEAD) return 0
  if (haveHeads(header)) return Math.min(MAX_HEAD, side - 1) + HEAD_GAP
  const widest = header.input_names.map((name, i) => widthOf(s.el.matrixHeads, name, header.input_marks[i], s.style))
  return Math.max(...widest) <= side ? LINE_HEIGHT : 0
}

/**
 * @param {Drawn} s
 * @param {number} columns
 * @param {number} high
 */
function drawColumns(s, columns, high) {
  const { header, matrixSide: side } = s
  const { kernels } = header.blocks
  size(s.el.matrixHeads, side * columns, high)
  const context = penOnBlank(s.el.matrixHeads)
  for (let column = 0; column < columns; column++) {
    if (kernels && haveHeads(header)) {
      const own = high - HEAD_GAP
      const place = { x: column * side + (side - 1 - own) / 2, y: 0, side: own, style: s.style }
      drawHead(context, kernels, header.input_feeds[column], place)
    } else writeName(context, header.input_names[column], header.input_marks[column], s.style, (column + 0.5) * side)
  }
}

/**
 * @param {Drawn} s
 * @param {number} rows
 * @param {number} wide
 */
function drawRows(s, rows, wide) {
  const { matrixSide: side } = s
  const { names, marks } = rowsOf(s.header)
  size(s.el.matrixRows, wide, side * rows)
  const context = penOnBlank(s.el.matrixRows)
  for (let row = 0; row < rows; row++) {
    context.save()
    context.translate(0, (row + 0.5) * side - LINE_HEIGHT / 2)
    writeName(context, names[row], marks[row], s.style, (wide - HEAD_GAP) / 2, wide - HEAD_GAP)
    context.restore()
  }
}

/**
 * A name in the middle of a line, with what it stands for before it.
 * @param {CanvasRenderingContext2D} context
 * @param {string} name
 * @param {Mark | undefined} mark
 * @param {Style} style
 * @param {number} x of the middle
 * @param {number} [most] CSS px
 */
function writeName(context, name, mark, style, x, most = Number.POSITIVE_INFINITY) {
  const indent = stands(mark) ? MARK : 0
  context.font = `${forType(14)}px ${style.font}`
  context.textAlign = "left"
  context.textBaseline = "middle"
  context.fillStyle = style.text
  const wide = Math.min(most, indent + context.measureText(name).width)
  if (stands(mark)) drawMark(context, x - wide / 2 + 7, LINE_HEIGHT / 2, mark, style.text)
  context.fillText(name, x - wide / 2 + indent, LINE_HEIGHT / 2, Math.max(1, wide - indent))
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {string} name
 * @param {Mark | undefined} mark
 * @param {Style} style
 */
function widthOf(canvas, name, mark, style) {
  const context = contextOf(canvas)
  context.font = `${forType(14)}px ${style.font}`
  return context.measureText(name).width + (stands(mark) ? MARK : 0)
}

/**
 * Frames rows and columns with their heads.
 * @param {Drawn} s
 * @param {number[]} rows
 * @param {number[]} columns
 */
export function markCells(s, rows, columns) {
  const block = s.header.blocks.matrix
  if (!block) return
  const { matrixCanvas, matrixMarks, matrixBox } = s.el
  size(matrixMarks, matrixBox.clientWidth, matrixBox.clientHeight)
  const context = penOnBlank(matrixMarks)
  const { offsetLeft: left, offsetTop: top } = matrixCanvas
  const [, down, across] = block.shape
  const side = s.matrixSide
  const some = (/** @type {number[]} */ all, /** @type {number} */ count) => (all.length < count ? all : [])
  for (const row of some(rows, down)) frame(context, 1.5, top + row * side, left + across * side - 3, 2, true, side - 1)
  for (const column of some(columns, across)) {
    frame(context, left + column * side, 1.5, side - 1, 2, true, top + down * side - 3)
  }
  matrixMarks.dataset.rows = rows.join(" ")
  matrixMarks.dataset.columns = columns.join(" ")
}

/**
 * @param {Drawn} s
 * @param {number} x
 * @param {number} y
 * @returns {Pointed | null}
 */
export function cellAt(s, x, y) {
  const { index: output } = outputAt(s, x, y) ?? {}
  const input = inputAt(s, x, y)
  return output === undefined || !input ? null : { ...input, output }
}

/**
 * @param {Drawn} s
 * @param {number} x
 * @param {number} _
 * @returns {Pointed | null}
 */
export function inputAt(s, x, _) {
  const index = Math.floor(x / s.matrixSide)
  return index >= 0 && index < (s.header.blocks.matrix?.shape[2] ?? 0) ? { part: "input", index } : null
}

/**
 * @param {Drawn} s
 * @param {number} _
 * @param {number} y
 * @returns {Pointed | null}
 */
export function outputAt(s, _, y) {
  const index = Math.floor(y / s.matrixSide)
  return index >= 0 && index < (s.header.blocks.matrix?.shape[1] ?? 0) ? { part: "output", index } : null
}
