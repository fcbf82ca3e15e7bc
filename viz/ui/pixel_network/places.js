// Where the parts of the drawing are, in CSS px.

import { forType } from "../javascript/type.js"

const HEAD = 46 // the titles of the layers
const EQUALS = 34 // between the outputs and the maps
const NAME_GAP = 8
const GAP = 4 // between two boxes of a column

/**
 * @typedef {object} Size
 * @property {number} from  the width of the drawing from which it is used
 * @property {number} wide  of a box
 * @property {number} tall
 * @property {number} letters
 * @property {[most: number, height: number][]} rows  the height of a row where there are at most so many
 * @property {boolean} compared  whether the maps are beside the outputs
 */

/** @type {Size[]} */
const SIZES = [
  {
    from: 900,
    wide: 68,
    tall: 34,
    letters: 19,
    rows: [
      [8, 46],
      [12, 38],
      [Infinity, 30],
    ],
    compared: true,
  },
  {
    from: 480,
    wide: 56,
    tall: 28,
    letters: 16,
    rows: [
      [8, 38],
      [12, 31],
      [Infinity, 26],
    ],
    compared: true,
  },
  {
    from: 0,
    wide: 48,
    tall: 28,
    letters: 16,
    rows: [
      [8, 38],
      [12, 31],
      [Infinity, 26],
    ],
    compared: false,
  },
]

/**
 * @typedef {object} Places
 * @property {number[]} x  the middle of every column; with the maps there is one column more
 * @property {number[][]} y  the middle of every drawn unit of a layer
 * @property {{wide: number, tall: number}} box
 * @property {number} height
 * @property {number} letters
 * @property {boolean} compared  whether the maps are beside the outputs
 */

/**
 * The size of boxes and letters in a drawing.
 * @param {number} width
 */
export function sizeFor(width) {
  const size = SIZES.find(({ from }) => width >= from) ?? SIZES[SIZES.length - 1]
  const { wide, tall, letters, rows } = size
  const larger = { wide: forType(wide), tall: forType(tall), letters: forType(letters) }
  return { ...size, ...larger, rows: rows.map(([most, row]) => [most, forType(row)]) }
}

/**
 * @param {number} width
 * @param {number[]} counts  units drawn of each layer
 * @param {[left: number, right: number]} names  the widths of the longest names on both sides
 * @returns {Places}
 */
export function placesOf(width, counts, names) {
  const { wide, tall, letters, compared, ...size } = sizeFor(width)
  const rows = Math.max(...counts)
  const [, row] = /** @type {[number, number]} */ (size.rows.find(([most]) => rows <= most))
  const [left, right] = names.map((name) => name + NAME_GAP + wide / 2)
  const beside = compared ? wide + EQUALS : 0
  const step = (width - left - right - beside) / (counts.length - 1)
  const x = counts.map((_, n) => left + n * step)
  return {
    x: compared ? [...x, width - right] : x,
    y: counts.map((count) => heights(count, rows).map((at) => forType(HEAD) + (at + 0.5) * row)),
    box: { wide, tall: Math.min(tall, row - GAP) },
    height: forType(HEAD) + rows * row,
    letters,
    compared,
  }
}

/**
 * The units of a column, from the top down, evenly over all rows.
 * @param {number} count
 * @param {number} rows
 */
export function heights(count, rows) {
  const gap = rows / count
  return Array.from({ length: count }, (_, n) => gap * (n + 0.5) - 0.5)
}
