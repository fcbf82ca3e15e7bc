// The pointer on the photo, by mouse and by keys.

/** @import {Pixel} from "../javascript/pointed.js" */
/** @import {State} from "./state.js" */

/** @type {Record<string, Pixel>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

/**
 * @param {State} s
 * @param {(pixel: Pixel | null) => void} point
 */
export function listenToPhoto(s, point) {
  const { photo } = s.el
  photo.onpointermove = (event) => point(pixelAt(s, event.offsetX, event.offsetY))
  photo.onpointerleave = () => point(null)
  photo.onclick = (event) => keep(s, pixelAt(s, event.offsetX, event.offsetY), point)
  photo.onblur = () => point(null)
  photo.onkeydown = (event) => {
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
 * Stays at a pixel after the pointer has left; with null at that of the maps.
 * @param {State} s
 * @param {Pixel | null} pixel
 * @param {(pixel: Pixel | null) => void} point
 */
function keep(s, pixel, point) {
  s.kept = pixel
  point(pixel)
}

/**
 * @param {State} s
 * @param {number} x  CSS px
 * @param {number} y
 * @returns {Pixel}
 */
function pixelAt({ el: { photo }, data: { boxes } }, x, y) {
  const [, rows, columns] = boxes.shape
  return [within((y / photo.clientHeight) * rows, rows), within((x / photo.clientWidth) * columns, columns)]
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
