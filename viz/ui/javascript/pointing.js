// The pointer on a picture, by mouse and by keys.

/** @import {Boxes} from "./boxes.js" */
/** @import {Pixel} from "./pointed.js" */

/**
 * What follows the pointer on a picture.
 * @typedef {object} Followed
 * @property {{boxes: Boxes, numbers: {pixel: Pixel}}} data  the picture's size, and the pixel at rest
 * @property {Pixel | null} pointed  the pixel under the pointer
 * @property {Pixel | null} kept  the one that was clicked
 */

/** @type {Record<string, Pixel>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

/**
 * @param {HTMLCanvasElement} canvas  that shows the picture
 * @param {Followed} s
 * @param {(pixel: Pixel | null) => void} point
 */
export function listenToPixels(canvas, s, point) {
  const at = (/** @type {MouseEvent} */ event) => pixelAt(canvas, s.data.boxes, event.offsetX, event.offsetY)
  canvas.onpointermove = (event) => point(at(event))
  canvas.onpointerleave = () => point(null)
  canvas.onclick = (event) => keep(s, at(event), point)
  canvas.onblur = () => point(null)
  canvas.onkeydown = (event) => {
    const move = MOVES[event.key]
    const from = s.pointed ?? s.kept ?? s.data.numbers.pixel
    if (move) point(moved(from, move, event.shiftKey ? 10 : 1, s.data.boxes.shape))
    else if (event.key === " ") keep(s, from, point)
    else if (event.key === "Escape") keep(s, null, point)
    else return
    event.preventDefault()
  }
}

/**
 * Stays at a pixel after the pointer has left; with null at the one that is shown at rest.
 * @param {Followed} s
 * @param {Pixel | null} pixel
 * @param {(pixel: Pixel | null) => void} point
 */
function keep(s, pixel, point) {
  s.kept = pixel
  point(pixel)
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Boxes} boxes
 * @param {number} x  CSS px
 * @param {number} y
 * @returns {Pixel}
 */
function pixelAt(canvas, { shape: [, rows, columns] }, x, y) {
  return [within((y / canvas.clientHeight) * rows, rows), within((x / canvas.clientWidth) * columns, columns)]
}

/**
 * @param {Pixel} from
 * @param {Pixel} by
 * @param {number} far
 * @param {[number, number, number]} shape
 * @returns {Pixel}
 */
export function moved([row, column], [down, along], far, [, rows, columns]) {
  return [within(row + far * down, rows), within(column + far * along, columns)]
}

/**
 * @param {number} at
 * @param {number} length
 */
function within(at, length) {
  return Math.max(0, Math.min(length - 1, Math.floor(at)))
}
