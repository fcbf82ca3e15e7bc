// The pixels around one pixel of a picture, enlarged.

import { FIELD_COLOUR } from "../javascript/colours.js"
import { penOnBlank, size } from "../javascript/pen.js"

/** @import {Pixel} from "../javascript/pointed.js" */

/**
 * A position of the picture for one outside, as if there were mirrors at its borders.
 * @param {number} at
 * @param {number} length
 */
export function mirrored(at, length) {
  const last = length - 1
  const period = Math.max(1, 2 * last)
  const place = ((at % period) + period) % period
  return Math.min(place, 2 * last - place)
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLImageElement} image
 * @param {Pixel} pixel
 * @param {number} across  pixels a side
 * @param {number} side  CSS px
 */
export function drawPatch(canvas, image, [row, column], across, side) {
  size(canvas, side, side)
  const context = penOnBlank(canvas)
  context.imageSmoothingEnabled = false
  const [cell, half] = [side / across, (across - 1) / 2]
  for (let down = 0; down < across; down++) {
    for (let along = 0; along < across; along++) {
      const y = mirrored(row + down - half, image.height)
      const x = mirrored(column + along - half, image.width)
      // a little larger, so that no line is seen between two pixels
      context.drawImage(image, x, y, 1, 1, along * cell, down * cell, cell + 0.5, cell + 0.5)
    }
  }
  context.lineWidth = 6
  context.strokeStyle = FIELD_COLOUR
  context.strokeRect(0, 0, side, side)
}
