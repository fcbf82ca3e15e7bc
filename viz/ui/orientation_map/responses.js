// The responses to all orientations at one pixel, and what they say together.

/**
 * @typedef {object} Preferred
 * @property {number} degrees  of the bars, from 0 to below 180
 * @property {number} strength  the length of the vector sum
 * @property {number} selectivity  its share of the sum of the lengths; 0 if there are none
 */

/**
 * The mean of the squares of the phases of each orientation: what a square and a 1×1 layer make of
 * the filters' numbers.
 * @param {number[]} values  of all filters, orientation by orientation
 * @param {number} phases
 */
export function energies(values, phases) {
  return Array.from({ length: values.length / phases }, (_, o) => {
    const own = values.slice(o * phases, (o + 1) * phases)
    return own.reduce((sum, value) => sum + value ** 2, 0) / phases
  })
}

/**
 * The vector sum of the responses, at twice their angle: bars at 180° are bars at 0°.
 * @param {number[]} responses  never negative
 * @param {number[]} degrees  of the bars
 * @returns {Preferred}
 */
export function preferredOf(responses, degrees) {
  const angles = degrees.map((each) => (2 * each * Math.PI) / 180)
  const along = (/** @type {(angle: number) => number} */ axis) =>
    responses.reduce((sum, response, o) => sum + response * axis(angles[o]), 0)
  const [x, y] = [along(Math.cos), along(Math.sin)]
  const strength = Math.hypot(x, y)
  const all = responses.reduce((sum, response) => sum + response, 0)
  const half = ((Math.atan2(y, x) / 2) * 180) / Math.PI
  return { degrees: (half + 180) % 180, strength, selectivity: all > 0 ? strength / all : 0 }
}
