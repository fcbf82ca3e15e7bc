// Draws the window, lit in every channel, and the pixels that no window reaches.

import { FIELD_COLOUR, readableOn } from "../javascript/colours.js"
import { drawCell, inner, mark, NUMBERED, stroke, writeNumber } from "./cells.js"
import { cornerOf, onTop } from "./plan.js"
import { isInside, kernelSide } from "./reading.js"

/** @import {Pen} from "./cells.js" */
/** @import {Position} from "./reading.js" */
/** @import {View} from "./sheets.js" */

const SHADE = `${FIELD_COLOUR}47` // the accent, translucent
const CROWDED = 20 // a window narrower than this is joined only by its outline

/**
 * Draws the numbers that are read, lit in every channel and joined across channels.
 * @param {Pen} context
 * @param {View} view
 */
export function drawWindow(context, view) {
  const stack = view.plan.inputs
  const [{ row: top, column: left }] = view.places
  const side = kernelSide(view.reading) * stack.cell
  const sheets = onTop(stack.count, 0)
  const corners = sheets.map((n) => cornerOf(stack, n, top, left))
  corners.slice(1).forEach((corner, n) => {
    join(context, corners[n], corner, side)
  })
  sheets.forEach((n, order) => {
    context.fillStyle = view.ink.background // also between its cells
    context.fillRect(...corners[order], side, side)
    for (const place of view.places) drawRead(context, view, n, place)
    if (view.reading.operation === "max" && view.places.length > 1) circleLargest(context, view, n)
    mark(context, ...corners[order], inner(side), true)
  })
}

/**
 * @param {Pen} context
 * @param {View} view
 * @param {number} n
 * @param {Position} place
 */
function drawRead(context, { plan, ink, inputs, tints, written }, n, place) {
  const stack = plan.inputs
  const { row, column } = place
  const [x, y] = cornerOf(stack, n, row, column)
  if (isInside(place, [stack.rows, stack.columns])) {
    drawCell(context, ink, stack.cell, x, y, tints[n][row][column], written, inputs[n][row][column])
    return
  }
  context.fillStyle = SHADE
  context.fillRect(x, y, stack.cell - 1, stack.cell - 1)
  if (stack.cell >= NUMBERED) writeNumber(context, ink, ink.text, written, 0, x, y, stack.cell)
}

/**
 * Circles the number that a max keeps; equal ones alike.
 * @param {Pen} context
 * @param {View} view
 * @param {number} n
 */
function circleLargest(context, { plan, inputs, tints, places, reading, at: [row, column], output }, n) {
  const { cell } = plan.inputs
  const largest = reading.outputs[output][row][column]
  for (const place of places) {
    if (inputs[n][place.row][place.column] !== largest) continue
    const [x, y] = cornerOf(plan.inputs, n, place.row, place.column)
    context.strokeStyle = readableOn(tints[n][place.row][place.column])
    context.lineWidth = 2
    context.beginPath()
    context.arc(x + inner(cell) / 2, y + inner(cell) / 2, 0.4 * cell, 0, 2 * Math.PI)
    context.stroke()
  }
}

/**
 * Joins a window to the next one in front by a shade and dashed lines between their corners.
 * @param {Pen} context
 * @param {[x: number, y: number]} from
 * @param {[x: number, y: number]} to
 * @param {number} side
 */
function join(context, [x, y], [toX, toY], side) {
  const corners = [
    [0, 0],
    [side, side],
    [side, 0],
    [0, side],
  ]
  context.fillStyle = SHADE
  context.beginPath()
  context.lineTo(x, y)
  context.lineTo(toX, toY)
  context.lineTo(toX + side, toY + side)
  context.lineTo(x + side, y + side)
  context.fill()
  context.setLineDash([5, 4])
  const joined = side < CROWDED ? corners.slice(0, 2) : corners
  dashed(context, "rgb(0 0 0 / 35%)", 3, joined, [x, y], [toX, toY])
  dashed(context, FIELD_COLOUR, 2, joined, [x, y], [toX, toY])
  context.setLineDash([])
}

/**
 * @param {Pen} context
 * @param {string} colour
 * @param {number} line
 * @param {number[][]} corners
 * @param {[x: number, y: number]} from
 * @param {[x: number, y: number]} to
 */
function dashed(context, colour, line, corners, [x, y], [toX, toY]) {
  context.strokeStyle = colour
  context.lineWidth = line
  context.beginPath()
  for (const [right, down] of corners) {
    context.moveTo(x + right, y + down)
    context.lineTo(toX + right, toY + down)
  }
  context.stroke()
}

/**
 * Draws brackets at the rows and columns that a stride leaves over after its last window.
 * @param {Pen} context
 * @param {View} view
 */
export function drawLeftOver(context, { plan, leftOver: [row, column], ink }) {
  const stack = plan.inputs
  const [left, top] = cornerOf(stack, 0)
  const [right, bottom] = [left + stack.columns * stack.cell, top + stack.rows * stack.cell]
  const [x, y] = cornerOf(stack, 0, row, column)
  context.strokeStyle = ink.text
  context.lineWidth = 2
  if (row < stack.rows) {
    stroke(context, [
      [left - 4, y + 1],
      [left - 9, y + 1],
      [left - 9, bottom - 2],
      [left - 4, bottom - 2],
    ])
  }
  if (column < stack.columns) {
    stroke(context, [
      [x + 1, bottom + 4],
      [x + 1, bottom + 9],
      [right - 2, bottom + 9],
      [right - 2, bottom + 4],
    ])
  }
}
