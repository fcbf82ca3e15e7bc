// The pointer on the maps, by mouse and by keys.

import { commit } from "./actions.js"
import { chooseUnit } from "./choosing.js"
import { drawField } from "./field.js"
import { point, showPointed } from "./linking.js"
import { drawMaps } from "./maps.js"
import { showPointer } from "./reading.js"
import { reveal } from "./reveal.js"
import { isDrawn } from "./state.js"
import { currentUnit, pixelOf, raggedSizes } from "./units.js"

/** @import {Place} from "../javascript/buffer.js" */
/** @import {Drawn, State} from "./state.js" */

/** @param {State} s */
export function listenToPointer(s) {
  const overlay = s.el.mapsOverlay
  /** @type {[number, number] | null} */
  let pressed = null // a click has only whole CSS pixels, and maps are finer than that
  overlay.onpointermove = (event) => pointAt(s, s.maps.at(event.offsetX, event.offsetY))
  overlay.onpointerleave = () => point(s, null)
  overlay.onpointerup = (event) => {
    pressed = [event.offsetX, event.offsetY]
  }
  overlay.onclick = (event) => {
    const [x, y] = pressed ?? [event.offsetX, event.offsetY]
    pressed = null
    pointAt(s, s.maps.at(x, y))
    if (isDrawn(s) && !answer(s)) pin(s)
  }
  overlay.ondblclick = () => isDrawn(s) && !s.choosing && enlarge(s)
  overlay.onkeydown = (event) => {
    const act = isDrawn(s) && keyAction(s, event)
    if (act && act() !== false) event.preventDefault()
  }
}

/**
 * @param {Drawn} s
 * @param {KeyboardEvent} event
 * @returns {(() => unknown) | undefined}
 */
function keyAction(s, { key, shiftKey }) {
  const far = shiftKey ? 10 : 1
  return {
    ArrowUp: () => step(s, 0, -far, 0),
    ArrowDown: () => step(s, 0, far, 0),
    ArrowLeft: () => step(s, 0, 0, -far),
    ArrowRight: () => step(s, 0, 0, far),
    PageUp: () => step(s, -1, 0, 0),
    PageDown: () => step(s, 1, 0, 0),
    Enter: () => answer(s) || enlarge(s),
    " ": () => pin(s),
    Escape: () => release(s),
  }[key]
}

/**
 * @param {Drawn} s
 * @param {number} maps
 * @param {number} rows
 * @param {number} columns
 */
function step(s, maps, rows, columns) {
  const { shape, mean_of: n } = s.header.blocks.maps
  const [tall, wide] = raggedSizes(s.header)?.[s.hover?.map ?? 0] ?? shape.slice(1)
  const from = s.hover ?? pixelOf(currentUnit(s), n)
  const within = (/** @type {number} */ value, /** @type {number} */ length) => Math.max(0, Math.min(length - 1, value))
  const next = {
    map: within(from.map + maps, shape[0]),
    row: within(from.row + rows, tall),
    column: within(from.column + columns, wide),
  }
  if (s.enlarged !== null && next.map !== s.enlarged) {
    s.enlarged = next.map
    drawMaps(s)
  }
  pointAt(s, next)
}

/**
 * @param {State} s
 * @param {Place | null} place
 */
function pointAt(s, place) {
  point(s, place && { part: "map", index: place.map, place })
}

/**
 * Takes the unit under the pointer as the answer to a question, if one waits for it.
 * @param {Drawn} s
 */
function answer(s) {
  return s.hover !== null && chooseUnit(s, currentUnit(s))
}

/** @param {Drawn} s */
export function pin(s) {
  if (!s.hover || s.header.side_by_side || s.values.showing === "difference") return
  const { map, row, column } = currentUnit(s)
  s.values.unit = `${map}.${row}.${column}`
  commit(s)
  reveal("opened", { keepsMaps: true })
  showPointer(s)
}

/**
 * Goes back to all maps, then to no pin; whether there was anything to go back from.
 * @param {Drawn} s
 */
export function release(s) {
  if (s.enlarged !== null) {
    enlarge(s)
    return true
  }
  const wasPinned = Boolean(s.values.unit)
  s.hover = null
  s.values.unit = ""
  if (wasPinned) commit(s)
  showPointed(s)
  return wasPinned
}

/**
 * Shows one map alone, or all of them again; the pointer stays on its unit.
 * @param {Drawn} s
 */
function enlarge(s) {
  s.enlarged = s.enlarged === null ? currentUnit(s).map : null
  drawMaps(s)
  drawField(s)
}
