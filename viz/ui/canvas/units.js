// The current unit, and the names of the drawn maps.

/** @import {Block, Place} from "../javascript/buffer.js" */
/** @import {Drawn, Header} from "./state.js" */

/**
 * The unit of the receptive field: under the pointer, else pinned, else in the middle.
 * @param {Drawn} s
 * @returns {Place}
 */
export function currentUnit(s) {
  const n = s.header.blocks.maps.mean_of
  const [rows, columns] = shapeOf(s.header, s.hover?.map ?? 0)
  if (s.hover) {
    const inside = (/** @type {number} */ at, /** @type {number} */ length) =>
      Math.min(length - 1, at * n + Math.floor(n / 2))
    return { map: s.hover.map, row: inside(s.hover.row, rows), column: inside(s.hover.column, columns) }
  }
  return pinnedUnit(s) ?? { map: 0, row: Math.floor(rows / 2), column: Math.floor(columns / 2) }
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
