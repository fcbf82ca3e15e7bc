// Single cells of a sheet: a number in its colour, or one that no output reads.

import { cssColour, readableOn } from "../javascript/colours.js"
import { frame } from "../javascript/pen.js"
import { forType } from "../javascript/type.js"

/** @import {Plane} from "./reading.js" */

export const NUMBERED = 30 // cells as wide as this show their number
const NUMBER_PX = { least: 14, most: 22, ofCell: 0.42, letters: 1.6 } // letters: widths of one in a cell

/**
 * The colours and the font of the page's theme.
 * @typedef {object} Ink
 * @property {string} text  a colour in numbers
 * @property {string} background
 * @property {string} font
 *
 * @typedef {CanvasRenderingContext2D} Pen
 *
 * How the numbers of some planes are written, all in one size.
 * @typedef {object} Written
 * @property {(value: number) => string} text
 * @property {number} letters  of the longest one
 */

/**
 * @param {Element} root
 * @returns {Ink}
 */
export function inkOf(root) {
  const style = getComputedStyle(root)
  return {
    text: style.color,
    background: style.getPropertyValue("--st-background-color") || "#fff",
    font: style.fontFamily,
  }
}

/**
 * @param {Ink} ink
 * @param {number} alpha
 */
export function faint(ink, alpha) {
  const channels = ink.text.match(/[\d.]+/g) ?? []
  return `rgb(${channels.slice(0, 3).join(" ")} / ${100 * alpha}%)`
}

/**
 * The painted side of a cell: wide cells leave a line between them.
 * @param {number} cell
 */
export function inner(cell) {
  return cell - (cell >= 7 ? 1 : 0)
}

/**
 * @param {Pen} context
 * @param {Ink} ink
 * @param {number} cell
 * @param {number} x
 * @param {number} y
 * @param {number} packed
 * @param {Written} written
 * @param {number | null} value
 */
export function drawCell(context, ink, cell, x, y, packed, written, value) {
  const side = inner(cell)
  context.fillStyle = cssColour(packed)
  context.fillRect(x, y, side, side)
  if (cell >= NUMBERED && value !== null) writeNumber(context, ink, readableOn(packed), written, value, x, y, cell)
}

/**
 * @param {Pen} context
 * @param {Ink} ink
 * @param {string} colour
 * @param {Written} written
 * @param {number} value
 * @param {number} x
 * @param {number} y
 * @param {number} cell
 */
export function writeNumber(context, ink, colour, { text, letters }, value, x, y, cell) {
  const { least, most, ofCell, letters: fitting } = NUMBER_PX
  context.fillStyle = colour
  context.font = `${Math.max(least, Math.min(most, ofCell * cell, (fitting * cell) / letters))}px ${ink.font}`
  context.textAlign = "center"
  context.textBaseline = "middle"
  context.fillText(text(value), x + cell / 2, y + cell / 2, cell - 3)
}

/**
 * Whole numbers without decimals, if there are only such.
 * @param {Plane[]} planes
 * @returns {Written}
 */
export function writtenAs(planes) {
  const numbers = planes.flat(2)
  const text = numbers.every(Number.isInteger) ? wholly : briefly
  return { text, letters: Math.max(...numbers.map((value) => text(value).length)) }
}

/** @param {number} value */
function wholly(value) {
  return String(value).replace("-", "−")
}

/**
 * A number with two decimals, for which a cell has room.
 * @param {number} value
 */
function briefly(value) {
  const text = Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
  return text.replace(/^-(?=0\.00$)/, "").replace("-", "−")
}

/**
 * A pixel that no output reads: grey and hatched.
 * @param {Pen} context
 * @param {Ink} ink
 * @param {number} x
 * @param {number} y
 * @param {number} cell
 */
export function hatch(context, ink, x, y, cell) {
  const side = inner(cell)
  context.fillStyle = faint(ink, 0.13)
  context.fillRect(x, y, side, side)
  context.strokeStyle = faint(ink, 0.4)
  context.lineWidth = 1
  const lines = Math.max(1, Math.round(side / 9))
  context.beginPath()
  for (let line = 1; line < 2 * lines; line++) {
    const far = (line * side) / lines
    const [from, to] = [Math.max(0, far - side), Math.min(far, side)]
    context.moveTo(x + from, y + to)
    context.lineTo(x + to, y + from)
  }
  context.stroke()
}

/**
 * An output that is still to come.
 * @param {Pen} context
 * @param {Ink} ink
 * @param {number} x
 * @param {number} y
 * @param {number} cell
 */
export function hollow(context, ink, x, y, cell) {
  context.strokeStyle = faint(ink, 0.13)
  context.lineWidth = 1
  context.strokeRect(x - 0.5, y - 0.5, cell, cell)
}

/**
 * A frame around a cell that covers none of it.
 * @param {Pen} context
 * @param {number} x
 * @param {number} y
 * @param {number} side
 * @param {boolean} strong
 */
export function mark(context, x, y, side, strong) {
  frame(context, x - 2, y - 2, side + 4, strong ? 2.5 : 1.5, strong)
}

/**
 * @param {Pen} context
 * @param {[x: number, y: number][]} points
 */
export function stroke(context, points) {
  context.beginPath()
  for (const [x, y] of points) context.lineTo(x, y)
  context.stroke()
}

/**
 * @param {Pen} context
 * @param {Ink} ink
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {number} room
 * @param {boolean} [strong]
 */
export function write(context, ink, text, x, y, room, strong = false) {
  context.font = nameFont(ink, strong)
  context.textAlign = "left"
  context.textBaseline = "alphabetic"
  context.fillStyle = ink.text
  context.fillText(text, x, y, room)
}

/**
 * @param {Ink} ink
 * @param {boolean} strong
 */
export function nameFont(ink, strong) {
  return `${strong ? 700 : 400} ${forType(15)}px ${ink.font}`
}
