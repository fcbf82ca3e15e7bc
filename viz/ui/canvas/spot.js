// Where someone else points, on the photo and on every map.

import { seen } from "../javascript/boxes.js"
import { h } from "../javascript/elements.js"
import { isDrawn } from "./state.js"
import { boxesOf } from "./units.js"

/** @import {Boxes} from "../javascript/boxes.js" */
/** @import {Spot} from "../javascript/between.js" */
/** @import {Drawn, State} from "./state.js" */

/** @typedef {[x: number, y: number]} Point  CSS px */

/**
 * @param {State} s
 * @param {Spot | null} spot  null takes it away
 */
export function showSpot(s, spot) {
  s.spot = spot
  if (isDrawn(s)) placeSpots(s)
}

/** A layer of spots, which lies over a canvas. */
export function buildSpots() {
  return h("div", { class: "spots", "aria-hidden": "true" })
}

/** @param {Drawn} s */
export function placeSpots(s) {
  const { spot, el } = s
  put(el.mapsSpots, spot ? s.maps.tiles.map((tile) => onTile(s, spot, tile)) : [])
  const { clientWidth: wide, clientHeight: tall, offsetLeft: left, offsetTop: top } = el.fieldCanvas
  put(el.photoSpots, spot ? [[left + spot.x * wide, top + spot.y * tall]] : [])
}

/**
 * The place on a map of the unit that sees the spot in the middle of its field.
 * @param {Drawn} s
 * @param {Spot} spot
 * @param {Pick<import("../javascript/tiles.js").Tile, "map" | "coloured" | "x" | "y" | "wide" | "tall">} tile
 * @returns {Point}
 */
function onTile(s, { x, y }, { map, coloured, x: left, y: top, wide, tall }) {
  if (coloured || s.header.side_by_side) return [left + x * wide, top + y * tall]
  const [, rows, columns] = s.header.stages.picture.shape
  const fact = boxesOf(s.header, map)
  return [left + along(x * columns, 1, fact) * wide, top + along(y * rows, 0, fact) * tall]
}

/**
 * The share of a map's length at which a unit sees a position of the picture in its middle.
 * @param {number} position  px of the picture, from its edge
 * @param {number} axis
 * @param {Boxes} fact
 */
export function along(position, axis, fact) {
  const [first, last] = seen(0, axis, fact)
  const unit = (position - 0.5 - (first + last) / 2) / fact.stride[axis]
  return Math.max(0, Math.min(1, (unit + 0.5) / fact.shape[axis + 1]))
}

/**
 * @param {HTMLElement} layer
 * @param {Point[]} points
 */
function put(layer, points) {
  while (layer.children.length > points.length) layer.lastChild?.remove()
  points.forEach(([x, y], n) => {
    const dot = layer.children[n] ?? layer.appendChild(h("i"))
    const { style } = /** @type {HTMLElement} */ (dot)
    style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`
  })
}
