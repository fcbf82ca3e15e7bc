// Draws the page: paper, the ink of all pictures, a frame around each, and the line below.

import { FIELD_COLOUR } from "../javascript/colours.js"
import { contextOf, penOn, size } from "../javascript/pen.js"

/** @import {State} from "./state.js" */

const QUIET = "rgb(0 0 0 / 25%)"

/** @param {State} s */
export function drawPage(s) {
  s.width = s.root.clientWidth
  if (s.width < 20 || !s.root.isConnected) return
  const [height, width] = s.data.page
  const scale = s.width / width
  size(s.el.page, s.width, height * scale)
  const pen = penOn(s.el.page)
  pen.imageSmoothingEnabled = false // pixels are drawn as pixels
  pen.drawImage(inked(s), 0, 0, s.width, height * scale)
  for (const n of s.items.keys()) drawFrame(s, pen, n, scale)
  s.el.page.dataset.placed = JSON.stringify(s.items)
  showControls(s)
}

/**
 * The page, a pixel a pixel: where pictures overlap the darker ink is seen.
 * @param {State} s
 */
function inked({ items, data: { pictures, side, page } }) {
  const [height, width] = page
  const image = new ImageData(width, height)
  image.data.fill(255)
  for (const [kind, row, column] of items)
    for (const [n, ink] of pictures[kind].entries()) {
      const at = 4 * ((row + Math.floor(n / side)) * width + column + (n % side))
      const grey = Math.min(image.data[at], 255 - ink)
      image.data.fill(grey, at, at + 3)
    }
  const canvas = document.createElement("canvas")
  canvas.width = width
  canvas.height = height
  contextOf(canvas).putImageData(image, 0, 0)
  return canvas
}

/**
 * @param {State} s
 * @param {CanvasRenderingContext2D} pen
 * @param {number} n
 * @param {number} scale
 */
function drawFrame({ items, selected, data: { side } }, pen, n, scale) {
  const [, row, column] = items[n]
  pen.strokeStyle = n === selected ? FIELD_COLOUR : QUIET
  pen.lineWidth = n === selected ? 3 : 1
  pen.strokeRect(column * scale, row * scale, side * scale, side * scale)
}

/** @param {State} s */
function showControls(s) {
  const { add, remove, clear, said } = s.el
  const { disabled, most } = s.data
  for (const button of add) button.disabled = disabled || s.items.length >= most
  remove.disabled = disabled || s.selected < 0
  clear.disabled = disabled || !s.items.length
  const words = told(s)
  if (said.textContent !== words) said.textContent = words
}

/** @param {State} s */
function told({ t, items, selected, data: { names, most } }) {
  const picture = items[selected]
  if (picture) {
    const [kind, row, column] = picture
    return t("“{name}” at row {row}, column {column}. Arrows move it, with Shift further.", {
      name: names[kind],
      row,
      column,
    })
  }
  if (items.length >= most) return t("{most} digits are the most. Select one to delete it.", { most })
  return t("Drag a digit, or add one with its button.")
}
