// How large maps are asked for, and how many units are averaged into one that is drawn.

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
 * How many units a side are averaged when maps are drawn so large, as the server reckons it.
 * @param {Sizes} header
 * @param {number} shownPx
 */
export function meanFor(header, shownPx) {
  return Math.max(1, Math.ceil(longestSide(header) / shownPx))
}

/**
 * How large maps are asked for that are drawn with so many device pixels. In steps, so that windows
 * of different sizes ask for the same and are answered from one buffer. Rounded down, for what is
 * sent larger than it is drawn would alias. Where a step down would average more than the room asks
 * for, it is the size that the maps have when they are averaged as they should be.
 * @param {Sizes} header
 * @param {number} pixels
 */
export function shownStep(header, pixels) {
  const room = Math.max(MIN_PX, Math.min(MAX_PX, Math.round(pixels)))
  const step = room < 16 ? MIN_PX : room < 128 ? 16 : 32
  const averaged = Math.ceil(longestSide(header) / meanFor(header, room))
  return Math.max(Math.floor(room / step) * step, averaged)
}
