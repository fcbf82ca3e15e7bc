// Saves the view on screen as a picture: the panel with claim and address, as SVG or as PNG.

import { contextOf, styleOf } from "../javascript/pen.js"
import { svgOf } from "../javascript/svg.js"
import { draw } from "./draw.js"
import { isDrawn } from "./state.js"
import { itemsOf, widthIn } from "./view_items.js"

/** @import {Item, View, Words} from "../javascript/svg.js" */
/** @import {State} from "./state.js" */

const PAPER_MARGIN = 24 // CSS px around the view
const FOOT_PX = 14
const LEADING = 1.35
const PNG_WIDTH = 3000 // px; a sheet of A4 at 250 dots an inch

/**
 * Saves the view whenever the page asks for it; returns the function that ends this.
 * @param {State} s
 */
export function listenToSaving(s) {
  const save = (/** @type {Event} */ event) => {
    if (isDrawn(s)) saveView(s, /** @type {CustomEvent<"svg" | "png">} */ (event).detail)
  }
  addEventListener("pointwise-save", save)
  return () => removeEventListener("pointwise-save", save)
}

/**
 * @param {State & {header: {stage: string}}} s
 * @param {"svg" | "png"} ending
 */
async function saveView(s, ending) {
  const view = viewOf(s)
  const svg = () => new Blob([svgOf(view)], { type: "image/svg+xml" })
  const blob = ending === "svg" ? svg() : await pngOf(view)
  const link = document.createElement("a")
  link.href = URL.createObjectURL(blob)
  link.download = `${s.slug}-${s.header.stage}-view.${ending}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000) // the browser has read it by then
}

/**
 * @param {State} s
 * @param {{foot?: boolean}} [wanted]  whether the address stands below
 * @returns {View}
 */
export function viewOf(s, { foot: hasFoot = true } = {}) {
  const { width, height } = s.el.lab.getBoundingClientRect()
  const { text, background, font } = styleOf(s.root)
  const shown = itemsOf(s.el.lab, () => draw(s)).map((item) => ({
    ...item,
    x: item.x + PAPER_MARGIN,
    y: item.y + PAPER_MARGIN,
  }))
  const lines = hasFoot ? footOf(s, `400 ${FOOT_PX}px ${font}`, width) : []
  const foot = lines.map((line, n) => {
    const y = PAPER_MARGIN + height + FOOT_PX * (1 + n) * LEADING
    return written(line, PAPER_MARGIN, y, `400 ${FOOT_PX}px ${font}`, text)
  })
  return {
    width: width + 2 * PAPER_MARGIN,
    height: height + 2 * PAPER_MARGIN + FOOT_PX * LEADING * lines.length,
    background,
    title: `${s.el.title.textContent} · Pointwise`,
    items: [...shown, ...foot],
  }
}

/**
 * The picture's name and the address of the view, broken where they are too long.
 * @param {State} s
 * @param {string} font
 * @param {number} width
 */
function footOf(s, font, width) {
  const address = new URL(location.href)
  address.searchParams.delete("card")
  const parts = address.href.match(/[^&?]+[&?]?/g) ?? []
  const lines = [`${s.pictureName} · `]
  for (const part of parts) {
    const last = lines[lines.length - 1]
    if (widthIn(font, last + part) > width) lines.push(part)
    else lines[lines.length - 1] = last + part
  }
  return lines
}

/**
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {string} font
 * @param {string} fill
 * @returns {Words}
 */
function written(text, x, y, font, fill) {
  return { kind: "text", text, x, y, width: widthIn(font, text), font, fill, anchor: "start", opacity: 0.85 }
}

/**
 * @param {View} view
 * @returns {Promise<Blob>}
 */
async function pngOf(view) {
  const scale = PNG_WIDTH / view.width
  const canvas = document.createElement("canvas")
  canvas.width = PNG_WIDTH
  canvas.height = Math.round(view.height * scale)
  const context = contextOf(canvas)
  context.fillStyle = view.background
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.scale(scale, scale)
  context.imageSmoothingEnabled = false
  for (const item of view.items) await paint(context, item)
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png")
  })
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Item} item
 */
async function paint(context, item) {
  context.globalAlpha = "opacity" in item ? item.opacity : 1
  if (item.kind === "text") {
    context.font = item.font
    context.fillStyle = item.fill
    context.textAlign = item.anchor === "middle" ? "center" : item.anchor
    context.fillText(item.text, item.x, item.y, item.width)
    return
  }
  const { x, y, width, height } = item
  if (item.kind === "image") {
    const image = new Image()
    image.src = item.source
    await image.decode()
    context.drawImage(image, x, y, width, height)
    return
  }
  context.fillStyle = item.kind === "box" ? item.fill : gradientOn(context, x, width, item.colours)
  context.beginPath()
  context.roundRect(x, y, width, height, item.kind === "box" ? item.radius : 0)
  context.fill()
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} width
 * @param {string[]} colours
 */
function gradientOn(context, x, width, colours) {
  const gradient = context.createLinearGradient(x, 0, x + width, 0)
  colours.forEach((colour, n) => {
    gradient.addColorStop(n / Math.max(1, colours.length - 1), colour)
  })
  return gradient
}
