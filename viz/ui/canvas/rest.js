// The unit that is shown while none is pointed at or pinned.

import { seen, unitAt } from "../javascript/boxes.js"

/** @import {Boxes} from "../javascript/boxes.js" */

/**
 * A position of the picture, where the maps of other settings have a unit too.
 * @typedef {object} Rest
 * @property {string} key  of the picture and the stage for which it was chosen
 * @property {[row: number, column: number]} at  the middle of the unit's box
 *
 * @typedef {{row: number, column: number}} Unit
 */

/**
 * The unit in the middle of a pixel of a drawn map.
 * @param {Unit} pixel
 * @param {number} n units a side that were averaged into one
 * @param {[number, number, number]} shape maps, rows and columns of units
 * @returns {Unit}
 */
export function unitOf({ row, column }, n, [, rows, columns]) {
  const inside = (/** @type {number} */ at, /** @type {number} */ length) =>
    Math.min(length - 1, at * n + Math.floor(n / 2))
  return { row: inside(row, rows), column: inside(column, columns) }
}

/**
 * The unit whose box has its middle nearest to a position of the picture.
 * @param {Rest["at"]} at
 * @param {Boxes} fact
 * @returns {Unit}
 */
export function unitNear([row, column], fact) {
  return { row: unitAt(row, 0, fact), column: unitAt(column, 1, fact) }
}

/**
 * The middle of a unit's box in the picture.
 * @param {Unit} unit
 * @param {Boxes} fact
 * @returns {Rest["at"]}
 */
export function middleOf({ row, column }, fact) {
  const [[top, bottom], [left, right]] = [seen(row, 0, fact), seen(column, 1, fact)]
  return [(top + bottom) / 2, (left + right) / 2]
}
