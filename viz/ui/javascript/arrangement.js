// Where maps lie: as many columns as make them largest, whole rows where that costs little.

export const GAP = 10
export const NAME = 20 // height of a name under its map, CSS px
const CROWDED = 64 // more maps than this lie closer together
const CROWDED_GAP = 3
const WHOLE_ROWS_WORTH = 0.6 // of the size, see `arrange`
const WHOLE_MULTIPLE_WORTH = 0.75 // of the size, see `snapped`
const MIN_NAMED = 56 // narrower maps carry no name; the pointer still says it

/**
 * @typedef {object} Room  what is arranged, and in how many CSS px
 * @property {number} count
 * @property {number} rows  of a map
 * @property {number} columns  of a map
 * @property {number} width
 * @property {number} height
 * @property {number} rowLength  maps that belong in one row (the phases of one orientation)
 * @property {boolean} [fill]  as large as fits, also where pixels come out uneven
 * @property {number} ratio  device pixels to a CSS px
 *
 * @typedef {object} Columns  maps side by side
 * @property {number} across
 * @property {number} down
 * @property {number} gap
 * @property {number} scale  CSS px to a pixel of a map
 * @property {boolean} named  whether a name has room
 * @property {number} cell  width of a column
 *
 * @typedef {Columns & {wide: number, tall: number}} Plan  with the size of a map in CSS px
 */

/**
 * As many columns as make the maps largest; maps keep their aspect. Whole rows of `rowLength` maps
 * are worth some size.
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
function chosenColumns({ count, rows, columns, width, height, rowLength }) {
  const gap = count > CROWDED ? CROWDED_GAP : GAP
  const plans = []
  for (let across = 1; across <= count; across++) {
    const down = Math.ceil(count / across)
    const cell = (width - gap * (across - 1)) / across
    const tallest = (height - gap * (down - 1)) / down
    const named = cell >= MIN_NAMED
    const scale = Math.min(cell / columns, (tallest - (named ? NAME : 0)) / rows)
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
 * Whole multiples keep every pixel equally large; they are used unless a quarter would be lost.
 * @param {number} scale
 * @param {Room} room
 */
function snapped(scale, { rows, columns, ratio }) {
  const whole = Math.floor(scale * ratio) / ratio
  return sized(whole >= WHOLE_MULTIPLE_WORTH * scale ? whole : scale, rows, columns)
}
