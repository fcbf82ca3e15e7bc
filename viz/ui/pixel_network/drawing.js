// The drawing of a perceptron: a column of units for each layer, and a line for each weight.

import { cssColour, readableOn, TABLES, themed } from "../javascript/colours.js"
import { svg } from "../javascript/elements.js"
import { contextOf } from "../javascript/pen.js"
import { activations, brief, largestProduct, strongest } from "./perceptron.js"
import { placesOf, sizeFor } from "./places.js"

/** @import {Style} from "../javascript/pen.js" */
/** @import {Translate} from "../javascript/translation.js" */
/** @import {Places} from "./places.js" */
/** @import {Data, Layer, Numbers} from "./state.js" */

const WIDEST = 12 // CSS px, of the line of the largest product
const PALEST = 0.25 // of a line whose product is 0
const POSITIVE = cssColour(TABLES.weight[204])
const NEGATIVE = cssColour(TABLES.weight[51])
const NAMED_INSIDE = 6 // units of a layer between others; more names would cover lines

/**
 * @typedef {object} Drawn  what is drawn
 * @property {Data} data
 * @property {number[][]} values  of all layers
 * @property {number[][]} shown  the units of each layer that are drawn
 * @property {Places} places
 * @property {Style} style
 */

/**
 * @param {Data} data
 * @param {Numbers} numbers
 * @param {number} width  CSS px
 * @param {Style} style
 * @param {Translate} t
 */
export function networkOf(data, { inputs, maps }, width, style, t) {
  const values = activations(inputs, data.weights)
  const shown = values.map(strongest)
  const font = `600 ${sizeFor(width).letters}px ${style.font}`
  const longest = (/** @type {number} */ n) => longestName(data.layers[n], shown[n], font)
  const counts = shown.map(({ length }) => length)
  const places = placesOf(width, counts, [longest(0), longest(shown.length - 1)])
  const drawn = { data, values, shown, places, style }
  return svg(
    "svg",
    { width, height: places.height, role: "img", "aria-label": described(drawn), "font-size": places.letters },
    ...data.weights.flatMap((_, n) => linesOf(drawn, n)),
    ...data.layers.flatMap((_, n) => [...unitsOf(drawn, n), titleOf(drawn, n)]),
    ...(places.compared ? mapsOf(drawn, maps, t) : []),
  )
}

/**
 * The lines between a layer and the next; a weight of 0 has none.
 * @param {Drawn} drawn
 * @param {number} n
 */
function linesOf({ data, values, shown, places: { x, y, box } }, n) {
  const { matrix } = data.weights[n]
  const largest = largestProduct(data.layers[n], data.weights[n]) || 1
  const ends = { x1: x[n] + box.wide / 2, x2: x[n + 1] - box.wide / 2 }
  const all = shown[n + 1].flatMap((to, row) => shown[n].map((from, column) => ({ to, from, row, column })))
  const lines = all.map(({ to, from, row, column }) => {
    const weight = matrix[to][from]
    const share = Math.min(1, Math.abs(weight * values[n][from]) / largest)
    return { weight, share, y1: y[n][column], y2: y[n + 1][row] }
  })
  const there = lines.filter(({ weight }) => weight !== 0).sort((a, b) => a.share - b.share)
  return there.map(({ weight, share, ...heights }) =>
    svg("line", {
      ...ends,
      ...heights,
      stroke: weight > 0 ? POSITIVE : NEGATIVE,
      "stroke-width": Math.max(1, WIDEST * share),
      "stroke-opacity": PALEST + (1 - PALEST) * share,
    }),
  )
}

/**
 * The units of a layer with their numbers and names.
 * @param {Drawn} drawn
 * @param {number} n
 */
function unitsOf({ data, values, shown, places, style }, n) {
  const layer = data.layers[n]
  const last = data.layers.length - 1
  return shown[n].map((unit, row) => {
    const at = { x: places.x[n], y: places.y[n][row] }
    const name = layer.names[unit]
    const box = boxOf(at, values[n][unit], name, layer, places, style)
    return svg("g", { class: "unit" }, box, ...nameOf(name, n, last, at, places, shown[n].length))
  })
}

/**
 * The numbers of the maps beside the outputs that they equal.
 * @param {Drawn} drawn
 * @param {number[]} maps
 * @param {Translate} t
 */
function mapsOf({ data, shown, places, style }, maps, t) {
  const n = data.layers.length - 1
  const { names } = data.layers[n]
  const x = places.x[n + 1]
  const middle = (places.x[n] + x) / 2
  const parts = shown[n].map((unit, row) => {
    const y = places.y[n][row]
    const box = boxOf({ x, y }, maps[unit], names[unit], data.layers[n], places, style)
    const name = text(names[unit], { x: x + places.box.wide / 2 + 8, y, class: "name", "text-anchor": "start" })
    return svg("g", { class: "map" }, text("=", { x: middle, y, class: "equals" }), box, name)
  })
  return [...parts, heading(x, t("map"), t("above"))]
}

/**
 * A box in the colour of its number.
 * @param {{x: number, y: number}} at
 * @param {number} value
 * @param {string} name
 * @param {Layer} layer
 * @param {Places} places
 * @param {Style} style
 */
function boxOf({ x, y }, value, name, layer, { box }, style) {
  const packed = colourOf(value, layer, style)
  const place = { x: x - box.wide / 2, y: y - box.tall / 2, width: box.wide, height: box.tall, rx: 4 }
  return svg(
    "g",
    {},
    svg("title", {}, `${name}: ${Number(value.toPrecision(6))}`),
    svg("rect", { ...place, fill: cssColour(packed), class: "box" }),
    text(brief(value), { x, y, style: `fill: ${readableOn(packed)}`, class: "number" }),
  )
}

/**
 * The colour of a number in its layer's range, which is the same at every pixel.
 * @param {number} value
 * @param {Layer} layer
 * @param {Style} style
 */
function colourOf(value, { low, high }, style) {
  const reach = Math.max(-low, high) || 1
  const table = low < 0 ? themed("activation", style) : "sequential"
  const at = low < 0 ? 0.5 + value / reach / 2 : value / reach
  return TABLES[table][Math.round(255 * Math.min(1, Math.max(0, at)))]
}

/**
 * The name of a unit: outside the first layer, above those between, and beside the last one if
 * there are no maps with the same name.
 * @param {string} name
 * @param {number} n
 * @param {number} last
 * @param {{x: number, y: number}} at
 * @param {Places} places
 * @param {number} count
 */
function nameOf(name, n, last, { x, y }, { box, compared, letters }, count) {
  const beside = box.wide / 2 + 8
  if (n === 0) return [text(name, { x: x - beside, y, class: "name", "text-anchor": "end" })]
  if (n === last) return compared ? [] : [text(name, { x: x + beside, y, class: "name", "text-anchor": "start" })]
  return count > NAMED_INSIDE ? [] : [text(name, { x, y: y - box.tall / 2 - 0.7 * letters, class: "name" })]
}

/**
 * @param {Drawn} drawn
 * @param {number} n
 */
function titleOf({ data, values, shown, places }, n) {
  const [all, some] = [values[n].length, shown[n].length]
  return heading(places.x[n], data.layers[n].title, all === some ? String(all) : `${some} / ${all}`)
}

/**
 * Two lines above a column.
 * @param {number} x
 * @param {string} first
 * @param {string} second
 */
function heading(x, first, second) {
  return svg("g", { class: "heading" }, text(first, { x, y: 10 }), text(second, { x, y: 31 }))
}

/**
 * The width of the longest name of the drawn units.
 * @param {Layer} layer
 * @param {number[]} shown
 * @param {string} font
 */
function longestName({ names }, shown, font) {
  const context = contextOf(document.createElement("canvas"))
  context.font = font
  return Math.max(...shown.map((unit) => context.measureText(names[unit]).width))
}

/** @param {Drawn} drawn */
function described({ data, values, shown }) {
  const last = data.layers.length - 1
  const outputs = shown[last].map((unit) => `${data.layers[last].names[unit]} ${brief(values[last][unit])}`)
  return `${data.alt}: ${outputs.join(", ")}`
}

/**
 * @param {string} content
 * @param {Record<string, unknown>} attributes
 */
function text(content, attributes) {
  return svg("text", { "text-anchor": "middle", "dominant-baseline": "central", ...attributes }, content)
}
