// The room on the page for filters, maps and receptive field.

import { columnsFor, HEADING, mapsHeight, ROOM_BETWEEN, UNDERLINE } from "../javascript/columns.js"
import { isCovered, visibleHeight } from "../javascript/floor.js"
import { pixelRatio } from "../javascript/pen.js"
import { forType } from "../javascript/type.js"
import { isAsked } from "./choosing.js"
import { aroundPhoto, fieldHeight, filtersHeight, filtersWidth } from "./needs.js"

/** @import {Columns, Content} from "../javascript/columns.js" */
/** @import {Drawn} from "./state.js" */

/**
 * @typedef {{width: number, height: number}} Place  CSS px
 * @typedef {{filters: Place, maps: Place, field: Place}} Room
 */

const MIN_MAPS_HEIGHT = 190
const MIN_PHOTO_HEIGHT = 110
const SECTIONS = 58 // the choice of sections, which stays visible
const MARGIN = 12 // to the end of the window
const TALLEST = 0.64 // of the canvas's width: a tall window leaves the rest to what is below
const LEAST_TALLEST = 520
const LEAST_OF_NARROW = 0.27 // of the window's height; maps and sliders are visible together
const MOST_OF_NARROW = 0.5

/**
 * Lays out the columns for the drawn maps and measures the room in them.
 * @param {Drawn} s
 */
export function layOut(s) {
  const content = contentOf(s)
  const columns = columnsFor(content)
  const { el } = s
  const style = templates(columns)
  if (el.columns.dataset.layout !== columns.kind) el.columns.dataset.layout = columns.kind
  if (el.columns.style.gridTemplateColumns !== style) el.columns.style.gridTemplateColumns = style
  s.room = roomIn(columns, content, s)
}

/** @param {Columns} columns */
function templates({ kind, filters, maps, field }) {
  const px = (/** @type {number[]} */ widths) => widths.map((width) => `${Math.floor(width)}px`).join(" ")
  if (kind === "three") return filters ? px([filters, maps, field]) : px([maps, field])
  return kind === "rail" ? px([field, maps]) : px([filters, field])
}

/**
 * @param {Drawn} s
 * @returns {Content}
 */
function contentOf(s) {
  const { header, el } = s
  // the picture's, which every stage of it keeps, so that no step of a slider moves the columns
  const [rows, columns] = largest(header.side_by_side?.shapes ?? [header.stages.picture.shape.slice(1)])
  return {
    width: el.lab.clientWidth,
    height: heightFor(s),
    count: header.blocks.maps.shape[0] + Number(header.as_picture && !header.side_by_side),
    shape: [rows, columns],
    ratio: pixelRatio(),
    rowLength: header.side_by_side ? 1 : header.row_length,
    filtersWidth: filtersWidth(s),
    filters: (width) => filtersHeight(s, width),
    field: (width) => fieldHeight(s, width),
  }
}

/**
 * Rows and columns that hold every shape; not those that were sent, which follow from the room.
 * @param {number[][]} shapes
 */
function largest(shapes) {
  return [0, 1].map((axis) => Math.max(...shapes.map((shape) => shape[axis])))
}

/**
 * From the top of the columns to the end of the window, less in a tall window.
 * @param {Drawn} s
 */
function heightFor({ el, root, fields }) {
  const width = el.lab.clientWidth
  const top = el.columns.getBoundingClientRect().top + pageScroll(root)
  const presents = "present" in root.dataset
  const below = !presents && "part" in fields && !isCovered() && !isAsked() ? SECTIONS : MARGIN
  const least = MIN_MAPS_HEIGHT + forType(HEADING) + forType(UNDERLINE)
  const most = presents ? Number.POSITIVE_INFINITY : Math.max(LEAST_TALLEST, TALLEST * width)
  return Math.max(least, Math.min(visibleHeight() - top - below, most))
}

/**
 * @param {Columns} columns
 * @param {Content} content
 * @param {Drawn} s
 * @returns {Room}
 */
function roomIn(columns, content, s) {
  const { kind } = columns
  const place = (/** @type {number} */ width, /** @type {number} */ height) => ({ width: Math.floor(width), height })
  const photoHeight = (/** @type {number} */ height, /** @type {number} */ width) =>
    Math.max(MIN_PHOTO_HEIGHT, height - aroundPhoto(s, width))
  if (kind === "one") {
    const half = place(columns.maps, visibleHeight() * MOST_OF_NARROW)
    return { filters: half, maps: place(columns.maps, heightOnPhone(s)), field: half }
  }
  const heading = Math.max(forType(HEADING), s.el.mapsBox.offsetTop - s.el.mapsSection.offsetTop)
  const maps = Math.max(MIN_MAPS_HEIGHT, mapsHeight(columns, content) - heading + forType(HEADING))
  const beside =
    kind === "below" ? content.height - forType(HEADING) - forType(UNDERLINE) - maps - ROOM_BETWEEN : content.height
  const taken = (/** @type {number} */ other) => beside - (kind === "rail" ? other + ROOM_BETWEEN : 0)
  return {
    maps: place(columns.maps, maps),
    filters: place(columns.filters, taken(content.field(columns.field))),
    field: place(columns.field, photoHeight(taken(content.filters(columns.filters)), columns.field)),
  }
}

/**
 * The height that leaves room for the sliders below the maps.
 * @param {Drawn} s
 */
function heightOnPhone({ el, root }) {
  const top = el.mapsBox.getBoundingClientRect().top + pageScroll(root)
  const left = visibleHeight() - top - forType(UNDERLINE) - el.controls.offsetHeight - 2 * MARGIN
  return visibleHeight() * Math.min(MOST_OF_NARROW, Math.max(LEAST_OF_NARROW, left / visibleHeight()))
}

/**
 * The scroll position of the page, which the room below the stage bar does not depend on.
 * @param {HTMLElement} root
 */
function pageScroll(root) {
  return scroller(root)?.scrollTop ?? 0
}

/**
 * The element that scrolls the page, once it has scrolled or can.
 * @param {HTMLElement} root
 */
export function scroller(root) {
  /** @type {Element | null} */
  let node = /** @type {ShadowRoot} */ (root.getRootNode()).host
  while (node && !(node.scrollTop > 0)) node = node.parentElement
  return node
}
