// The drawing of a surface over the flat picture of the same numbers.

import { cssColour, TABLES, themed } from "../javascript/colours.js"
import { contextOf, penOnBlank, size } from "../javascript/pen.js"
import { FLOOR, farFirst, placeOf, RISE, reachOf } from "./projection.js"

/** @import {Style} from "../javascript/pen.js" */

const MESH = 8 // CSS px, the least distance of the mesh's lines; more would hide the colours
const MESH_LINE = 0.8 // CSS px

/** @typedef {[x: number, y: number]} Point  CSS px */

/** @typedef {(row: number, column: number, height: number) => [x: number, y: number]} Place  CSS px */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number[][]} heights  in [−1, 1]
 * @param {number} turnDegrees
 * @param {{width: number, height: number}} room  CSS px
 * @param {Style} style
 */
export function drawSurface(canvas, heights, turnDegrees, room, style) {
  const view = { rows: heights.length, columns: heights[0].length, turnDegrees }
  const raised = heights.map((of) => of.map((height) => RISE * height))
  const { side, below, above } = reachOf(view, raised)
  const scale = Math.min(room.width / (2 * side), room.height / (below + above))
  size(canvas, 2 * side * scale, (below + above) * scale)
  const colours = TABLES[themed("weight", style)]
  const context = penOnBlank(canvas)
  /** @type {Place} */
  const place = (row, column, height) => {
    const [x, y] = placeOf(view, row, column, height)
    return [(side + x) * scale, (above - y) * scale]
  }
  drawFloor(context, heights, colours, place)
  const points = raised.map((of, row) => of.map((height, column) => place(row, column, height)))
  const every = Math.ceil(MESH / ((2 * scale) / (Math.max(view.rows, view.columns) - 1)))
  for (const [row, column] of farFirst(view)) {
    const [top, bottom] = [points[row], points[row + 1]]
    const corners = [top[column], top[column + 1], bottom[column + 1], bottom[column]]
    drawFace(context, corners, cssColour(colours[levelOf(meanOf(heights, row, column))]))
    const edges = [row, column + 1, row + 1, column] // a face that is drawn later covers those it shares
    edges.forEach((line, n) => {
      if (line % every === 0) drawLine(context, corners[n], corners[(n + 1) % 4], style.text)
    })
  }
}

/**
 * The numbers as a flat picture, a pixel each: parallel projection keeps its sides parallel.
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} heights
 * @param {Uint32Array} colours
 * @param {Place} place
 */
function drawFloor(context, heights, colours, place) {
  const [origin, right, down] = [place(-0.5, -0.5, FLOOR), place(-0.5, 0.5, FLOOR), place(0.5, -0.5, FLOOR)]
  const [along, across] = [right, down].map(([x, y]) => [x - origin[0], y - origin[1]])
  context.save()
  context.transform(along[0], along[1], across[0], across[1], origin[0], origin[1])
  context.imageSmoothingEnabled = false
  context.drawImage(pictureOf(heights, colours), 0, 0)
  context.restore()
}

/**
 * @param {number[][]} heights
 * @param {Uint32Array} colours
 */
function pictureOf(heights, colours) {
  const [rows, columns] = [heights.length, heights[0].length]
  const canvas = document.createElement("canvas")
  canvas.width = columns
  canvas.height = rows
  const image = new ImageData(columns, rows)
  new Uint32Array(image.data.buffer).set(heights.flat().map((height) => colours[levelOf(height)]))
  contextOf(canvas).putImageData(image, 0, 0)
  return canvas
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point[]} corners
 * @param {string} colour
 */
function drawFace(context, corners, colour) {
  context.beginPath()
  for (const corner of corners) context.lineTo(...corner)
  context.closePath()
  context.fillStyle = context.strokeStyle = colour
  context.lineWidth = MESH_LINE // without a line, gaps are seen between faces
  context.fill()
  context.stroke()
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point} from
 * @param {Point} to
 * @param {string} ink
 */
function drawLine(context, from, to, ink) {
  context.beginPath()
  context.moveTo(...from)
  context.lineTo(...to)
  context.globalAlpha = 0.3
  context.lineWidth = MESH_LINE
  context.strokeStyle = ink
  context.stroke()
  context.globalAlpha = 1
}

/**
 * The mean of the four neighbours of a face.
 * @param {number[][]} heights
 * @param {number} row
 * @param {number} column
 */
function meanOf(heights, row, column) {
  const [top, bottom] = [heights[row], heights[row + 1]]
  return (top[column] + top[column + 1] + bottom[column] + bottom[column + 1]) / 4
}

/**
 * The place of a height among 256 colours, half way for 0.
 * @param {number} height
 */
function levelOf(height) {
  return Math.round(255 * (0.5 + height / 2))
}
