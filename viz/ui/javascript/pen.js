// Drawing on a canvas, shared by all components.

import { valueAt } from "./buffer.js"
import { FIELD_COLOUR, readableOn } from "./colours.js"
import { forLine, forType } from "./type.js"

/** @import {Block} from "./buffer.js" */

/**
 * The colours and the font of the page's theme.
 * @typedef {object} Style
 * @property {string} text
 * @property {string} background
 * @property {boolean} dark  whether the page is
 * @property {string} font
 * @property {number} size  of letters, CSS px
 */

const LETTERS_PX = 15

/**
 * @param {Element} root
 * @returns {Style}
 */
export function styleOf(root) {
  const style = getComputedStyle(root)
  return {
    text: style.getPropertyValue("--st-text-color") || style.color,
    background: style.getPropertyValue("--st-background-color") || "#fff",
    dark: style.colorScheme.includes("dark"),
    font: style.fontFamily,
    size: forType(LETTERS_PX),
  }
}

export function pixelRatio() {
  return window.devicePixelRatio || 1
}

/**
 * Sets the size of a canvas in CSS px; keeps its content if the size does not change.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function size(canvas, width, height) {
  const ratio = pixelRatio()
  const [wide, tall] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== wide) canvas.width = wide
  if (canvas.height !== tall) canvas.height = tall
  canvas.style.width = `${width}px`
  canvas.style.height = `${height}px`
}

/** @param {HTMLCanvasElement} canvas */
export function contextOf(canvas) {
  const context = canvas.getContext("2d")
  if (!context) throw new Error("no canvas to draw on")
  return context
}

/**
 * A context in CSS px that draws over the content.
 * @param {HTMLCanvasElement} canvas
 */
export function penOn(canvas) {
  const context = contextOf(canvas)
  const ratio = pixelRatio()
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  return context
}

/**
 * A context in CSS px on a cleared canvas.
 * @param {HTMLCanvasElement} canvas
 */
export function penOnBlank(canvas) {
  const context = penOn(canvas)
  context.clearRect(0, 0, canvas.width, canvas.height)
  return context
}

/**
 * A frame that is visible on dark and on light.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} side
 * @param {number} line width of the line
 * @param {boolean} strong
 * @param {number} [high] its height, if it is no square
 */
export function frame(context, x, y, side, line, strong, high = side) {
  context.lineWidth = forLine(line) + 2
  context.strokeStyle = "rgb(0 0 0 / 70%)"
  context.strokeRect(x, y, side, high)
  context.lineWidth = forLine(line)
  context.strokeStyle = strong ? FIELD_COLOUR : "#ffffff"
  context.strokeRect(x, y, side, high)
}

/**
 * Writes every weight of a matrix into its cell, dark on light or light on dark.
 * @param {CanvasRenderingContext2D} context
 * @param {Block} block
 * @param {{side: number, colours: Uint32Array, font: string, x: number, y: number, map: number, weights?: number[]}} where
 */
export function writeWeights(context, block, { side, colours, font, x, y, map, weights }) {
  const [, rows, columns] = block.shape
  context.font = `600 ${forType(15)}px ${font}`
  context.textAlign = "center"
  context.textBaseline = "middle"
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = weights?.[row * columns + column] ?? valueAt(block, map, row, column)
      context.fillStyle = readableOn(colours[block.pixels[(map * rows + row) * columns + column]])
      context.fillText(value.toFixed(2).replace("-", "−"), x + (column + 0.5) * side, y + (row + 0.5) * side)
    }
  }
}
