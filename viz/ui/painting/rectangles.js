// Rectangles in thousandths of a photo: drawn from two corners, found under a point, moved by a step.

/** @import {Box, Corner} from "./state.js" */

export const STEP = 20 // thousandths that a key moves an edge
const LEAST = 8 // of a side; what is drawn smaller is a click
const FRESH = 120 // the side of a rectangle that a key adds

/**
 * The rectangle between two corners.
 * @param {number} kind
 * @param {Corner} from
 * @param {Corner} to
 * @returns {Box}
 */
export function between(kind, from, to) {
  const [[top, bottom], [left, right]] = [0, 1].map((axis) => [from[axis], to[axis]].sort((a, b) => a - b))
  return [kind, top, left, bottom, right]
}

/**
 * Whether it is large enough to be meant.
 * @param {Box} box
 */
export function isDrawn([, top, left, bottom, right]) {
  return bottom - top >= LEAST && right - left >= LEAST
}

/**
 * The index of the uppermost rectangle at a point, −1 if there is none.
 * @param {Box[]} boxes
 * @param {Corner} point
 */
export function boxAt(boxes, [row, column]) {
  return boxes.findLastIndex(
    ([, top, left, bottom, right]) => top <= row && row <= bottom && left <= column && column <= right,
  )
}

/**
 * Moves a rectangle, or only its lower right corner, by steps within the photo.
 * @param {Box} box
 * @param {Corner} steps down and to the right
 * @param {boolean} corner
 * @returns {Box}
 */
export function movedBox([kind, top, left, bottom, right], steps, corner) {
  const [down, along] = steps.map((step) => step * STEP)
  if (corner)
    return [kind, top, left, within(bottom + down, top + STEP, 1000), within(right + along, left + STEP, 1000)]
  const [y, x] = [within(down, -top, 1000 - bottom), within(along, -left, 1000 - right)]
  return [kind, top + y, left + x, bottom + y, right + x]
}

/**
 * A new rectangle: in the middle of the photo, or beside the selected one.
 * @param {number} kind
 * @param {Box | undefined} selected
 * @returns {Box}
 */
export function freshBox(kind, selected) {
  const middle = (1000 - FRESH) / 2
  const [, top, left] = selected ?? [kind, middle - STEP, middle - STEP]
  return [kind, ...square(top + STEP, left + STEP)]
}

/**
 * @param {number} top
 * @param {number} left
 * @returns {[number, number, number, number]}
 */
function square(top, left) {
  const [y, x] = [top, left].map((edge) => within(edge, 0, 1000 - FRESH))
  return [y, x, y + FRESH, x + FRESH]
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
function within(value, low, high) {
  return Math.min(high, Math.max(low, value))
}
