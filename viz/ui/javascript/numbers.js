// Numbers in a readable form; the exact number goes into the title.

/** @import {Block} from "./buffer.js" */

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"

/**
 * A number with three digits; a very large or small one with two and a power of ten.
 * @param {number} value
 */
export function short(value) {
  if (value === 0) return "0"
  const size = Math.abs(value)
  if (size >= 1e4 || size < 1e-3) return withPower(value)
  return String(Number(value.toPrecision(3))).replace("-", "−")
}

/** @param {number} value */
function withPower(value) {
  const [mantissa, exponent] = value.toExponential(1).replace("e+", "e").split("e")
  const raised = exponent.replace("-", "⁻").replace(/\d/g, (digit) => RAISED[Number(digit)])
  return `${mantissa.replace("-", "−")} × 10${raised}`
}

/**
 * A value of a map, rounded to the digit of one of its 256 steps, for it is known no better.
 * @param {Pick<Block, "low" | "high">} block
 * @param {number} map
 * @param {number} value
 */
export function told(block, map, value) {
  const step = (block.high[map] - block.low[map]) / 255
  if (!(step > 1e-6)) return short(value)
  const digits = Math.max(0, Math.ceil(-Math.log10(step)))
  const text = value.toFixed(digits)
  return Number(text) === 0 ? "0" : text.replace("-", "−")
}

/**
 * A text with the sign for a value that is not exact.
 * @param {string} text
 */
export function about(text) {
  return `≈\u202f${text}`
}

/** @type {[number, string][]} */
const UNITS = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
]

/**
 * A count with four digits and a unit; exact below ten thousand.
 * @param {number} count
 */
export function magnitude(count) {
  for (const [unit, name] of UNITS) {
    if (count >= Math.max(unit, 1e4)) return `${Number((count / unit).toPrecision(4))} ${name}`
  }
  return exact(count)
}

/**
 * A whole number with separators between thousands.
 * @param {number} count
 */
export function exact(count) {
  return count.toLocaleString("en-US")
}
