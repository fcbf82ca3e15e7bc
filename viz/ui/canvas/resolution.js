// The size of the requested maps, and the number of units averaged into one drawn pixel.

/** @import {Header} from "./state.js" */

/** @typedef {Pick<Header, "stage" | "stages" | "side_by_side">} Sizes */

const MIN_PX = 8
const MAX_PX = 512 // no map is larger

/** @param {Sizes} header */
function longestSide(header) {
  const shapes = header.side_by_side?.shapes ?? [header.stages[header.stage].shape.slice(1)]
  return Math.max(...shapes.flat())
}

/**
 * The number of units a side that are averaged for a size on screen, as the server computes it.
 * @param {Sizes} header
 * @param {number} shownPx
 */
export function meanFor(header, shownPx) {
  return Math.max(1, Math.ceil(longestSide(header) / shownPx))
}

/**
 * The size to request for maps that are drawn with so many device pixels. It has steps, so that
 * windows of different sizes share one buffer. It is rounded down, since maps that are sent larger
 * than they are drawn would alias. If a step down would average more than necessary, it is the size
 * of the maps with the necessary average.
 * @param {Sizes} header
 * @param {number} pixels
 */
export function shownStep(header, pixels) {
  // a map of 86 columns in 85.6 px would lose one; a size that only rounding keeps below is not cut
  const room = Math.max(MIN_PX, Math.min(MAX_PX, Math.floor(pixels + 0.01)))
  const step = room < 16 ? MIN_PX : room < 128 ? 16 : 32
  const averaged = Math.ceil(longestSide(header) / meanFor(header, room))
  return Math.max(Math.floor(room / step) * step, averaged)
}
