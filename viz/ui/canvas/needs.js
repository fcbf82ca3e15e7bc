// The height that filters and field need in a column, for the choice of columns and for what stands in them.

import { forType } from "../javascript/type.js"
import { haveHeads, headSide } from "./heads.js"

/** @import {Drawn} from "./state.js" */

const TITLE = 36 // CSS px, with the gap below it
const TEXT_LINE = 21
const LETTER = 7.4 // mean width of a letter
const LEGEND = 46
const LEAST_WIDTH = 150 // of filters
const LEAST_KERNEL = 33 // a side, with the gap
const MOST_KERNELS = 140 // of the least height of all kernels: with many they become small
const SMALL_MATRIX = 4 // rows or columns; the weights are written into its cells
const CELL_WITH_WEIGHT = 43
const LEAST_MATRIX = 130
const BESIDE_CELLS = LEGEND + 2 * TEXT_LINE // what is said of a cell
const HEADS = 26 // above the columns of the matrix
const GROUP = 40 // bars of one group
const MEAN_OF = 40 // letters of the sentence about means
const MAX_GROUPS = 10 // in a column, as in bars.js
const FACTS = 420 // width of the facts on one line
const COMB = 112 // larger letters take taller lines, and more of them
const GAPS = 14 // around the photo

/**
 * The least height of the filters.
 * @param {Drawn} s
 * @param {number} width  CSS px
 */
export function filtersHeight({ header, t }, width) {
  const { kernels, matrix } = header.blocks
  const bars = header.groups && !header.side_by_side ? header.groups : null
  if (bars) {
    const values = header.blocks[bars.block]?.shape[0] ?? 0
    const groups = values / bars.size
    const head = headSide(header, width / Math.ceil(groups / MAX_GROUPS) / bars.size)
    return besideBars({ header, t }, width) + Math.min(MAX_GROUPS, groups) * (GROUP + head)
  }
  const parts = [
    noteHeight({ header, t }, width),
    kernels ? kernelsHeight(kernels.shape[0], width) : 0,
    matrix ? matrixHeight(matrix.shape[1]) : 0,
  ]
  const shown = parts.reduce((sum, part) => sum + part, 0)
  return shown ? forType(TITLE) + shown : 0
}

/**
 * The least width of the filters.
 * @param {Drawn} s
 */
export function filtersWidth({ header }) {
  const columns = header.blocks.matrix?.shape[2] ?? 0
  return columns <= SMALL_MATRIX ? Math.max(LEAST_WIDTH, columns * forType(CELL_WITH_WEIGHT)) : LEAST_WIDTH
}

/**
 * The height that is left for the kernels.
 * @param {Drawn} s
 */
export function kernelsRoom(s) {
  const { room, header } = s
  const { width, height } = room.filters
  const { kernels, matrix } = header.blocks
  if (header.groups && !header.side_by_side) return kernelsHeight(kernels?.shape[0] ?? 0, width) - forType(LEGEND)
  const besides = forType(TITLE) + noteHeight(s, width) + forType(LEGEND) + (matrix ? matrixHeight(matrix.shape[1]) : 0)
  return Math.max(kernelsHeight(kernels?.shape[0] ?? 0, width) - forType(LEGEND), height - besides)
}

/**
 * The height that is left for the cells of the matrix; with kernels above it has its least.
 * @param {Drawn} s
 * @param {number} rows
 */
export function matrixRoom({ room, header }, rows) {
  const least = cellsHeight(rows)
  return header.blocks.kernels
    ? least
    : Math.max(least, room.filters.height - 2 * forType(TITLE) - forType(BESIDE_CELLS))
}

/**
 * The height of the title above and the note below the bars, and of kernels that are too many to
 * stand below their bars.
 * @param {Pick<Drawn, "header" | "t">} s
 * @param {number} width  CSS px
 */
export function besideBars({ header, t }, width) {
  const { groups, blocks } = header
  if (!groups) return 0
  const across = Math.ceil(groups.names.length / groups.size / MAX_GROUPS)
  const alone = haveHeads(header) && !headSide(header, width / across / groups.size)
  const note = textHeight(t(groups.note) + " ".repeat(MEAN_OF), width)
  return forType(TITLE) + note + (alone ? kernelsHeight(blocks.kernels?.shape[0] ?? 0, width) : 0)
}

/**
 * @param {Pick<Drawn, "header" | "t">} s
 * @param {number} width
 */
function noteHeight({ header, t }, width) {
  return header.filters_note ? textHeight(t(...header.filters_note), width) : 0
}

/**
 * @param {number} count
 * @param {number} width
 */
function kernelsHeight(count, width) {
  const across = Math.max(1, Math.floor(width / LEAST_KERNEL))
  return Math.min(MOST_KERNELS, Math.ceil(count / across) * LEAST_KERNEL) + forType(LEGEND)
}

/** @param {number} rows */
function matrixHeight(rows) {
  return forType(TITLE) + forType(HEADS) + cellsHeight(rows) + forType(BESIDE_CELLS)
}

/** @param {number} rows */
function cellsHeight(rows) {
  return rows <= SMALL_MATRIX ? rows * forType(CELL_WITH_WEIGHT) : LEAST_MATRIX
}

/**
 * The height of the field with its whole photo.
 * @param {Pick<Drawn, "header">} s
 * @param {number} width  CSS px
 */
export function fieldHeight({ header }, width) {
  const [, rows, columns] = header.stages.picture.shape
  return (width * rows) / columns + aroundPhoto({ header }, width)
}

/**
 * The height of the title, facts and close-up around the photo.
 * @param {Pick<Drawn, "header">} s
 * @param {number} width  CSS px
 */
export function aroundPhoto({ header }, width) {
  const strided = header.stages[header.stage].stride[0] > 1 && !header.side_by_side
  return (
    forType(TITLE) +
    GAPS +
    Math.ceil(forType(FACTS) / width) * forType(TEXT_LINE) +
    (strided ? forType(forType(COMB)) : 0)
  )
}

/**
 * @param {string} text
 * @param {number} width
 */
function textHeight(text, width) {
  return Math.ceil((text.length * forType(LETTER)) / width) * forType(TEXT_LINE)
}
