// The columns of a canvas: the places of filters, maps and receptive field that make the maps largest.

import { arrange, GAP, NAME, snapped } from "./arrangement.js"
import { forType } from "./type.js"

const COLUMN_GAP = 24
export const ROOM_BETWEEN = 12
export const HEADING = 40 // CSS px above the maps: their title and the choice of scale
export const UNDERLINE = 64 // below them: the legend and the readout
const NARROW = 560 // CSS px of the canvas, as in canvas.css
const WIDE = 880 // room for three columns
const MIN_FIELD = 170 // larger letters are more lines, and each is taller
const THREE = [0.46, 0.5, 0.54, 0.58, 0.62, 0.66] // the maps' share of the width
const TWO = [...THREE, 0.72, 0.78] // the same without filters
const RAIL = [0.6, 0.64, 0.68, 0.72]
const PROBES = [150, 200, 260, 330, 440] // widths at which a change of the needs shows
const FILTERS_SHARE = 0.45 // of what the maps leave
const THREE_WORTH = 1.08 // of the size: side by side filters, maps and field are compared best
const AS_LARGE = 0.94 // of the largest size; then the other columns get the room

/**
 * @typedef {object} Content
 * @property {number} width  of the canvas, CSS px
 * @property {number} height  from the top of the columns to the end of the window
 * @property {number} count  of maps
 * @property {[rows: number, columns: number]} shape  of the picture: the maps' aspect and number of pixels
 * @property {number} ratio  device pixels to a CSS px
 * @property {number} rowLength  maps that belong in one row
 * @property {number} filtersWidth  the least in a column of their own
 * @property {(width: number) => number} filters  their least height in a column; 0 if there are none
 * @property {(width: number) => number} field
 *
 * @typedef {object} Columns
 * @property {"one" | "three" | "rail" | "below"} kind  rail: the field under the filters, beside the
 *   maps; below: filters and field side by side under the maps
 * @property {number} filters  width, CSS px
 * @property {number} maps
 * @property {number} field
 */

/** @type {{key: string, columns: Columns} | undefined} */
let lastChosen

/**
 * The columns in which everything is seen at once, with the maps as large as possible. They are
 * chosen again only if the content changes, for a dragged slider draws some twenty times a second.
 * @param {Content} content
 * @returns {Columns}
 */
export function columnsFor(content) {
  const { filters, field, ...sizes } = content
  const needs = PROBES.map((width) => [filters(width), field(width)])
  const key = JSON.stringify([sizes, needs])
  if (lastChosen?.key !== key) lastChosen = { key, columns: chosen(content) }
  return lastChosen.columns
}

/**
 * @param {Content} content
 * @returns {Columns}
 */
function chosen(content) {
  const { width } = content
  if (width < NARROW) return { kind: "one", filters: width, maps: width, field: width }
  const all = [...(width < WIDE ? [] : threes(content)), ...rails(content), under(content)]
  const whole = all.filter((each) => fits(each, content))
  if (!whole.length && width < WIDE) return all[0]
  // where the window is too low for a whole photo, a wider column would not make it larger
  return withLargestMaps(
    whole.length ? whole : threes(content).filter(({ field }) => field >= forType(MIN_FIELD)),
    content,
  )
}

/**
 * The first of those in which the maps are as large as in any.
 * @param {Columns[]} some
 * @param {Content} content
 */
function withLargestMaps(some, content) {
  const sizes = some.map((each) => sizeIn(each, content))
  const most = Math.max(...sizes)
  return some[sizes.findIndex((size) => size >= AS_LARGE * most)]
}

/**
 * @param {Content} content
 * @returns {Columns[]}
 */
function threes({ width, filters, filtersWidth }) {
  const gaps = filters(filtersWidth) ? 2 : 1
  const room = width - gaps * COLUMN_GAP
  return (gaps === 2 ? THREE : TWO).map((share) => {
    const rest = room * (1 - share)
    const least = Math.max(filtersWidth, FILTERS_SHARE * rest)
    const own = gaps === 2 ? least : 0
    return { kind: /** @type {const} */ ("three"), filters: own, maps: room * share, field: rest - own }
  })
}

/**
 * @param {Content} content
 * @returns {Columns[]}
 */
function rails({ width }) {
  const room = width - COLUMN_GAP
  return RAIL.map((share) => {
    const rest = room * (1 - share)
    return { kind: /** @type {const} */ ("rail"), filters: rest, maps: room * share, field: rest }
  })
}

/**
 * @param {Content} content
 * @returns {Columns}
 */
function under({ width }) {
  const half = (width - COLUMN_GAP) / 2
  return { kind: "below", filters: half, maps: width, field: half }
}

/**
 * The height that filters and field take beside or under the maps.
 * @param {Columns} columns
 * @param {Content} content
 */
function besides({ kind, filters, field }, content) {
  const [own, seen] = [content.filters(filters), content.field(field)]
  return kind === "rail" ? own + (own ? ROOM_BETWEEN : 0) + seen : Math.max(own, seen)
}

/**
 * Whether filters and field are seen without scrolling.
 * @param {Columns} columns
 * @param {Content} content
 */
function fits(columns, content) {
  if (columns.kind === "three" && columns.field < forType(forType(MIN_FIELD))) return false
  return mapsHeight(columns, content) > forType(NAME) && besides(columns, content) <= content.height
}

/**
 * The height for the maps themselves.
 * @param {Columns} columns
 * @param {Content} content
 */
export function mapsHeight(columns, content) {
  const taken = columns.kind === "below" ? besides(columns, content) + ROOM_BETWEEN : 0
  return content.height - forType(HEADING) - forType(UNDERLINE) - taken
}

/**
 * The width of a map in these columns.
 * @param {Columns} columns
 * @param {Content} content
 */
function sizeIn(columns, content) {
  const { shape, ratio, ...rest } = content
  const size = { rows: shape[0], columns: shape[1], width: columns.maps, height: mapsHeight(columns, content), ratio }
  const { wide } = arrange({ ...rest, ...size, fill: true })
  const drawn = inWholePixels(content.count === content.rowLength ? inOneRow(size, content) : wide, content)
  return columns.kind === "three" ? THREE_WORTH * drawn : drawn
}

/**
 * The width of maps that are one row, which are never taken apart for their size.
 * @param {{width: number, height: number}} room
 * @param {Content} content
 */
function inOneRow({ width, height }, { count, shape: [rows, columns] }) {
  return Math.min((width - GAP * (count - 1)) / count, ((height - forType(NAME)) * columns) / rows)
}

/**
 * The width in which a map is drawn where there is room for `wide` px: averaged to fewer pixels if it
 * has more than fit, then in whole multiples.
 * @param {number} wide
 * @param {Content} content
 */
function inWholePixels(wide, { shape: [rows, columns], ratio }) {
  const mean = Math.max(1, Math.ceil(columns / (wide * ratio)))
  const sent = Math.ceil(columns / mean)
  return snapped(wide / sent, { rows: Math.ceil(rows / mean), columns: sent, ratio }).wide
}
