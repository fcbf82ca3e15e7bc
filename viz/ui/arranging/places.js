// Small pictures on a page: found under a point, moved within the page, added where there is room.

/** @import {Data, Place, Placed} from "./state.js" */

/**
 * The index of the uppermost picture at a point, −1 if there is none.
 * @param {Placed[]} placed
 * @param {number} side
 * @param {Place} point
 */
export function pictureAt(placed, side, [y, x]) {
  return placed.findLastIndex(([, row, column]) => row <= y && y < row + side && column <= x && x < column + side)
}

/**
 * The picture with its corner as near to a point as the page allows, on whole pixels.
 * @param {Placed} picture
 * @param {Place} corner
 * @param {Pick<Data, "page" | "side">} data
 * @returns {Placed}
 */
export function movedTo([kind], [y, x], { page, side }) {
  return [kind, within(y, page[0] - side), within(x, page[1] - side)]
}

/**
 * A further picture of a name: the handwritings take turns, and it lies where it covers no other.
 * @param {Placed[]} placed
 * @param {string} name
 * @param {Pick<Data, "names" | "page" | "side">} data
 * @returns {Placed}
 */
export function further(placed, name, data) {
  const kinds = [...data.names.keys()].filter((kind) => data.names[kind] === name)
  const there = placed.filter(([kind]) => kinds.includes(kind)).length
  return [kinds[there % kinds.length], ...room(placed, data)]
}

/**
 * The first place that overlaps no picture, from the top; the middle of a full page.
 * @param {Placed[]} placed
 * @param {Pick<Data, "page" | "side">} data
 * @returns {[number, number]}
 */
function room(placed, { page: [height, width], side }) {
  for (let row = 1; row <= height - side; row++)
    for (let column = 1; column <= width - side; column++) {
      /** @param {Placed} picture */
      const isFree = ([, top, left]) => Math.max(Math.abs(top - row), Math.abs(left - column)) >= side + 1
      if (placed.every(isFree)) return [row, column]
    }
  return [Math.floor((height - side) / 2), Math.floor((width - side) / 2)]
}

/**
 * @param {number} value
 * @param {number} most
 */
function within(value, most) {
  return Math.min(most, Math.max(0, Math.round(value)))
}
