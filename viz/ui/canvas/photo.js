// The picture, pale outside the box of one unit; pixels that no output reads are grey.

import { clip, neverRead, reads, seen } from "../javascript/boxes.js"
import { FIELD_COLOUR } from "../javascript/colours.js"
import { penOn, size } from "../javascript/pen.js"
import { forLine } from "../javascript/type.js"

/** @import {Boxes} from "../javascript/boxes.js" */
/** @import {Place} from "../javascript/buffer.js" */

const SMALL_FIELD = 16 // CSS px
const MIN_BOX = 6
const LINE = 3

export class Photo {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas
    /** @type {HTMLImageElement | null} */
    this.image = null
    /** @type {string | undefined} */
    this.key = undefined // of the picture that is shown or requested
  }

  /**
   * Shows a picture; if it cannot be loaded, the last one stays.
   * @param {string} key
   * @param {string} source
   * @param {() => void} shown
   */
  async show(key, source, shown) {
    if (this.key === key) return
    this.key = key
    const image = new Image()
    image.src = source
    try {
      await image.decode()
    } catch {
      return
    }
    if (this.key !== key) return
    this.image = image
    shown()
  }

  /**
   * Draws the photo, pale outside the box; returns facts for the text about it.
   * @param {Boxes} fact
   * @param {Place} unit
   * @param {{width: number, height: number}} room
   */
  draw(fact, unit, { width, height }) {
    if (!this.image) return null
    const [tall, wide] = [this.image.height, this.image.width]
    const scale = Math.min(width / wide, height / tall)
    size(this.canvas, wide * scale, tall * scale)
    const context = penOn(this.canvas)
    context.imageSmoothingEnabled = false
    context.drawImage(this.image, 0, 0, wide * scale, tall * scale)
    const rows = seen(unit.row, 0, fact)
    const columns = seen(unit.column, 1, fact)
    const [top, bottom] = clip(rows, tall)
    const [left, right] = clip(columns, wide)
    const box = [left * scale, top * scale, (right + 1) * scale, (bottom + 1) * scale]
    fade(context, box, wide * scale, tall * scale)
    hideUnread(context, fact, tall, wide, scale)
    outline(context, box)
    const clipped = top > rows[0] || bottom < rows[1] || left > columns[0] || right < columns[1]
    return { rows, columns, clipped, box: [top, left, bottom, right] }
  }
}

/**
 * Takes most colour and some light from the photo outside the box, so that it can still be recognised.
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} box in CSS px
 * @param {number} wide
 * @param {number} tall
 */
function fade(context, [left, top, right, bottom], wide, tall) {
  context.beginPath()
  context.rect(0, 0, wide, tall)
  context.rect(left, top, right - left, bottom - top)
  // a field of a few pixels would be hard to see, and so would the pixels that others read
  const small = Math.max(right - left, bottom - top) < SMALL_FIELD
  context.globalCompositeOperation = "saturation"
  context.fillStyle = small ? "rgb(128 128 128 / 0%)" : "rgb(128 128 128 / 70%)"
  context.fill("evenodd")
  context.globalCompositeOperation = "source-over"
  context.fillStyle = small ? "rgb(0 0 0 / 12%)" : "rgb(0 0 0 / 32%)"
  context.fill("evenodd")
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} box in CSS px
 */
function outline(context, [left, top, right, bottom]) {
  const side = Math.max(MIN_BOX, right - left)
  const high = Math.max(MIN_BOX, bottom - top)
  const [x, y] = [left - (side - right + left) / 2, top - (high - bottom + top) / 2]
  context.lineWidth = forLine(LINE) + 2
  context.strokeStyle = "rgb(0 0 0 / 60%)"
  context.strokeRect(x, y, side, high)
  context.lineWidth = forLine(LINE)
  context.strokeStyle = FIELD_COLOUR
  context.strokeRect(x, y, side, high)
}

/**
 * Paints the pixels that no output reads in grey.
 * @param {CanvasRenderingContext2D} context
 * @param {Boxes} fact
 * @param {number} tall
 * @param {number} wide
 * @param {number} scale
 */
function hideUnread(context, fact, tall, wide, scale) {
  if (neverRead(fact, tall, wide) === 0) return
  context.fillStyle = "rgb(90 90 90 / 80%)"
  context.beginPath() // filled in one path, so that crossings are not painted twice
  reads(tall, 0, fact).forEach((read, row) => {
    if (!read) context.rect(0, row * scale, wide * scale, scale)
  })
  reads(wide, 1, fact).forEach((read, column) => {
    if (!read) context.rect(column * scale, 0, scale, tall * scale)
  })
  context.fill()
}
