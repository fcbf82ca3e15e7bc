// Colour maps: 256 packed colours each, from the stops in assets/colours.json.

import COLOURS from "../../../assets/colours.json" with { type: "json" }

/** @import {Block} from "./buffer.js" */
/** @import {Range} from "./ranges.js" */

/**
 * @typedef {"sequential" | "activation" | "weight" | "activation_dark" | "weight_dark" | "grey" | "classes" | "mask"} Table  name of a colour map
 * @typedef {"map" | "weight" | "class" | "mask" | "colour" | "grey"} Kind  the kind of a block's maps
 */

// The accent, for receptive fields and marks.
export const FIELD_COLOUR = COLOURS.field

// Of red, green and blue, by name.
export const PRIMARIES = COLOURS.primaries

// Of the branches of an Inception module, by name.
export const BRANCHES = COLOURS.branches

/** @type {Record<Table, Uint32Array>} */
export const TABLES = {
  sequential: lookup(COLOURS.sequential),
  activation: lookup(COLOURS.activation),
  weight: lookup(COLOURS.weight),
  activation_dark: lookup(COLOURS.activation_dark),
  weight_dark: lookup(COLOURS.weight_dark),
  grey: lookup(["#000000", "#ffffff"]),
  classes: lookup(COLOURS.classes),
  mask: lookup(["#6e6e6e", COLOURS.field]),
}

// Of bars, for every whole degree; the last, of 180°, is the first again.
export const ORIENTATIONS = lookup(COLOURS.orientation, 181)

/** @param {string} hex */
function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16))
}

/**
 * Packed colours from the first of evenly spaced stops to the last.
 * @param {string[]} stops
 * @param {number} [count]
 */
export function lookup(stops, count = 256) {
  const table = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    const at = (i / (count - 1)) * (stops.length - 1)
    const left = Math.min(Math.floor(at), stops.length - 2)
    const [from, to] = [channels(stops[left]), channels(stops[left + 1])]
    const [r, g, b] = from.map((value, k) => Math.round(value + (to[k] - value) * (at - left)))
    table[i] = (255 << 24) | (b << 16) | (g << 8) | r // little endian RGBA
  }
  return table
}

/**
 * The colour map for the page's theme: the middle of one that diverges is near the page's ground.
 * @param {Table} table
 * @param {{dark: boolean}} style
 * @returns {Table}
 */
export function themed(table, { dark }) {
  if (!dark) return table
  return table === "activation" ? "activation_dark" : table === "weight" ? "weight_dark" : table
}

const AS_FAR_FROM_BLACK_AS_FROM_WHITE = 0.179 // relative luminance, by the contrast ratio of WCAG 2.2

/**
 * The colour of letters on a ground.
 * @param {number} packed
 */
export function readableOn(packed) {
  const light = [0, 8, 16].map((shift) => {
    const coded = ((packed >> shift) & 255) / 255
    return coded <= 0.04045 ? coded / 12.92 : ((coded + 0.055) / 1.055) ** 2.4
  })
  const luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
  return luminance > AS_FAR_FROM_BLACK_AS_FROM_WHITE ? "#000000" : "#ffffff"
}

/**
 * The colour of class `i` of `count`, packed.
 * @param {number} i
 * @param {number} count
 * @param {Table} [table]
 */
export function classColour(i, count, table = "classes") {
  return TABLES[table][count > 1 ? Math.round((255 * i) / (count - 1)) : 0]
}

/** @param {number} packed */
export function cssColour(packed) {
  return `rgb(${packed & 255} ${(packed >> 8) & 255} ${(packed >> 16) & 255})`
}

/**
 * A colour map as a CSS gradient.
 * @param {Table} table
 */
export function cssGradient(table) {
  const stops = /** @type {Record<string, unknown>} */ (COLOURS)[table]
  return `background: linear-gradient(to right, ${/** @type {string[]} */ (stops).join(", ")})`
}

/**
 * The hue of an orientation of bars, the same on every page.
 * @param {number} degrees
 */
export function orientationColour(degrees) {
  return cssColour(ORIENTATIONS[((Math.round(degrees) % 180) + 180) % 180])
}

/**
 * The three maps of a picture as its red, green and blue, clamped to [0, 1], packed.
 * @param {Block} block
 * @param {Uint32Array} words the destination
 * @param {number} at index of the first pixel in it
 * @param {number} length pixels of a map
 */
export function asPicture(block, words, at, length) {
  const levels = [0, 1, 2].map((i) => {
    const [low, high] = [block.low[i], block.high[i]]
    const level = (/** @type {number} */ byte) => Math.min(1, Math.max(0, low + (byte / 255) * (high - low)))
    return Uint8Array.from({ length: 256 }, (_, byte) => 255 * level(byte) + 0.5)
  })
  const [r, g, b] = [0, 1, 2].map((i) => block.pixels.subarray(i * length, (i + 1) * length))
  for (let i = 0; i < length; i++) {
    words[at + i] = (255 << 24) | (levels[2][b[i]] << 16) | (levels[1][g[i]] << 8) | levels[0][r[i]]
  }
}

/**
 * The colour of each of a map's 256 bytes.
 * @param {Pick<Block, "low" | "high">} block
 * @param {number} i
 * @param {Range} range
 * @param {Table} table
 */
export function colours(block, i, range, table) {
  const [low, high] = [block.low[i], block.high[i]]
  const width = range.high - range.low
  const nothing = ["sequential", "classes", "mask"].includes(table) ? 0 : 0.5 // for a range of no width
  const out = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    const exact = low + (byte / 255) * (high - low)
    const value = table === "classes" ? Math.round(exact) : exact
    const at = width > 0 ? (value - range.low) / width : nothing
    out[byte] = TABLES[table][Math.round(255 * Math.min(1, Math.max(0, at)))]
  }
  return out
}
