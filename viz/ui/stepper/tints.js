// The colours of all numbers: the input has its own scale, all outputs share one.

import { lookup, TABLES, themed } from "../javascript/colours.js"
import { ranges } from "../javascript/ranges.js"

/** @import {Plane} from "./reading.js" */
/** @import {Scale, Tints} from "./state.js" */

// From dark to the plane's own colour, bright enough for a projector.
const RED_GREEN_BLUE = [
  ["#1c0503", "#ff5a48"],
  ["#03160a", "#3fd068"],
  ["#050a24", "#5b97ff"],
].map((stops) => lookup(stops))

/**
 * @param {Plane[]} planes red, green and blue, from 0 to 1
 * @returns {Tints}
 */
export function tintedAsColours(planes) {
  return tinted(planes, RED_GREEN_BLUE, 0, { low: 0, high: 1 })
}

/**
 * @param {Plane[]} planes
 * @param {Scale} scale
 * @returns {Tints}
 */
export function tintedBy(planes, scale) {
  return tinted(planes, [TABLES[scale.table]], scale.table.startsWith("activation") ? 0.5 : 0, scale)
}

/**
 * @param {Plane[]} planes
 * @param {Uint32Array[]} tables one for each plane, or one for all
 * @param {number} nothing the colour for a scale of no width
 * @param {{low: number, high: number}} range
 * @returns {Tints}
 */
function tinted(planes, tables, nothing, { low, high }) {
  const at = (/** @type {number} */ value) => (high > low ? (value - low) / (high - low) : nothing)
  return planes.map((plane, n) =>
    plane.map((row) =>
      row.map((value) => tables[n % tables.length][Math.round(255 * Math.min(1, Math.max(0, at(value))))]),
    ),
  )
}

/**
 * @param {Plane[][]} stacks
 * @param {{dark: boolean}} style
 * @returns {Scale}
 */
export function scaleOf(stacks, style) {
  const numbers = stacks.flat(3)
  const { each, table } = ranges({ low: [Math.min(...numbers)], high: [Math.max(...numbers)] }, "shared", "map")
  return { ...each[0], table: themed(table, style) }
}
