// Draws a painting: the photo, its rectangles in the colours of their classes, and the line below.

import { cssColour, readableOn, TABLES, themed } from "../javascript/colours.js"
import { penOnBlank, styleOf } from "../javascript/pen.js"

/** @import {Style} from "../javascript/pen.js" */
/** @import {Box, State} from "./state.js" */

const SHADES = [0.8, 0.2] // of the colour map of signed values, where the maps of the decision end
const BADGE = 18 // CSS px, its height
const HANDLE = 9
const DASHES = [6, 5]

/** @param {State} s */
export function drawPainting(s) {
  s.width = s.root.clientWidth
  if (s.width < 20 || !s.root.isConnected) return
  const style = styleOf(s.root)
  s.stack.draw(s.photo, {
    width: s.width,
    height: s.data.height_px,
    scale: "shared",
    kind: "colour",
    names: [""],
    rowLength: 1,
    only: null,
    fill: true,
    style,
  })
  drawBoxes(s, style)
}

/**
 * @param {State} s
 * @param {Style} [style]
 */
export function drawBoxes(s, style = styleOf(s.root)) {
  const context = penOnBlank(s.stack.overlay)
  for (const [n, box] of s.items.entries()) drawBox(s, context, box, style, n === s.selected)
  if (s.drawn) drawBox(s, context, s.drawn, style, true)
  s.stack.overlay.dataset.boxes = JSON.stringify(s.items)
  showControls(s, style)
}

/**
 * @param {State} s
 * @param {Style} style
 */
function showControls(s, style) {
  const { classes, remove, clear, said } = s.el
  const { disabled } = s.data
  for (const [kind, button] of classes.entries()) {
    button.disabled = disabled
    button.setAttribute("aria-pressed", String(kind === s.kind))
    button.style.setProperty("--class", cssColour(shade(kind, style)))
    button.style.setProperty("--on-class", readableOn(shade(kind, style)))
  }
  remove.disabled = disabled || s.selected < 0
  clear.disabled = disabled || !s.items.length
  const words = told(s)
  if (said.textContent !== words) said.textContent = words
}

/**
 * @param {State} s
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {Style} style
 * @param {boolean} strong
 */
function drawBox(s, context, [kind, top, left, bottom, right], style, strong) {
  const [tile] = s.stack.tiles
  const [y, x] = [tile.y + (top * tile.tall) / 1000, tile.x + (left * tile.wide) / 1000]
  const [tall, wide] = [((bottom - top) * tile.tall) / 1000, ((right - left) * tile.wide) / 1000]
  const colour = cssColour(shade(kind, style))
  const path = new Path2D()
  path.rect(x, y, wide, tall)
  stroke(context, path, colour, strong ? 4 : 2)
  const middle = new Path2D(`M ${x + wide / 2} ${y} v ${tall}`)
  context.setLineDash(DASHES)
  stroke(context, middle, colour, 1.5)
  context.setLineDash([])
  badge(
    context,
    s.data.classes[kind],
    x,
    y < BADGE ? y + tall : y - BADGE,
    colour,
    readableOn(shade(kind, style)),
    style,
  )
  if (strong) handle(context, x + wide, y + tall)
}

/**
 * A line that is visible on dark and on light.
 * @param {CanvasRenderingContext2D} context
 * @param {Path2D} path
 * @param {string} colour
 * @param {number} width
 */
function stroke(context, path, colour, width) {
  context.lineWidth = width + 2
  context.strokeStyle = "rgb(0 0 0 / 75%)"
  context.stroke(path)
  context.lineWidth = width
  context.strokeStyle = colour
  context.stroke(path)
}

/**
 * The name of the class on a tab at the rectangle.
 * @param {CanvasRenderingContext2D} context
 * @param {string} name
 * @param {number} x
 * @param {number} y
 * @param {string} colour
 * @param {string} ink
 * @param {Style} style
 */
function badge(context, name, x, y, colour, ink, style) {
  context.font = `700 ${style.size}px ${style.font}`
  const wide = Math.max(BADGE, context.measureText(name).width + 8)
  context.fillStyle = colour
  context.fillRect(x - 1, y, wide, BADGE)
  context.fillStyle = ink
  context.textAlign = "center"
  context.textBaseline = "middle"
  context.fillText(name, x + wide / 2, y + BADGE / 2 + 1)
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 */
function handle(context, x, y) {
  context.fillStyle = "#000000"
  context.fillRect(x - HANDLE / 2 - 1.5, y - HANDLE / 2 - 1.5, HANDLE + 3, HANDLE + 3)
  context.fillStyle = "#ffffff"
  context.fillRect(x - HANDLE / 2, y - HANDLE / 2, HANDLE, HANDLE)
}

/**
 * The colour of a class, packed.
 * @param {number} kind
 * @param {Style} style
 */
function shade(kind, style) {
  return TABLES[themed("activation", style)][Math.round(255 * SHADES[kind % SHADES.length])]
}

/** @param {State} s */
function told({ t, items, selected, data: { classes, most } }) {
  const box = items[selected]
  if (box) {
    const [kind, top, left, bottom, right] = box.map((number, n) => (n ? Math.round(number / 10) : number))
    const place = { n: selected + 1, all: items.length, name: classes[kind], top, left, bottom, right }
    return t("Rectangle {n} of {all}, class {name}: {top} to {bottom} % down, {left} to {right} % across", place)
  }
  if (items.length >= most) return t("{most} rectangles are the most. Select one to delete it.", { most })
  return t("Drag to draw a rectangle. Click one to select it.")
}
