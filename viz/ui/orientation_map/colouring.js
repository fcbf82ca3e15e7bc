// The map as a picture: the hue is the preferred orientation, the light its strength.

import { ORIENTATIONS, orientationColour } from "../javascript/colours.js"
import { contextOf, frame, penOn, penOnBlank, size } from "../javascript/pen.js"

/** @import {Pixel} from "../javascript/pointed.js" */

const NEEDLE_PX = 7 // CSS px from the middle of a needle to its ends
const NEEDLE_EVERY_PX = 24
const LEAST_LIGHT = 110 // of 255; a darker pixel has no needle
const SPOT_PX = 15 // side of the mark of a pixel

/**
 * @typedef {object} Oriented
 * @property {[rows: number, columns: number]} shape
 * @property {Uint8Array} hues  of every pixel, whole degrees below 180
 * @property {Uint8Array} lights  of every pixel, from 0 to 255
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Oriented} map
 * @param {HTMLCanvasElement} picture  of the map
 * @param {Pixel} pixel  that is marked
 * @param {{width: number, height: number}} room  CSS px
 */
export function drawOriented(canvas, map, picture, [row, column], room) {
  const [rows, columns] = map.shape
  const scale = Math.min(room.width / columns, room.height / rows)
  size(canvas, columns * scale, rows * scale)
  const context = penOnBlank(canvas)
  context.imageSmoothingEnabled = false
  context.drawImage(picture, 0, 0, columns * scale, rows * scale)
  const [x, y] = [column, row].map((at) => (at + 0.5) * scale - SPOT_PX / 2)
  frame(context, x, y, SPOT_PX, 2, true)
}

/**
 * Draws needles along the bars over the photo, for eyes that do not tell the hues apart.
 * @param {HTMLCanvasElement} canvas  with the photo
 * @param {Oriented} map
 */
export function drawNeedles(canvas, map) {
  const [, columns] = map.shape
  const scale = canvas.clientWidth / columns
  const context = penOn(canvas)
  for (const [row, column] of brightest(map, Math.max(1, Math.round(NEEDLE_EVERY_PX / scale))))
    drawNeedle(context, (column + 0.5) * scale, (row + 0.5) * scale, map.hues[row * columns + column])
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} degrees
 */
function drawNeedle(context, x, y, degrees) {
  const angle = (degrees * Math.PI) / 180
  const [dx, dy] = [NEEDLE_PX * Math.cos(angle), -NEEDLE_PX * Math.sin(angle)]
  context.lineCap = "round"
  context.beginPath()
  context.moveTo(x - dx, y - dy)
  context.lineTo(x + dx, y + dy)
  for (const [ink, width] of /** @type {const} */ ([
    ["#ffffff", 5],
    [orientationColour(degrees), 3],
  ])) {
    context.strokeStyle = ink
    context.lineWidth = width
    context.stroke()
  }
}

/**
 * The map with a pixel for each of its own.
 * @param {Oriented} map
 */
export function pictureOfMap({ shape: [rows, columns], hues, lights }) {
  const canvas = document.createElement("canvas")
  canvas.width = columns
  canvas.height = rows
  const image = new ImageData(columns, rows)
  new Uint32Array(image.data.buffer).set(colouredBy(hues, lights))
  contextOf(canvas).putImageData(image, 0, 0)
  return canvas
}

/**
 * The packed colour of every pixel.
 * @param {Uint8Array} hues
 * @param {Uint8Array} lights
 */
export function colouredBy(hues, lights) {
  return Uint32Array.from(hues, (hue, at) => dimmed(ORIENTATIONS[hue], lights[at]))
}

/**
 * @param {number} packed
 * @param {number} light  from 0 to 255
 */
function dimmed(packed, light) {
  const level = (/** @type {number} */ shift) => Math.round((((packed >> shift) & 255) * light) / 255) << shift
  return (255 << 24) | level(16) | level(8) | level(0)
}

/**
 * The brightest pixel of every square of the map, if it is bright enough for a needle.
 * @param {Oriented} map
 * @param {number} side  of the squares, pixels
 * @returns {Pixel[]}
 */
export function brightest({ shape: [, columns], lights }, side) {
  /** @type {Map<string, number>} */
  const found = new Map()
  lights.forEach((light, at) => {
    const square = `${Math.floor(at / columns / side)} ${Math.floor((at % columns) / side)}`
    const best = found.get(square)
    if (light >= LEAST_LIGHT && (best === undefined || light > lights[best])) found.set(square, at)
  })
  return [...found.values()].map((at) => [Math.floor(at / columns), at % columns])
}
