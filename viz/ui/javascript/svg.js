// A view as SVG: boxes, colour gradients and pictures, and text as text.

/**
 * @typedef {object} Place  CSS px of the view
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 *
 * @typedef {Place & {kind: "box", fill: string, opacity: number, radius: number}} Box
 * @typedef {Place & {kind: "gradient", colours: string[]}} Gradient  evenly spaced, from left to right
 * @typedef {Place & {kind: "image", source: string}} Picture  `source` is a `data:` address
 *
 * @typedef {object} Words
 * @property {"text"} kind
 * @property {number} x
 * @property {number} y  of the baseline
 * @property {string} text
 * @property {"start" | "middle" | "end"} anchor
 * @property {string} font  as in CSS: weight, size, family
 * @property {string} fill
 * @property {number} opacity
 * @property {number} width  that it has on screen; in another font it is squeezed or stretched
 *
 * @typedef {Box | Gradient | Picture | Words} Item
 *
 * @typedef {object} View
 * @property {number} width
 * @property {number} height
 * @property {string} background
 * @property {string} title
 * @property {Item[]} items  those drawn first, first
 */

// Everything that XML does not allow, even escaped: control characters and halves of pairs.
const NOT_XML = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/**
 * @param {View} view
 * @returns {string}
 */
export function svgOf({ width, height, background, title, items }) {
  const size = `width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size}>`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="${escaped(background)}"/>`,
    ...items.map((item, n) => DRAWN[item.kind](/** @type {never} */ (item), n)),
    "</svg>",
    "",
  ].join("\n")
}

const DRAWN = {
  /** @param {Box} item */
  box: (item) =>
    `<rect ${placed(item)} rx="${round(item.radius)}" fill="${escaped(item.fill)}" fill-opacity="${round(item.opacity)}"/>`,
  /**
   * @param {Gradient} item
   * @param {number} n
   */
  gradient: ({ colours, ...item }, n) => {
    const stops = colours.map((colour, i) => {
      const offset = round(i / Math.max(1, colours.length - 1))
      return `<stop offset="${offset}" stop-color="${escaped(colour)}"/>`
    })
    const gradient = `<linearGradient id="gradient${n}">${stops.join("")}</linearGradient>`
    return `${gradient}<rect ${placed(item)} fill="url(#gradient${n})"/>`
  },
  /** @param {Picture} item */
  image: (item) =>
    `<image ${placed(item)} href="${escaped(item.source)}" preserveAspectRatio="none" style="image-rendering:pixelated"/>`,
  /** @param {Words} item */
  text: ({ x, y, width, text, anchor, font, fill, opacity }) => {
    const size = `textLength="${round(width)}" lengthAdjust="spacingAndGlyphs"`
    const look = `fill="${escaped(fill)}" fill-opacity="${round(opacity)}" style="font:${escaped(font)}"`
    return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" xml:space="preserve" ${look} ${size}>${escaped(text)}</text>`
  },
}

/** @param {Place} place */
function placed({ x, y, width, height }) {
  return `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`
}

/** @param {number} value */
function round(value) {
  return Number(value.toFixed(2))
}

/** @param {string} text */
function escaped(text) {
  return text.replace(NOT_XML, "\ufffd").replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
