// The layout: planes as stacked sheets, the input on the left or above, the output on the right or below.

import { pixelRatio } from "../javascript/pen.js"
import { forType } from "../javascript/type.js"
import { NUMBERED } from "./cells.js"
import { isInside } from "./reading.js"

const MAX_CELL = 52 // CSS px of a cell
const EASY = 22 // cells as wide as this can be distinguished from the last row
const SHARES = [1, 0.8, 0.6, 0.5] // of an input's cell, sizes of an output's: smaller ones leave the input room
export const LABEL = 20 // height of a name
export const MAX_LABEL = 70 // longer names are drawn narrower
export const ASIDE = 9 // from a sheet to its name, with a frame between them
const ARROW = 56 // room for it
const UPRIGHT = { arrow: 44, height: 1.5 } // height: relative to that of sheets side by side
const BRACKET = 12
const EDGE = 5 // a frame around the outermost cell
const SPREAD = { least: 7, usual: 0.5 } // shift of the next sheet to the right: in px, and relative to a cell

/**
 * @typedef {[count: number, rows: number, columns: number]} Shape
 *
 * @typedef {object} Shapes  the shapes to place
 * @property {Shape} inputs
 * @property {Shape[]} outputs  of each reading
 * @property {number} padding  of the widest
 * @property {boolean} leavesOver
 * @property {number} label  width of the longest name
 *
 * @typedef {object} Sheets  of one size, in CSS px; the first is in front
 * @property {number} count
 * @property {number} rows
 * @property {number} columns
 * @property {number} cell
 * @property {number} dx  shift of each sheet
 * @property {number} dy
 * @property {number} wide  of all together
 * @property {number} tall
 * @property {number} x  of the first one
 * @property {number} y
 *
 * @typedef {object} Plan
 * @property {number} cell
 * @property {number} border
 * @property {Sheets} inputs
 * @property {Sheets[]} outputs
 * @property {boolean} upright  whether the outputs are below the inputs
 * @property {number} across  the arrow
 * @property {number} tall
 * @property {number} left
 * @property {number} wide
 * @property {number} arrow  its start
 * @property {number} middle  of the arrow, across it
 *
 * @typedef {Omit<Plan, "arrow" | "middle">} Unplaced
 */

/**
 * Inputs beside outputs. Single sheets whose numbers would not be readable then are one above the other.
 * @param {Shapes} shapes
 * @param {number} width
 * @param {number} height
 * @returns {Plan}
 */
export function arranged(shapes, width, height) {
  const beside = easiest(shapes, width, height, false)
  const single = [shapes.inputs, ...shapes.outputs].every(([count]) => count === 1)
  if (!single || beside.cell >= NUMBERED) return placedBeside(beside)
  const above = easiest(shapes, width, UPRIGHT.height * height, true)
  return above.cell > beside.cell ? placedAbove(above) : placedBeside(beside)
}

/**
 * The plan with outputs as large as inputs, if that leaves the inputs large enough.
 * @param {Shapes} shapes
 * @param {number} width
 * @param {number} height
 * @param {boolean} upright
 */
function easiest(shapes, width, height, upright) {
  const plans = SHARES.map((share) => largestFitting(shapes, width, height, share, upright))
  const largest = plans.reduce((best, other) => (other.cell > best.cell ? other : best))
  return plans.find(({ cell }) => cell >= EASY) ?? largest
}

/**
 * @param {Unplaced} plan
 * @returns {Plan}
 */
function placedBeside(plan) {
  const middle = plan.tall / 2
  const arrow = plan.left + plan.inputs.wide + plan.border
  const placed = (/** @type {Sheets} */ sheets, /** @type {number} */ x) => {
    const y = Math.round(middle + sheets.tall / 2 - sheets.rows * sheets.cell)
    return { ...sheets, x, y }
  }
  return {
    ...plan,
    arrow,
    middle,
    inputs: placed(plan.inputs, plan.left),
    outputs: plan.outputs.map((sheets) => placed(sheets, arrow + plan.across)),
  }
}

/**
 * @param {Unplaced} plan
 * @returns {Plan}
 */
function placedAbove(plan) {
  const { left, inputs, border, across } = plan
  const top = EDGE + border
  const arrow = top + inputs.tall + border + (left - EDGE - border) // below the brackets, which are as wide on the left
  const centred = (/** @type {Sheets} */ { wide }) => Math.round(left + Math.max(0, (inputs.wide - wide) / 2))
  return {
    ...plan,
    arrow,
    middle: left + inputs.wide / 2,
    inputs: { ...inputs, x: left, y: top },
    outputs: plan.outputs.map((sheets) => ({ ...sheets, x: centred(sheets), y: arrow + across })),
  }
}

/**
 * The plan with the largest cells that fit.
 * @param {Shapes} shapes
 * @param {number} width
 * @param {number} height
 * @param {number} share
 * @param {boolean} upright
 */
function largestFitting(shapes, width, height, share, upright) {
  let pixels = Math.floor(MAX_CELL * pixelRatio())
  let plan = laidOut(shapes, pixels, share, upright)
  while (pixels > 2 && (plan.wide > width || plan.tall > height)) plan = laidOut(shapes, --pixels, share, upright)
  return plan
}

/**
 * One plan for all readings, so that they can be compared.
 * @param {Shapes} shapes
 * @param {number} pixels
 * @param {number} share
 * @param {boolean} upright
 * @returns {Unplaced}
 */
function laidOut(shapes, pixels, share, upright) {
  const ratio = pixelRatio()
  const cell = pixels / ratio
  const inputs = stacked(shapes.inputs, cell)
  const outputs = shapes.outputs.map((shape) => stacked(shape, Math.max(1, Math.round(pixels * share)) / ratio))
  const border = shapes.padding * cell // of padding that a kernel may reach
  const bracket = shapes.leavesOver ? BRACKET : 0
  const [widest, tallest] = [Math.max(...outputs.map(({ wide }) => wide)), Math.max(...outputs.map(({ tall }) => tall))]
  const names = ASIDE + Math.min(forType(MAX_LABEL), shapes.label)
  const [reach, deep] = [inputs.wide + 2 * border, inputs.tall + 2 * border] // with padding
  const plan = { cell, border, inputs, outputs, upright, left: EDGE + border + bracket }
  if (upright) {
    const tall = deep + bracket + UPRIGHT.arrow + tallest + 2 * EDGE
    return { ...plan, across: UPRIGHT.arrow, tall, wide: EDGE + bracket + Math.max(reach, widest) + names }
  }
  const tall = Math.max(deep + 2 * bracket, tallest) + 2 * EDGE
  return { ...plan, across: forType(ARROW), tall, wide: EDGE + bracket + reach + forType(ARROW) + widest + names }
}

/**
 * Each sheet is a cell higher than the one before it, so that a single cell is visible in each.
 * @param {Shape} shape
 * @param {number} cell
 * @returns {Sheets}
 */
function stacked([count, rows, columns], cell) {
  const dx = Math.round(Math.max(SPREAD.least, SPREAD.usual * cell))
  const dy = Math.round(Math.max(forType(LABEL), cell + 5))
  const [wide, tall] = [columns * cell + (count - 1) * dx, rows * cell + (count - 1) * dy]
  return { count, rows, columns, cell, dx, dy, wide, tall, x: 0, y: 0 }
}

/**
 * The corner of cell (row, column) of sheet `n`.
 * @param {Sheets} sheets
 * @param {number} n
 * @param {number} [row]
 * @param {number} [column]
 * @returns {[x: number, y: number]}
 */
export function cornerOf(sheets, n, row = 0, column = 0) {
  return [sheets.x + n * sheets.dx + column * sheets.cell, sheets.y - n * sheets.dy + row * sheets.cell]
}

/**
 * The cell of the topmost output sheet under a point.
 * @param {Sheets} sheets
 * @param {number} chosen
 * @param {number} x
 * @param {number} y
 */
export function cellAt(sheets, chosen, x, y) {
  for (const n of onTop(sheets.count, chosen).reverse()) {
    const [left, top] = cornerOf(sheets, n)
    const [row, column] = [Math.floor((y - top) / sheets.cell), Math.floor((x - left) / sheets.cell)]
    if (isInside({ row, column }, [sheets.rows, sheets.columns])) return { output: n, row, column }
  }
  return null
}

/**
 * Sheets from back to front, with the chosen one on top.
 * @param {number} count
 * @param {number} chosen
 */
export function onTop(count, chosen) {
  return [...Array(count).keys()].reverse().sort((a, b) => Number(a === chosen) - Number(b === chosen))
}
