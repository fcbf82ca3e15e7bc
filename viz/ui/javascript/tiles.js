// The tiles that the maps of a block are drawn in.

/** @import {Plan} from "./arrangement.js" */
/** @import {Block} from "./buffer.js" */
/** @import {Kind} from "./colours.js" */
/** @import {Mark} from "./marks.js" */
/** @import {Near} from "./nearly.js" */
/** @import {Style} from "./pen.js" */
/** @import {Ends} from "./ranges.js" */

const PICTURE = -1 // index of the tile that shows three maps as one picture

/**
 * The maps of a block to draw, and their layout.
 * @typedef {object} Drawing
 * @property {number} width  CSS px that are available
 * @property {number} height
 * @property {string} scale  see `ranges`
 * @property {Kind} kind  `colour` is one picture of three maps
 * @property {string[]} names
 * @property {Mark[]} [marks]  what each map stands for; none if there are none
 * @property {number} rowLength  maps that belong in one row
 * @property {number | null} only  the one map to draw, or null for all
 * @property {Style} style
 * @property {[number, number][] | null} [sizes]  rows and columns of each map, if they differ
 * @property {string | null} [picture]  the name of the picture to draw after the maps, from all three
 * @property {Ends} [wider]  see `ranges`
 * @property {Near[]} [near]  of `wider`; by default, of the block
 * @property {number} [classes]  see `ranges`
 * @property {boolean} [dense]  see `arrange`
 * @property {boolean} [fill]
 *
 * @typedef {object} Tile  a map on the canvas, in CSS px
 * @property {number} map
 * @property {string} title
 * @property {Mark | undefined} mark
 * @property {boolean} coloured  whether it shows three maps as one picture
 * @property {number} rows
 * @property {number} columns
 * @property {number} x
 * @property {number} y
 * @property {number} wide
 * @property {number} tall
 * @property {number[]} device  left, top, width, height in device pixels
 */

/**
 * The maps that are drawn, in order.
 * @param {Block} block
 * @param {Drawing} drawing
 */
export function shownMaps({ shape: [count] }, { kind, only, picture = null }) {
  const maps = kind === "colour" ? [] : only === null ? [...Array(count).keys()] : [only]
  return kind === "colour" || (picture && only === null) ? [...maps, PICTURE] : maps
}

/**
 * @param {number} map
 * @param {number} i place in the order
 * @param {Block} block
 * @param {Drawing} drawing
 * @param {Plan} plan
 * @param {{x: number, y: number}} step
 * @returns {Tile}
 */
export function tileOf(map, i, { shape: [, rows, columns] }, { names, marks, picture, sizes }, plan, step) {
  const coloured = map === PICTURE
  const [ownRows, ownColumns] = sizes ? sizes[map] : [rows, columns]
  return {
    map: coloured ? 0 : map,
    title: coloured ? (picture ?? "") : (names[map] ?? ""),
    mark: coloured ? undefined : marks?.[map],
    coloured,
    rows: ownRows,
    columns: ownColumns,
    x: step.x * (i % plan.across),
    y: step.y * Math.floor(i / plan.across),
    wide: plan.wide * (ownColumns / columns), // maps of different sizes share one scale and keep their aspect
    tall: plan.tall * (ownRows / rows),
    device: [],
  }
}
