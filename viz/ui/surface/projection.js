// Numbers in a grid as heights above it, seen from a side. viz/figures/projection.py computes the
// same for files; both are held to tests/vectors/surfaces.json.

const TILT = (35 * Math.PI) / 180 // of the view below the horizontal
export const RISE = 0.7 // height of the largest number; half the longer side of the grid is 1
export const FLOOR = -0.9 // height of the flat picture of the same numbers

/**
 * A grid, and how far it is turned counter-clockwise as seen from above; at 0° it is seen from its
 * lower edge.
 * @typedef {{rows: number, columns: number, turnDegrees: number}} View
 */

/**
 * Where a point of the grid at a height is seen: to the right and upwards of the middle.
 * @param {View} view
 * @param {number} row
 * @param {number} column
 * @param {number} height
 * @returns {[x: number, y: number]}
 */
export function placeOf(view, row, column, height) {
  const [right, away] = onGround(view, row, column)
  const turn = (view.turnDegrees * Math.PI) / 180
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)]
  return [right * cos - away * sin, (right * sin + away * cos) * Math.sin(TILT) + height * Math.cos(TILT)]
}

/**
 * How far a surface and its floor reach at any turn: to each side, below and above the middle.
 * @param {View} view
 * @param {number[][]} heights  of the surface
 */
export function reachOf(view, heights) {
  const upwards = heights.flatMap((of, row) => of.map((height, column) => upTo(onGround(view, row, column), height)))
  const corner = onGround(view, -0.5, -0.5)
  return { side: Math.hypot(...corner), below: upTo(corner, -FLOOR), above: Math.max(...upwards) }
}

/**
 * How far above the middle a point is seen when it is turned away from the viewer.
 * @param {[right: number, away: number]} place
 * @param {number} height
 */
function upTo(place, height) {
  return Math.hypot(...place) * Math.sin(TILT) + height * Math.cos(TILT)
}

/**
 * To the right of the middle and away from the viewer, as seen from the lower edge.
 * @param {View} view
 * @param {number} row
 * @param {number} column
 * @returns {[right: number, away: number]}
 */
function onGround({ rows, columns }, row, column) {
  const half = (Math.max(rows, columns) - 1) / 2
  return [(column - (columns - 1) / 2) / half, ((rows - 1) / 2 - row) / half]
}

/**
 * The faces between neighbours by their upper left point, those that others may hide first. The
 * view is parallel, so one face can only hide another that lies beyond it in its rows or columns,
 * or both.
 * @param {View} view
 * @returns {[row: number, column: number][]}
 */
export function farFirst({ rows, columns, turnDegrees }) {
  const turn = (turnDegrees * Math.PI) / 180
  const [down, along] = [counted(rows - 1), counted(columns - 1)]
  if (Math.cos(turn) < 0) down.reverse()
  if (Math.sin(turn) >= 0) along.reverse()
  return down.flatMap((row) => along.map((column) => /** @type {[number, number]} */ ([row, column])))
}

/** @param {number} count */
function counted(count) {
  return Array.from({ length: count }, (_, at) => at)
}
