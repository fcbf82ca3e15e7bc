// A close-up of the input of a strided layer: positions that are read are full, the others hollow.

import { FIELD_COLOUR } from "../javascript/colours.js"
import { penOnBlank, size } from "../javascript/pen.js"

/** @import {Boxes} from "../javascript/boxes.js" */
/** @import {Place} from "../javascript/buffer.js" */

const SIDE = 11 // CSS px of a position
const REACH = 4 // positions to each side

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Boxes} own boxes of the layer alone
 * @param {Place} unit in the middle
 * @param {Boxes["shape"]} incoming
 * @param {string} ink
 */
export function drawComb(canvas, own, unit, [, rows, columns], ink) {
  const [step] = own.stride
  const [, outRows, outColumns] = own.shape
  size(canvas, SIDE * (2 * REACH + 1), SIDE * (2 * REACH + 1))
  const context = penOnBlank(canvas)
  for (let i = -REACH; i <= REACH; i++) {
    for (let j = -REACH; j <= REACH; j++) {
      const [row, column] = [unit.row * step + i, unit.column * step + j]
      if (row < 0 || column < 0 || row >= rows || column >= columns) continue
      const read = row % step === 0 && column % step === 0 && row / step < outRows && column / step < outColumns
      context.fillStyle = i === 0 && j === 0 ? FIELD_COLOUR : ink
      context.globalAlpha = read ? 1 : 0.16
      context.fillRect((j + REACH) * SIDE + 1.5, (i + REACH) * SIDE + 1.5, SIDE - 3, SIDE - 3)
    }
  }
  context.globalAlpha = 1
}
