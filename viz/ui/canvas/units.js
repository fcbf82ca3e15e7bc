// The current unit, and the names of the drawn maps.

import { middleOf, unitNear, unitOf } from "./rest.js"
import { drawnValues, pictureOf } from "./values.js"

/** @import {Fact} from "../javascript/boxes.js" */
/** @import {Spot} from "../javascript/between.js" */
/** @import {Block, Place} from "../javascript/buffer.js" */
/** @import {Pixel} from "../javascript/pointed.js" */
/** @import {Look} from "./exact.js" */
/** @import {Drawn, Header} from "./state.js" */

/** @typedef {Pick<Drawn, "fields" | "header" | "hover" | "openings" | "rest" | "values">} Units */

/**
 * The unit of the receptive field: under the pointer, else pinned, else at rest.
 * @param {Units} s
 * @returns {Place}
 */
export function currentUnit(s) {
  if (s.hover) {
    const { map } = s.hover
    return { map, ...unitOf(s.hover, s.header.blocks.maps.mean_of, boxesOf(s.header, map).shape) }
  }
  return pinnedUnit(s) ?? { map: 0, ...restingUnit(s) }
}

/**
 * The pixel of the picture in the middle of what the unit under the pointer reads; null if there is
 * none, or if it is of another picture than the one in focus.
 * @param {Units} s
 * @returns {Pixel | null}
 */
export function pointedPixel(s) {
  if (!s.hover || s.header.side_by_side) return null
  const middle = middleOf(currentUnit(s), boxesOf(s.header, s.hover.map))
  const [, rows, columns] = s.header.stages.picture.shape
  const inside = (/** @type {number} */ at, /** @type {number} */ length) =>
    Math.max(0, Math.min(length - 1, Math.round(at)))
  return [inside(middle[0], rows), inside(middle[1], columns)]
}

/**
 * The same place as fractions of the picture; of several pictures, on the one that is pointed at.
 * @param {Units} s
 * @returns {Spot | null}
 */
export function pointedSpot(s) {
  if (!s.hover) return null
  const unit = currentUnit(s)
  const fact = boxesOf(s.header, s.hover.map)
  if (s.header.side_by_side) return { x: (unit.column + 0.5) / fact.shape[2], y: (unit.row + 0.5) / fact.shape[1] }
  const [row, column] = middleOf(unit, fact)
  const [, rows, columns] = s.header.stages.picture.shape
  const inside = (/** @type {number} */ share) => Math.max(0, Math.min(1, share))
  return { x: inside((column + 0.5) / columns), y: inside((row + 0.5) / rows) }
}

/**
 * The unit at rest is chosen once for a picture and a stage, so that it does not jump while a slider
 * is dragged.
 * @param {Units} s
 */
function restingUnit(s) {
  const drawn = drawnValues(s)
  const [picture, size] = [pictureOf(s, drawn), drawn.working_size_px]
  const fact = boxesOf(s.header, 0)
  const key = `${picture} ${size} ${s.header.stage}`
  if (s.rest?.key !== key) {
    const [row, column] = s.header.rest
    s.rest = { key, at: middleOf({ row, column }, fact) }
  }
  return unitNear(s.rest.at, fact)
}

/**
 * The boxes of a drawn map's units; the maps of several branches have each their own.
 * @param {Header} header
 * @param {number} map
 * @returns {Fact}
 */
export function boxesOf(header, map) {
  const stage = header.stages[header.stage]
  const [rows, columns] = shapeOf(header, map)
  return {
    ...stage,
    ...header.map_fields?.[map],
    ...header.side_by_side?.reads[map],
    shape: [stage.shape[0], rows, columns],
  }
}

/**
 * The column of exact values to request: that of the current unit, if any of it is shown.
 * @param {Drawn} s
 * @returns {Look | null}
 */
export function wantedColumn(s) {
  const { key, groups } = s.header
  if (key === undefined || !(s.hover || groups || pinnedUnit(s))) return null
  const { row, column } = currentUnit(s)
  return { key, place: `${row}.${column}` }
}

/** @param {Pick<Drawn, "header" | "values">} s */
export function pinnedUnit({ header, values }) {
  const [channels, rows, columns] = header.stages[header.stage].shape
  if (!values.unit || header.side_by_side) return null
  const [map, row, column] = values.unit.split(".").map(Number)
  return map < channels && row < rows && column < columns ? { map, row, column } : null
}

/**
 * The pixel of a drawn map that a unit is in.
 * @param {Place} unit
 * @param {number} n units a side that were averaged into one
 * @returns {Place}
 */
export function pixelOf({ map, row, column }, n) {
  return { map, row: Math.floor(row / n), column: Math.floor(column / n) }
}

/**
 * @param {Place} place
 * @param {Block["shape"]} shape
 */
export function isInside(place, [count, rows, columns]) {
  return place.map < count && place.row < rows && place.column < columns
}

/**
 * Rows and columns of a drawn map: those of its stage, or of its picture's.
 * @param {Header} header
 * @param {number} map
 */
export function shapeOf(header, map) {
  return header.side_by_side?.shapes[map] ?? header.stages[header.stage].shape.slice(1)
}

/**
 * Rows and columns of each map as it was sent, or null if all are equal.
 * @param {Pick<Header, "blocks" | "side_by_side">} header
 * @returns {[number, number][] | null}
 */
export function raggedSizes(header) {
  const n = header.blocks.maps.mean_of
  return header.side_by_side?.shapes.map(([rows, columns]) => [Math.ceil(rows / n), Math.ceil(columns / n)]) ?? null
}

/**
 * The name of each drawn map: its channel, or its picture. A buffer is shared, so it has only the key
 * of an upload; the name is known in the tab that uploaded it.
 * @param {Pick<Drawn, "header" | "ownNames">} s
 */
export function mapNames({ header, ownNames }) {
  const beside = header.side_by_side
  return beside?.names.map((name, map) => ownNames[beside.keys[map]] ?? name) ?? header.names
}
