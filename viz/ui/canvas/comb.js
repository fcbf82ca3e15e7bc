// A close-up of the input of a strided layer: positions that are read are full, the others hollow.

import { FIELD_COLOUR } from "../javascript/colours.js"
import { penOnBlank, size } from "../javascript/pen.js"

/** @import {Boxes} from "../javascript/boxes.js" */
/** @import {Place} from "../javascript/buffer.js" */

const WIDTH = 99 // CSS px of the whole
const REACH = 4 // positions to each side, at least; more where the stride is larger

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
  const reach = Math.max(REACH, step)
  const side = Math.floor(WIDTH / (2 * reach + 1))
  size(canvas, side * (2 * reach + 1), side * (2 * reach + 1))
  const context = penOnBlank(canvas)
  for (let i = -reach; i <= reach; i++) {
    for (let j = -reach; j <= reach; j++) {
      const [row, column] = [unit.row * step + i, unit.column * step + j]
      if (row < 0 || column < 0 || row >= rows || column >= columns) continue
      const read = row % step === 0 && column % step === 0 && row / step < outRows && column / step < outColumns
      context.fillStyle = i === 0 && j === 0 ? FIELD_COLOUR : ink
      context.globalAlpha = read ? 1 : 0.16
      const gap = side > 8 ? 1.5 : 0.5
      context.fillRect((j + reach) * side + gap, (i + reach) * side + gap, side - 2 * gap, side - 2 * gap)
    }
  }
  context.globalAlpha = 1
}
