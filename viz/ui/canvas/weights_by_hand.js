// Weights of a matrix that are set by hand: `row.column.thousandths`, joined by `_`.

/** @import {State} from "./state.js" */

export const MAX_WEIGHT = 99

/** @typedef {[row: number, column: number, thousandths: number]} Edit */

/**
 * @param {string | undefined} text as in the address
 * @returns {Edit[]}
 */
export function edits(text) {
  return text ? text.split("_").map(parsed) : []
}

/**
 * @param {string} part
 * @returns {Edit}
 */
function parsed(part) {
  const [row, column, thousandths] = part.split(".").map(Number)
  return [row, column, thousandths]
}

/**
 * The weight of a cell that is set by hand, or null.
 * @param {string | undefined} text
 * @param {[row: number, column: number]} cell
 */
export function editOf(text, [row, column]) {
  const found = edits(text).find(([r, c]) => r === row && c === column)
  return found ? found[2] / 1000 : null
}

/**
 * Sets one cell by hand, or with `null` back to the recipe's value.
 * @param {string | undefined} text
 * @param {[row: number, column: number]} cell
 * @param {number | null} value
 */
export function edited(text, [row, column], value) {
  const all = edits(text).filter(([r, c]) => r !== row || c !== column)
  if (value !== null && !Number.isNaN(value)) {
    const within = Math.max(-MAX_WEIGHT, Math.min(MAX_WEIGHT, value))
    all.push([row, column, Math.round(within * 1000)])
  }
  all.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  return all.map((cell) => cell.join(".")).join("_")
}

/**
 * The field that holds the edits of the stage whose maps are drawn.
 * @param {Pick<State, "header">} s
 */
export function editsField({ header }) {
  return header?.cells ?? ""
}
