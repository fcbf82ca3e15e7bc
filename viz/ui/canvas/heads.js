// Kernels as heads of bars and of columns: small pictures of the kernels that feed an input.

import { colours, themed } from "../javascript/colours.js"
import { contextOf } from "../javascript/pen.js"
import { around } from "../javascript/ranges.js"

/** @import {Block} from "../javascript/buffer.js" */
/** @import {Table} from "../javascript/colours.js" */
/** @import {Style} from "../javascript/pen.js" */
/** @import {Drawn} from "./state.js" */

export const MAX_HEAD = 34 // CSS px
export const MIN_HEAD = 14 // CSS px; on a smaller one no orientation can be made out
const MOST_IN_STACK = 3 // kernels of a group that are drawn behind one another
const STACK_STEP = 3 // CSS px from one to the next

/** @type {WeakMap<Block, {table: Table, sheet: HTMLCanvasElement}>} */
const SHEETS = new WeakMap()

/**
 * Whether the inputs have heads: each is fed by some of the bank's kernels, not by all.
 * @param {Drawn["header"]} header
 */
export function haveHeads({ blocks: { kernels }, input_feeds: feeds }) {
  return Boolean(kernels) && feeds.length > 0 && feeds.every((each) => each.length < (kernels?.shape[0] ?? 0))
}

/**
 * CSS px of a kernel below its bar; 0 if they have no room there, and are shown above the bars.
 * @param {Drawn["header"]} header
 * @param {number} step from one bar to the next
 */
export function headSide(header, step) {
  return haveHeads(header) && step - 1 >= MIN_HEAD ? Math.min(MAX_HEAD, step - 1) : 0
}

/**
 * Draws the kernels that feed an input into a square: one, or a stack of a few with the first in front.
 * @param {CanvasRenderingContext2D} context
 * @param {Block} block of the kernels
 * @param {number[]} feeds
 * @param {{x: number, y: number, side: number, style: Style}} place
 */
export function drawHead(context, block, feeds, { x, y, side, style }) {
  const [, rows, columns] = block.shape
  const shown = feeds.slice(0, MOST_IN_STACK).reverse()
  const own = side - STACK_STEP * (shown.length - 1)
  const sheet = sheetOf(block, themed("weight", style))
  context.imageSmoothingEnabled = own < rows // enlarged, a kernel keeps its pixels
  shown.forEach((kernel, i) => {
    const off = STACK_STEP * (shown.length - 1 - i)
    context.drawImage(sheet, 0, kernel * rows, columns, rows, x + off, y + off, own, own)
    context.lineWidth = 1
    context.strokeStyle = "rgb(128 128 128 / 80%)"
    context.strokeRect(x + off + 0.5, y + off + 0.5, own - 1, own - 1)
  })
}

/**
 * All kernels below one another, painted once.
 * @param {Block} block
 * @param {Table} table
 */
function sheetOf(block, table) {
  const painted = SHEETS.get(block)
  if (painted?.table === table) return painted.sheet
  const sheet = document.createElement("canvas")
  const [count, rows, columns] = block.shape
  ;[sheet.width, sheet.height] = [columns, rows * count]
  const image = new ImageData(columns, rows * count)
  const words = new Uint32Array(image.data.buffer)
  for (let kernel = 0; kernel < count; kernel++) {
    // a scale of its own: only its form is told, and wide kernels have small weights
    const range = around(Math.max(-block.low[kernel], block.high[kernel]))
    const colour = colours(block, kernel, range, table)
    const [from, to] = [kernel * rows * columns, (kernel + 1) * rows * columns]
    for (let i = from; i < to; i++) words[i] = colour[block.pixels[i]]
  }
  contextOf(sheet).putImageData(image, 0, 0)
  SHEETS.set(block, { table, sheet })
  return sheet
}
