// What nearly all values of a map reach, so that a few peaks do not make all others alike.

/** @import {Block} from "./buffer.js" */

/**
 * The values between which nearly all of a map's lie.
 * @typedef {object} Near
 * @property {number} low
 * @property {number} high
 * @property {number} far  how far nearly all are from 0
 */

const ONE_OF = 200 // values may lie beyond, on either side: above the 99.5th percentile
const COUNTED = 2 ** 18 // values of all maps together, so that many maps are drawn as quickly as few
const LEAST_COUNTED = 2 ** 11 // of a map
const FEW_VALUES = 16 // a map with fewer different values is not a matter of more or less

/** @type {WeakMap<Block["pixels"], Near[]>} */
const KNOWN = new WeakMap()

/**
 * @param {Block} block
 * @param {[number, number][] | null} [sizes] rows and columns of each map, if they differ
 */
export function nearly(block, sizes = null) {
  const known = KNOWN.get(block.pixels)
  if (known) return known
  const near = block.low.map((low, map) => nearOf(countsOf(block, map, sizes?.[map]), low, block.high[map]))
  KNOWN.set(block.pixels, near)
  return near
}

/**
 * How often a map has each of its 256 bytes; of a large map some values are counted.
 * @param {Pick<Block, "shape" | "pixels">} block
 * @param {number} map
 * @param {[number, number]} [size] its rows and columns, if it does not fill its plane
 */
function countsOf({ shape: [count, rows, columns], pixels }, map, [tall, wide] = [rows, columns]) {
  const counts = new Uint32Array(256)
  const [first, step, blank] = [map * rows * columns, stepOf(count, tall, wide), columns - wide]
  for (let i = 0; i < tall * wide; i += step) {
    counts[pixels[first + i + (blank && blank * Math.floor(i / wide))]]++
  }
  return counts
}

/**
 * From one counted value to the next. It visits every column, also of stripes.
 * @param {number} count of maps
 * @param {number} rows of a map
 * @param {number} columns
 */
export function stepOf(count, rows, columns) {
  const enough = Math.max(LEAST_COUNTED, Math.floor(COUNTED / count))
  let step = Math.max(1, Math.floor((rows * columns) / enough))
  while (commonDivisor(step, columns) > 1) step++
  return step
}

/**
 * @param {number} a
 * @param {number} b
 * @returns {number}
 */
function commonDivisor(a, b) {
  return b ? commonDivisor(b, a % b) : a
}

/**
 * @param {Uint32Array} counts of a map's 256 bytes
 * @param {number} low
 * @param {number} high
 * @returns {Near}
 */
export function nearOf(counts, low, high) {
  const all = counts.reduce((sum, count) => sum + count, 0)
  const levels = counts.reduce((sum, count) => sum + Number(count > 0), 0)
  if (levels < FEW_VALUES) return { low, high, far: Math.max(-low, high) }
  const beyond = Math.floor(all / ONE_OF)
  const value = (/** @type {number} */ byte) => low + (byte / 255) * (high - low)
  return {
    low: value(inward(counts, 0, 1, beyond)),
    high: value(inward(counts, 255, -1, beyond)),
    far: farthest(counts, value, beyond),
  }
}

/**
 * The first byte, from an end, that leaves out no more than may lie beyond.
 * @param {Uint32Array} counts
 * @param {number} from
 * @param {number} step
 * @param {number} beyond
 */
function inward(counts, from, step, beyond) {
  let byte = from
  for (let left = beyond; counts[byte] <= left; byte += step) left -= counts[byte]
  return byte
}

/**
 * The same from both ends, always at the one that is farther from 0.
 * @param {Uint32Array} counts
 * @param {(byte: number) => number} value
 * @param {number} beyond
 */
function farthest(counts, value, beyond) {
  let [first, last, left] = [0, 255, beyond]
  for (;;) {
    const [below, above] = [Math.abs(value(first)), Math.abs(value(last))]
    const count = below > above ? counts[first++] : counts[last--]
    if (count > left) return Math.max(below, above)
    left -= count
  }
}
