// The view on screen as items of a picture: what elements show, and what canvases draw.

import { contextOf, pixelRatio } from "../javascript/pen.js"

/** @import {Item, Words} from "../javascript/svg.js" */

// What can only be clicked says nothing on paper.
const LEFT_OUT = "button.small, .help, .try, .notice, .compare, dialog, input, .option input, .spots, [inert]"
const ANCHORS = { left: "start", start: "start", center: "middle", right: "end", end: "end" }

/**
 * Everything that an element shows, in CSS px from its upper left corner.
 * @param {HTMLElement} root
 * @param {() => void} redraw  draws all canvases again
 * @returns {Item[]}
 */
export function itemsOf(root, redraw) {
  const origin = root.getBoundingClientRect()
  const canvases = [...root.querySelectorAll("canvas")].filter(isSeen)
  const written = withoutText(canvases, redraw)
  /** @type {Item[]} */
  const items = []
  for (const element of [root, ...root.querySelectorAll("*")]) {
    if (!(element instanceof HTMLElement) || element.closest(LEFT_OUT) || !isSeen(element)) continue
    if (element instanceof HTMLCanvasElement) items.push(...drawn(element, written.get(element), origin))
    else items.push(...boxes(element, origin), ...words(element, origin))
  }
  redraw()
  return items
}

/** @param {HTMLElement} element */
function isSeen(element) {
  const { width, height } = element.getBoundingClientRect()
  return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true })
}

/**
 * Draws all canvases without their text, and returns the text: on paper it stays text.
 * @param {HTMLCanvasElement[]} canvases
 * @param {() => void} redraw
 */
function withoutText(canvases, redraw) {
  /** @type {Map<HTMLCanvasElement, Words[]>} */
  const written = new Map()
  for (const canvas of canvases) {
    const context = contextOf(canvas)
    /** @type {Words[]} */
    const texts = []
    written.set(canvas, texts)
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, canvas.width, canvas.height)
    context.fillText = (...text) => texts.push(noted(context, ...text))
  }
  redraw()
  for (const canvas of canvases) Reflect.deleteProperty(contextOf(canvas), "fillText")
  return written
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {number} [most]
 * @returns {Words}
 */
function noted(context, text, x, y, most) {
  const ratio = pixelRatio()
  const at = context.getTransform().transformPoint({ x, y: y + toBaseline(context, text) })
  return {
    kind: "text",
    x: at.x / ratio,
    y: at.y / ratio,
    width: Math.min(context.measureText(text).width, most ?? Infinity),
    text,
    anchor: /** @type {Words["anchor"]} */ (ANCHORS[context.textAlign]),
    font: context.font,
    fill: String(context.fillStyle),
    opacity: context.globalAlpha,
  }
}

/**
 * From where a context puts text down to the baseline of its letters.
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 */
function toBaseline(context, text) {
  const ascent = () => context.measureText(text).fontBoundingBoxAscent
  const [own, before] = [ascent(), context.textBaseline]
  context.textBaseline = "alphabetic"
  const whole = ascent()
  context.textBaseline = before
  return whole - own
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Words[]} texts
 * @param {DOMRect} origin
 * @returns {Item[]}
 */
function drawn(canvas, texts = [], origin) {
  const { x, y, width, height } = within(canvas.getBoundingClientRect(), origin)
  /** @type {Item} */
  const image = { kind: "image", x, y, width, height, source: canvas.toDataURL("image/png") }
  return [image, ...texts.map((text) => ({ ...text, x: text.x + x, y: text.y + y }))]
}

/**
 * The ground of an element, and the line below it.
 * @param {HTMLElement} element
 * @param {DOMRect} origin
 * @returns {Item[]}
 */
function boxes(element, origin) {
  const style = getComputedStyle(element)
  const place = within(element.getBoundingClientRect(), origin)
  const colours = style.backgroundImage.startsWith("linear-gradient") && colourStops(style.backgroundImage)
  if (colours) return [{ kind: "gradient", ...place, colours }]
  /** @type {Item[]} */
  const found = []
  const box = { kind: /** @type {const} */ ("box"), radius: parseFloat(style.borderRadius) || 0 }
  const shown = { opacity: opacityOf(element) }
  if (isVisible(style.backgroundColor)) found.push({ ...box, ...shown, ...place, fill: style.backgroundColor })
  const line = style.borderBottomStyle === "solid" ? parseFloat(style.borderBottomWidth) : 0
  if (line > 1 && isVisible(style.borderBottomColor)) {
    const bottom = { ...place, y: place.y + place.height - line, height: line }
    found.push({ ...box, ...shown, ...bottom, fill: style.borderBottomColor })
  }
  return found
}

/** @param {string} colour */
function isVisible(colour) {
  return colour !== "transparent" && !/(^rgba\(.*,|\/)\s*0\)$/.test(colour)
}

/** @param {string} gradient */
function colourStops(gradient) {
  return gradient.match(/rgba?\([^)]*\)|#[0-9a-f]{3,8}/gi)
}

/** @param {HTMLElement} element */
function opacityOf(element) {
  let opacity = 1
  /** @type {Element | null} */
  let node = element
  for (; node; node = node.parentElement) opacity *= Number(getComputedStyle(node).opacity)
  return opacity
}

/**
 * The text that an element holds itself, line by line as it is broken on screen.
 * @param {HTMLElement} element
 * @param {DOMRect} origin
 * @returns {Words[]}
 */
function words(element, origin) {
  if (element instanceof HTMLSelectElement) return [chosenOption(element, origin)]
  if (element instanceof HTMLOptionElement) return []
  const style = getComputedStyle(element)
  const look = lookOf(element, style)
  const lines = [...element.childNodes].flatMap((node) => (node instanceof Text ? linesOf(node) : []))
  return lines.map(({ text, rect }) => {
    const { x, y, width, height } = within(rect, origin)
    return { ...look, x, y: y + baselineIn(look.font, height), width, text }
  })
}

/**
 * The chosen option, where the menu shows it.
 * @param {HTMLSelectElement} menu
 * @param {DOMRect} origin
 * @returns {Words}
 */
function chosenOption(menu, origin) {
  const style = getComputedStyle(menu)
  const look = lookOf(menu, style)
  const { x, y, height } = within(menu.getBoundingClientRect(), origin)
  const left = x + parseFloat(style.paddingLeft) + parseFloat(style.borderLeftWidth)
  const text = menu.selectedOptions[0]?.text ?? ""
  return { ...look, x: left, y: y + baselineIn(look.font, height), width: widthIn(look.font, text), text }
}

/**
 * @param {HTMLElement} element
 * @param {CSSStyleDeclaration} style
 */
function lookOf(element, style) {
  return {
    kind: /** @type {const} */ ("text"),
    anchor: /** @type {const} */ ("start"),
    font: `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`,
    fill: style.color,
    opacity: opacityOf(element),
  }
}

/** @param {Text} node */
function linesOf(node) {
  const range = document.createRange()
  /** @type {{text: string, rect: DOMRect}[]} */
  const lines = []
  for (const { 0: word, index } of node.data.matchAll(/\S+\s*/g)) {
    range.setStart(node, index)
    range.setEnd(node, index + word.trimEnd().length)
    const rect = range.getBoundingClientRect()
    const last = lines.at(-1)
    if (last && Math.abs(last.rect.top - rect.top) < 2) {
      last.text += word
      last.rect.width = rect.right - last.rect.left
    } else if (rect.width > 0) lines.push({ text: word, rect })
  }
  return lines.map(({ text, rect }) => ({ text: text.trimEnd(), rect }))
}

const PEN = document.createElement("canvas")

/**
 * Where the baseline lies in a line of a height.
 * @param {string} font
 * @param {number} height
 */
function baselineIn(font, height) {
  const context = contextOf(PEN)
  context.font = font
  const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = context.measureText("x")
  return (height - up - down) / 2 + up
}

/**
 * @param {string} font
 * @param {string} text
 */
export function widthIn(font, text) {
  const context = contextOf(PEN)
  context.font = font
  return context.measureText(text).width
}

/**
 * @param {DOMRect} rect
 * @param {DOMRect} origin
 */
function within({ x, y, width, height }, origin) {
  return { x: x - origin.x, y: y - origin.y, width, height }
}
