// A stack of maps or kernels on one canvas: its layout, its colours, and the place under the pointer.

import { arrange, NAME } from "./arrangement.js"
import { asPicture, colours, themed } from "./colours.js"
import { drawMark, MARK, stands } from "./marks.js"
import { nearly } from "./nearly.js"
import { contextOf, frame, penOn, penOnBlank, pixelRatio, size } from "./pen.js"
import { ranges } from "./ranges.js"
import { shownMaps, tileOf } from "./tiles.js"
import { forType } from "./type.js"

/** @import {Plan} from "./arrangement.js" */
/** @import {Block, Place} from "./buffer.js" */
/** @import {Style} from "./pen.js" */
/** @import {Ranges} from "./ranges.js" */
/** @import {Drawing, Tile} from "./tiles.js" */

const OUTLINE = 3
const MIN_FRAME = 5 // CSS px of a side
const LABEL = 20 // CSS px, height of a value
const LEAST_TOLD = { wide: 60, tall: 2 * LABEL } // smaller maps have a value only under the pointer
const NARROWEST_LETTERS = 0.8 // of their usual width

export class Stack {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLCanvasElement} overlay for marks
   */
  constructor(canvas, overlay) {
    this.canvas = canvas
    this.overlay = overlay
    this.offscreen = document.createElement("canvas")
    /** @type {Tile[]} */
    this.tiles = []
    /** @type {ImageData | null} */
    this.image = null
    this.label = 0
    // The last arguments of `draw`; not read before its first call.
    this.block = /** @type {Block} */ (/** @type {unknown} */ (null))
    this.plan = /** @type {Plan} */ (/** @type {unknown} */ (null))
    this.style = /** @type {Style} */ (/** @type {unknown} */ (null))
    this.range = /** @type {Ranges} */ (/** @type {unknown} */ (null))
  }

  /**
   * @param {Block} block
   * @param {Drawing} drawing
   */
  draw(block, drawing) {
    const { width, names, style, picture = null } = drawing
    const [, rows, columns] = block.shape
    const shown = shownMaps(block, drawing)
    const plan = arrange({
      ...drawing,
      count: shown.length,
      rows,
      columns,
      rowLength: drawing.only === null ? drawing.rowLength : 1,
      ratio: pixelRatio(),
    })
    const longest = () => longestName(this.canvas, picture ? [...names, picture] : names, style)
    const label = plan.named ? Math.min(plan.cell, longest()) : 0
    const step = {
      x: Math.max(plan.wide, label) + plan.gap,
      y: plan.tall + plan.gap + (plan.named && [...names, picture].some(Boolean) ? forType(NAME) : 0),
    }
    this.block = block
    this.plan = plan
    this.label = step.x - plan.gap
    this.style = style
    const near = drawing.kind === "map" ? (drawing.near ?? nearly(block, drawing.sizes)) : []
    const range = ranges(block, drawing.scale, drawing.kind, { ...drawing, near })
    this.range = { ...range, table: themed(range.table, style) }
    this.tiles = shown.map((map, i) => tileOf(map, i, block, drawing, plan, step))
    for (const canvas of [this.canvas, this.overlay]) size(canvas, width, step.y * plan.down - plan.gap)
    this.paint(rows, columns)
  }

  /**
   * @param {number} rows
   * @param {number} columns
   */
  paint(rows, columns) {
    const context = contextOf(this.canvas)
    const ratio = pixelRatio()
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, this.canvas.width, this.canvas.height)
    context.imageSmoothingEnabled = false
    const image = this.sheet(columns, rows * this.tiles.length)
    const words = new Uint32Array(image.data.buffer)
    this.tiles.forEach((tile, i) => {
      if (tile.coloured) asPicture(this.block, words, i * rows * columns, rows * columns)
      else this.fill(words, i * rows * columns, tile.map, rows * columns)
    })
    contextOf(this.offscreen).putImageData(image, 0, 0)
    this.tiles.forEach((tile, i) => {
      // edges are rounded, not sizes, so that the last column stays on the canvas
      const [left, top] = [tile.x, tile.y].map((edge) => Math.round(edge * ratio))
      const [right, bottom] = [tile.x + tile.wide, tile.y + tile.tall].map((edge) => Math.round(edge * ratio))
      const [wide, tall] = [right - left, bottom - top]
      tile.device = [left, top, wide, tall]
      context.drawImage(this.offscreen, 0, i * rows, tile.columns, tile.rows, left, top, wide, tall)
    })
    this.canvas.dataset.tiles = JSON.stringify(this.tiles.map((tile) => [tile.map, ...tile.device]))
    context.scale(ratio, ratio)
    this.write(context)
  }

  /**
   * The pixels to fill, all maps below one another; reallocated only when their size changes, because
   * a dozen megabytes at every step would keep the garbage collector busy.
   * @param {number} wide
   * @param {number} tall
   */
  sheet(wide, tall) {
    if (this.image?.width !== wide || this.image.height !== tall) {
      this.offscreen.width = wide
      this.offscreen.height = tall
      this.image = new ImageData(wide, tall)
    }
    return this.image
  }

  /**
   * @param {Uint32Array} words
   * @param {number} at
   * @param {number} map
   * @param {number} length
   */
  fill(words, at, map, length) {
    const table = this.coloursOf(map)
    const pixels = this.block.pixels
    const from = map * length
    for (let i = 0; i < length; i++) words[at + i] = table[pixels[from + i]]
  }

  /**
   * The colour of each of a map's 256 bytes.
   * @param {number} map
   */
  coloursOf(map) {
    return colours(this.block, map, this.range.each[map], this.range.table)
  }

  /** @param {CanvasRenderingContext2D} context */
  write(context) {
    if (!this.plan.named) return
    context.font = `${this.style.size}px ${this.style.font}`
    context.textBaseline = "top"
    context.textAlign = "left"
    for (const tile of this.tiles) this.name(context, tile, tile.title)
  }

  /**
   * A name, after its mark if there is room.
   * @param {CanvasRenderingContext2D} context
   * @param {Tile} tile
   * @param {string} name
   */
  name(context, tile, name) {
    const { mark, x } = tile
    const below = tile.y + tile.tall
    const indent = stands(mark) && context.measureText(name).width <= this.label - MARK ? MARK : 0
    if (mark && indent) drawMark(context, x + 7, below + 11, mark, this.style.text)
    context.fillStyle = this.style.text
    const room = this.label - indent
    context.fillText(fitting(context, name, room), x + indent, below + 4, room)
  }

  /**
   * The map and its pixel under a point of the canvas, or null between the maps.
   * @param {number} x
   * @param {number} y
   * @returns {Place | null}
   */
  at(x, y) {
    for (const tile of this.tiles) {
      const [column, row] = [(x - tile.x) / this.plan.scale, (y - tile.y) / this.plan.scale]
      if (column >= 0 && row >= 0 && column < tile.columns && row < tile.rows) {
        return { map: tile.map, row: Math.floor(row), column: Math.floor(column) }
      }
    }
    return null
  }

  /**
   * Marks one pixel in every map, and shows its value in a corner.
   * @param {Place | null} place
   * @param {((map: number) => string) | null} words  what is said of a map; null for nothing
   */
  mark(place, words) {
    const context = penOnBlank(this.overlay)
    if (!place) return
    const scale = this.plan.scale
    for (const tile of this.tiles) {
      if (place.row >= tile.rows || place.column >= tile.columns) continue
      const [x, y] = [tile.x + place.column * scale, tile.y + place.row * scale]
      const side = Math.max(scale, MIN_FRAME)
      const inset = (side - scale) / 2
      const here = tile.map === place.map
      frame(context, x - inset, y - inset, side, here ? 2.5 : 1.5, here)
      if (words && !tile.coloured) this.tell(context, tile, place, words(tile.map))
    }
  }

  /**
   * Frames whole maps.
   * @param {number[]} maps
   */
  outline(maps) {
    const context = penOn(this.overlay)
    for (const { map, coloured, x, y, wide, tall } of this.tiles) {
      if (maps.includes(map) && !coloured) frame(context, x + 2, y + 2, wide - 4, OUTLINE, true, tall - 4)
    }
    this.overlay.dataset.outlined = maps.join(" ")
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Tile} tile
   * @param {Place} place
   * @param {string} text
   */
  tell(context, tile, place, text) {
    context.font = `600 ${this.style.size}px ${this.style.font}`
    const wide = context.measureText(text).width + 8
    const small = tile.wide < LEAST_TOLD.wide || tile.tall < LEAST_TOLD.tall
    if (small && tile.map !== place.map) return // labels would hide small maps
    const [corner, y] = cornerFor(tile, place, wide)
    const x = Math.max(0, Math.min(corner, this.overlay.width / pixelRatio() - wide))
    context.fillStyle = this.style.background
    context.fillRect(x, y, wide, LABEL)
    context.fillStyle = this.style.text
    context.textBaseline = "middle"
    context.textAlign = "left"
    context.fillText(text, x + 4, y + LABEL / 2 + 1)
  }
}

/**
 * The corner of a tile that is farthest from a place, for a label.
 * @param {Tile} tile
 * @param {Place} place
 * @param {number} wide of the label
 */
export function cornerFor(tile, { row, column }, wide) {
  const right = column < tile.columns / 2
  const bottom = row < tile.rows / 2
  return [tile.x + (right ? Math.max(0, tile.wide - wide) : 0), tile.y + (bottom ? Math.max(0, tile.tall - LABEL) : 0)]
}

/**
 * A name that is no wider than its room: letters are narrowed a little, then the end is left out.
 * @param {Pick<CanvasRenderingContext2D, "measureText">} context
 * @param {string} name
 * @param {number} room
 */
export function fitting(context, name, room) {
  const fits = (/** @type {string} */ text) => NARROWEST_LETTERS * context.measureText(text).width <= room
  if (fits(name)) return name
  const letters = [...name]
  while (letters.length && !fits(`${letters.join("")}…`)) letters.pop()
  return `${letters.join("").trimEnd()}…`
}

/**
 * Width of the longest name with its mark, CSS px.
 * @param {HTMLCanvasElement} canvas
 * @param {string[]} names
 * @param {Style} style
 */
function longestName(canvas, names, style) {
  const context = contextOf(canvas)
  context.font = `${style.size}px ${style.font}`
  return MARK + Math.max(...names.map((name) => context.measureText(name).width))
}
