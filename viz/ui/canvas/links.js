// What belongs together: a kernel, the maps that it feeds, and the rows, columns and bars between them.

import { valueAt } from "../javascript/buffer.js"

/** @import {Place} from "../javascript/buffer.js" */
/** @import {Header} from "./state.js" */

/**
 * What is pointed at: a map, a kernel, an output (a row of the matrix, a group of bars), or an input
 * (a column of the matrix, a bar).
 * @typedef {object} Pointed
 * @property {"map" | "kernel" | "output" | "input"} part
 * @property {number} index
 * @property {Place} [place]  on a map
 * @property {number} [output]  of a cell of the matrix, or of a bar
 *
 * @typedef {object} Linked  what belongs to it, by index
 * @property {number[]} kernels
 * @property {number[]} maps
 * @property {number[]} inputs
 */

/**
 * @param {Pick<Header, "feeds" | "input_feeds" | "blocks" | "groups" | "side_by_side" | "row_names"> & {names?: string[]}} header
 * @param {Pointed | null} pointed
 * @returns {Linked}
 */
export function linked(header, pointed) {
  if (!pointed) return { kernels: [], maps: [], inputs: [] }
  const { feeds, input_feeds: inputFeeds, side_by_side: beside } = header
  const { part, index, output } = pointed
  if (part === "kernel") return { kernels: [index], maps: fedBy(feeds, index), inputs: fedBy(inputFeeds, index) }
  if (part === "input") {
    const maps = (output === undefined ? reached(header, index) : [output]).flatMap((row) => mapsOf(header, row))
    const effective = output === undefined ? [] : (feeds[output] ?? [])
    return { kernels: inputFeeds[index] ?? effective, maps, inputs: [index] }
  }
  if (part === "output") return { kernels: feeds[index] ?? [], maps: mapsOf(header, index), inputs: [] }
  const map = beside ? beside.channel : index
  return { kernels: feeds[map] ?? [], maps: [map], inputs: [] }
}

/**
 * The maps of a row of the matrix: one, unless the stage gives every row several times.
 * @param {Pick<Header, "row_names"> & {names?: string[]}} header
 * @param {number} row
 */
function mapsOf({ row_names: rows, names = [] }, row) {
  return rows ? [...names.keys()].filter((map) => map % rows.length === row) : [row]
}

/**
 * @param {number[][]} feeds
 * @param {number} kernel
 */
function fedBy(feeds, kernel) {
  return [...feeds.keys()].filter((map) => feeds[map].includes(kernel))
}

/**
 * The maps that an input takes part in: those with a weight for it, or that of its group.
 * @param {Pick<Header, "blocks" | "groups">} header
 * @param {number} input
 */
function reached({ blocks: { matrix }, groups }, input) {
  if (groups) return [Math.floor(groups.order.indexOf(input) / groups.size)]
  if (!matrix) return []
  const step = (matrix.high[0] - matrix.low[0]) / 255 // a weight of 0 is not always sent as exactly 0
  const rows = [...Array(matrix.shape[1]).keys()]
  return rows.filter((row) => Math.abs(valueAt(matrix, 0, row, input)) > step)
}
