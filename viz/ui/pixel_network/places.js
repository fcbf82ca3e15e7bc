// Where the parts of the drawing are, in CSS px.

const ROOM = { 8: 38, 12: 31, 16: 26 } // the height of a row where there are at most so many
const BOX = { wide: 56, narrow: 48, tall: 28, gap: 4 }
const HEAD = 46 // the titles of the layers
const EQUALS = 34 // between the outputs and the maps
const NAME_GAP = 8
const NARROW = 480 // no maps beside the outputs, and smaller boxes

/**
 * @typedef {object} Places
 * @property {number[]} x  the middle of every column; with the maps there is one column more
 * @property {number[][]} y  the middle of every drawn unit of a layer
 * @property {{wide: number, tall: number}} box
 * @property {number} height
 * @property {boolean} compared  whether the maps are beside the outputs
 */

/**
 * @param {number} width
 * @param {number[]} counts  units drawn of each layer
 * @param {[left: number, right: number]} names  the widths of the longest names on both sides
 * @returns {Places}
 */
export function placesOf(width, counts, names) {
  const rows = Math.max(...counts)
  const row = Object.entries(ROOM).find(([most]) => rows <= Number(most))?.[1] ?? ROOM[16]
  const compared = width >= NARROW
  const box = { wide: compared ? BOX.wide : BOX.narrow, tall: Math.min(BOX.tall, row - BOX.gap) }
  const [left, right] = names.map((name) => name + NAME_GAP + box.wide / 2)
  const beside = compared ? box.wide + EQUALS : 0
  const step = (width - left - right - beside) / (counts.length - 1)
  const x = counts.map((_, n) => left + n * step)
  return {
    x: compared ? [...x, width - right] : x,
    y: counts.map((count) => heights(count, rows).map((at) => HEAD + (at + 0.5) * row)),
    box,
    height: HEAD + rows * row,
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
