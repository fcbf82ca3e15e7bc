// The arrangement of maps: the number of columns that makes them largest, or whole rows.

import { forType, isPresented } from "./type.js"

export const GAP = 10
export const NAME = 20 // height of a name under its map, CSS px
const CROWDED = 40 // more maps than this lie closer together
const CROWDED_GAP = 3
const WHOLE_ROWS_WORTH = 0.6 // of the size, see `arrange`
const WHOLE_MULTIPLE_WORTH = 0.75 // of the size, see `snapped`
const MIN_NAMED = 56 // narrower maps have no name; the pointer shows it
const WITHOUT_NAMES_WORTH = 1.3 // how much larger maps must become if their names are left out

/**
 * @typedef {object} Room  the maps to arrange, and the CSS px for them
 * @property {number} count
 * @property {number} rows  of a map
 * @property {number} columns  of a map
 * @property {number} width
 * @property {number} height
 * @property {number} rowLength  maps that belong in one row (the phases of one orientation)
 * @property {boolean} [dense]  close together, however few they are
 * @property {boolean} [fill]  as large as fits, even if pixels get different sizes
 * @property {number} ratio  device pixels to a CSS px
 *
 * @typedef {object} Columns  maps side by side
 * @property {number} across
 * @property {number} down
 * @property {number} gap
 * @property {number} scale  CSS px to a pixel of a map
 * @property {boolean} named  whether there is room for names
 * @property {number} cell  width of a column
 *
 * @typedef {Columns & {wide: number, tall: number}} Plan  with the size of a map in CSS px
 */

/**
 * The number of columns that makes the maps largest; maps keep their aspect. Whole rows of
 * `rowLength` maps may cost some size.
 * @param {Room} room
 * @returns {Plan}
 */
export function arrange(room) {
  const { rows, columns } = room
  const chosen = chosenColumns(room)
  return { ...chosen, ...(room.fill ? sized(chosen.scale, rows, columns) : snapped(chosen.scale, room)) }
}

/**
 * @param {Room} room
 * @returns {Columns}
 */
function chosenColumns(room) {
  const [named, bare] = [forType(MIN_NAMED), Number.POSITIVE_INFINITY].map((least) => largestColumns(room, least))
  return bare.scale > WITHOUT_NAMES_WORTH * named.scale ? bare : named
}

/**
 * @param {Room} room
 * @param {number} leastNamed  width of a column whose map has a name
 * @returns {Columns}
 */
function largestColumns({ count, rows, columns, width, height, rowLength, dense }, leastNamed) {
  const gap = dense || count > CROWDED ? CROWDED_GAP : GAP
  const plans = []
  for (let across = 1; across <= count; across++) {
    const down = Math.ceil(count / across)
    const cell = (width - gap * (across - 1)) / across
    const tallest = (height - gap * (down - 1)) / down
    const named = cell >= leastNamed
    const scale = Math.min(cell / columns, (tallest - (named ? forType(NAME) : 0)) / rows)
    if (scale > 0) plans.push({ across, down, gap, scale, named, cell })
  }
  const cell = width / count
  const none = { across: count, down: 1, gap: 0, scale: cell / columns, named: false, cell }
  const largest = (/** @type {Columns[]} */ some) =>
    some.reduce((best, plan) => (plan.scale > best.scale ? plan : best), some[0] ?? none)
  const best = largest(plans)
  const whole = largest(plans.filter(({ across }) => across % rowLength === 0))
  return whole.scale >= WHOLE_ROWS_WORTH * best.scale && whole.across % rowLength === 0 ? whole : best
}

/**
 * @param {number} scale
 * @param {number} rows
 * @param {number} columns
 */
function sized(scale, rows, columns) {
  return { scale, wide: Math.max(1, columns * scale), tall: Math.max(1, rows * scale) }
}

/**
 * Whole multiples make all pixels equally large; they are used unless they cost a quarter of the size.
 * From the last row no pixel is seen, but every size is.
 * @param {number} scale
 * @param {Pick<Room, "rows" | "columns" | "ratio">} room
 */
export function snapped(scale, { rows, columns, ratio }) {
  const whole = Math.floor(scale * ratio) / ratio
  return sized(whole >= WHOLE_MULTIPLE_WORTH * scale && !isPresented() ? whole : scale, rows, columns)
}
