// Draws the sheets: the inputs, the window, and the outputs so far.

import { penOnBlank, size } from "../javascript/pen.js"
import { forType } from "../javascript/type.js"
import { drawCell, faint, hatch, hollow, inner, mark, stroke, write } from "./cells.js"
import { ASIDE, cornerOf, LABEL, MAX_LABEL, onTop } from "./plan.js"
import { drawLeftOver, drawWindow } from "./window.js"

/** @import {Ink, Pen, Written} from "./cells.js" */
/** @import {Plan, Sheets} from "./plan.js" */
/** @import {Cell, Plane, Position, Reading} from "./reading.js" */
/** @import {Tints} from "./state.js" */

/**
 * The view of one reading at one step.
 * @typedef {object} View
 * @property {Plan} plan
 * @property {Sheets} stack  the outputs
 * @property {number} width
 * @property {Ink} ink
 * @property {Reading} reading
 * @property {boolean[][]} read
 * @property {Cell} leftOver
 * @property {Cell} at
 * @property {number} output
 * @property {number} count  numbers that are read
 * @property {Position[]} places
 * @property {Plane[]} inputs
 * @property {Tints} tints
 * @property {Tints} outputTints
 * @property {Written} written  the inputs
 * @property {Written} outputWritten
 * @property {string[]} channels
 * @property {string[]} outputNames
 */

/**
 * Draws one reading at one step.
 * @param {HTMLCanvasElement} canvas
 * @param {View} view
 */
export function drawReading(canvas, view) {
  size(canvas, view.width, view.plan.tall)
  const context = penOnBlank(canvas)
  drawInputs(context, view)
  drawWindow(context, view)
  drawLeftOver(context, view)
  drawNames(context, view)
  drawArrow(context, view)
  drawOutputs(context, view)
}

/**
 * @param {Pen} context
 * @param {View} view
 */
function drawInputs(context, { plan, ink, read, inputs, tints, written }) {
  const stack = plan.inputs
  for (const n of onTop(stack.count, 0)) {
    drawSheet(context, ink, stack, n, (row, column, x, y) => {
      const number = n === 0 ? inputs[n][row][column] : null // only the front sheet is fully visible
      if (!read[row][column]) hatch(context, ink, x, y, stack.cell)
      else drawCell(context, ink, stack.cell, x, y, tints[n][row][column], written, number)
    })
  }
}

/**
 * Draws the names after the window, so that it covers none. If the kernel reaches a sheet's padding,
 * the name is further out, with a line to the sheet.
 * @param {Pen} context
 * @param {View} view
 */
function drawNames(context, { plan, stack, ink, channels, reading }) {
  const { inputs, cell } = plan
  const border = reading.padding * cell
  const outputsEnd = stack.y + stack.rows * stack.cell
  for (let n = 0; n < inputs.count; n++) {
    const [x, y] = labelOf(inputs, n, border)
    const isFree = plan.upright || y - forType(LABEL) > outputsEnd
    const room = isFree ? forType(MAX_LABEL) : Math.min(forType(MAX_LABEL), stack.x - 4 - x)
    if (border) leader(context, ink, cornerOf(inputs, n, inputs.rows, inputs.columns), [x, y])
    write(context, ink, channels[n] ?? "", x, y, room)
  }
}

/**
 * @param {Pen} context
 * @param {Ink} ink
 * @param {[x: number, y: number]} from
 * @param {[x: number, y: number]} to
 */
function leader(context, ink, [fromX, fromY], [toX, toY]) {
  context.strokeStyle = faint(ink, 0.55)
  context.lineWidth = 1
  stroke(context, [
    [fromX + 2, fromY + 2],
    [toX - 3, toY - 4],
  ])
}

/**
 * Draws a sheet over those behind it; `cell` draws its cells.
 * @param {Pen} context
 * @param {Ink} ink
 * @param {Sheets} stack
 * @param {number} n
 * @param {(row: number, column: number, x: number, y: number) => void} cell
 */
function drawSheet(context, ink, stack, n, cell) {
  const [left, top] = cornerOf(stack, n)
  const [wide, tall] = [stack.columns * stack.cell, stack.rows * stack.cell]
  context.fillStyle = ink.background
  context.fillRect(left - 2, top - 2, wide + 4, tall + 4)
  for (let row = 0; row < stack.rows; row++) {
    for (let column = 0; column < stack.columns; column++) cell(row, column, ...cornerOf(stack, n, row, column))
  }
  context.strokeStyle = faint(ink, 0.55)
  context.lineWidth = 1
  context.strokeRect(left - 0.5, top - 0.5, wide, tall)
}

/**
 * The position of a name: at the lower right corner of its sheet, below the next sheet, and beyond
 * the padding that a kernel may reach.
 * @param {Sheets} stack
 * @param {number} n
 * @param {number} [border]
 * @returns {[x: number, y: number]}
 */
function labelOf(stack, n, border = 0) {
  const [right, bottom] = cornerOf(stack, n, stack.rows, stack.columns)
  return [right + border + ASIDE, bottom + border - 1]
}

/**
 * Draws the arrow from the numbers that are read to the output, with their count above or beside it.
 * @param {Pen} context
 * @param {View} view
 */
function drawArrow(context, { plan, ink, count }) {
  const { arrow, across, middle, upright } = plan
  const [from, to] = [arrow + 0.18 * across, arrow + 0.82 * across]
  const turned = (/** @type {[number, number][]} */ line) =>
    upright ? line.map(([x, y]) => /** @type {[number, number]} */ ([y, x])) : line
  context.strokeStyle = context.fillStyle = ink.text
  context.lineWidth = 2
  const shaft = turned([
    [from, middle],
    [to, middle],
  ])
  const tip = turned([
    [to - 8, middle - 6],
    [to, middle],
    [to - 8, middle + 6],
  ])
  for (const line of [shaft, tip]) stroke(context, line)
  context.font = `650 ${forType(17)}px ${ink.font}`
  context.textAlign = upright ? "left" : "center"
  context.textBaseline = upright ? "middle" : "alphabetic"
  const [x, y] = upright ? [middle + 14, (from + to) / 2] : [(from + to) / 2, middle - 12]
  context.fillText(`${count} → 1`, x, y)
}

/**
 * @param {Pen} context
 * @param {View} view
 */
function drawOutputs(context, { stack, ink, at, output, reading, outputTints, outputWritten, outputNames }) {
  const last = at[0] * stack.columns + at[1]
  for (const n of onTop(stack.count, output)) {
    const chosen = n === output
    drawSheet(context, ink, stack, n, (row, column, x, y) => {
      const filled = row * stack.columns + column <= last
      const number = chosen ? reading.outputs[n][row][column] : null
      if (filled) drawCell(context, ink, stack.cell, x, y, outputTints[n][row][column], outputWritten, number)
      else hollow(context, ink, x, y, stack.cell)
    })
    write(context, ink, outputNames[n] ?? "", ...labelOf(stack, n), forType(MAX_LABEL), chosen && stack.count > 1)
    mark(context, ...cornerOf(stack, n, ...at), inner(stack.cell), chosen)
  }
}
