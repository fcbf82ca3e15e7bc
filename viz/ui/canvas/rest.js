// The unit that is shown while none is pointed at or pinned.

import { isWhole, seen, unitAt } from "../javascript/boxes.js"
import { valueAt } from "../javascript/buffer.js"

/** @import {Boxes} from "../javascript/boxes.js" */
/** @import {Block} from "../javascript/buffer.js" */

/**
 * A position of the picture, where the maps of other settings have a unit too.
 * @typedef {object} Rest
 * @property {string} key  of the picture and the stage for which it was chosen
 * @property {[row: number, column: number]} at  the middle of the unit's box
 *
 * @typedef {{row: number, column: number}} Unit
 */

/**
 * The middle of the box of the first map's strongest unit, the one farthest from 0; if possible of
 * those whose box lies within the picture.
 * @param {Block} block
 * @param {[rows: number, columns: number]} extent  of the first map in it
 * @param {Boxes} fact
 * @param {[height: number, width: number]} picture
 * @returns {Rest["at"]}
 */
export function strongestPlace(block, [rows, columns], fact, picture) {
  /** @type {{unit: Unit, strength: number}[]} */
  const most = [NONE, NONE] // of those whose box is cut off, and of the others
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const strength = Math.abs(valueAt(block, 0, row, column))
      if (strength <= most[1].strength) continue
      const unit = unitOf({ row, column }, block.mean_of, fact.shape)
      const whole = Number(isWhole(unit, fact, picture))
      if (strength > most[whole].strength) most[whole] = { unit, strength }
    }
  }
  return middleOf(most[most[1] === NONE ? 0 : 1].unit, fact)
}

const NONE = { unit: { row: 0, column: 0 }, strength: -1 }

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
 * @param {Unit} unit
 * @param {Boxes} fact
 * @returns {Rest["at"]}
 */
function middleOf({ row, column }, fact) {
  const [[top, bottom], [left, right]] = [seen(row, 0, fact), seen(column, 1, fact)]
  return [(top + bottom) / 2, (left + right) / 2]
}
