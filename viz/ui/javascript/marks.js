// What a map stands for, drawn before its name: a bar, a wave, a disc or a square in a colour.

import { BRANCHES, orientationColour, PRIMARIES } from "./colours.js"

/**
 * @typedef {[kind: "" | "orientation" | "phase" | "colour" | "branch", value: number | string]} Mark
 *   degrees of an orientation or of a phase, or the name of a colour or of a branch
 */

export const MARK = 19 // CSS px of a name's line that a mark takes
const HALF_MARK = 7 // CSS px from the middle of a mark to its ends
const WAVE_LENGTH = 9
const WAVE_HEIGHT = 5.5 // of a wave

/**
 * Whether there is anything to draw.
 * @param {Mark | undefined} mark
 * @returns {mark is Mark}
 */
export function stands(mark) {
  return Boolean(mark?.[0])
}

/**
 * The hue of a map in a chart: that of its orientation or its branch. A phase has none.
 * @param {Mark | undefined} mark
 * @param {string} otherwise
 */
export function hueOf(mark, otherwise) {
  if (mark?.[0] === "branch") return branchColour(String(mark[1]))
  return mark?.[0] === "orientation" ? orientationColour(Number(mark[1])) : otherwise
}

/** @param {string} name */
export function branchColour(name) {
  return /** @type {Record<string, string>} */ (BRANCHES)[name]
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x of its middle
 * @param {number} y
 * @param {Mark} mark
 * @param {string} ink the colour of text
 */
export function drawMark(context, x, y, [kind, value], ink) {
  context.lineCap = "round"
  context.lineJoin = "round"
  context.beginPath()
  if (kind === "orientation") bar(context, x, y, Number(value))
  else if (kind === "phase") wave(context, x, y, Number(value), ink)
  else if (kind === "colour") disc(context, x, y, String(value))
  else if (kind === "branch") branchSquare(context, x, y, String(value))
}

/**
 * A small bar in its orientation and hue.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} degrees
 */
function bar(context, x, y, degrees) {
  const angle = (degrees * Math.PI) / 180
  const [dx, dy] = [HALF_MARK * Math.cos(angle), -HALF_MARK * Math.sin(angle)]
  context.strokeStyle = orientationColour(degrees)
  context.lineWidth = 3.5
  context.moveTo(x - dx, y - dy)
  context.lineTo(x + dx, y + dy)
  context.stroke()
}

/**
 * The profile of a wave across its bars, bright upwards.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} degrees
 * @param {string} ink
 */
function wave(context, x, y, degrees, ink) {
  for (let u = -HALF_MARK; u <= HALF_MARK; u += 0.5) context.lineTo(x + u, y - WAVE_HEIGHT * profile(u, degrees))
  context.strokeStyle = ink
  context.lineWidth = 2
  context.stroke()
}

/**
 * The profile of a Gabor filter across its bars, as in the bank.
 * @param {number} u CSS px from the middle
 * @param {number} degrees its phase
 */
export function profile(u, degrees) {
  const window = Math.exp(-((u / HALF_MARK) ** 2) * 2)
  return window * Math.cos((2 * Math.PI * u) / WAVE_LENGTH + (degrees * Math.PI) / 180)
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {string} colour
 */
function disc(context, x, y, colour) {
  context.fillStyle = /** @type {Record<string, string>} */ (PRIMARIES)[colour]
  context.arc(x, y, HALF_MARK - 1, 0, 2 * Math.PI)
  context.fill()
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {string} branch
 */
function branchSquare(context, x, y, branch) {
  const side = 2 * (HALF_MARK - 1)
  context.fillStyle = branchColour(branch)
  context.fillRect(x - side / 2, y - side / 2, side, side)
}
