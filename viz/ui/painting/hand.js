// The hand on a painting: the pointer draws and selects, keys do the same without a pointer.

import { add, pressed, select } from "../javascript/by_hand.js"
import { between, boxAt, freshBox, isDrawn, movedBox } from "./rectangles.js"

/** @import {Corner, State} from "./state.js" */

/**
 * @param {State} s
 * @param {(s: State) => void} redraw
 */
export function listenToHand(s, redraw) {
  const { overlay } = s.stack
  overlay.tabIndex = 0
  overlay.setAttribute("role", "application")
  overlay.onpointerdown = (event) => begin(s, event)
  overlay.onpointermove = (event) => {
    if (!s.from) return
    s.drawn = between(s.kind, s.from, cornerOf(s, event))
    redraw(s)
  }
  overlay.onpointerup = () => {
    finish(s)
    redraw(s)
  }
  overlay.onpointercancel = () => {
    s.from = s.drawn = null
    redraw(s)
  }
  overlay.onkeydown = (event) => {
    const own = (/** @type {string} */ key) => (key === "Enter" ? () => addByKey(s) : undefined)
    if (pressed(s, event, movedBox, own)) redraw(s)
  }
}

/**
 * @param {State} s
 * @param {PointerEvent} event
 */
function begin(s, event) {
  if (s.data.disabled || event.button !== 0) return
  s.stack.overlay.setPointerCapture(event.pointerId)
  s.from = cornerOf(s, event)
  s.drawn = null
}

/** @param {State} s */
function finish(s) {
  const { from, drawn } = s
  s.from = s.drawn = null
  if (from && drawn && isDrawn(drawn)) add(s, drawn)
  else if (from) select(s, boxAt(s.items, from))
}

/** @param {State} s */
function addByKey(s) {
  add(s, freshBox(s.kind, s.items[s.selected]))
}

/**
 * @param {State} s
 * @param {PointerEvent} event
 * @returns {Corner}
 */
function cornerOf({ stack: { tiles } }, event) {
  const [tile] = tiles
  const share = (/** @type {number} */ at, /** @type {number} */ from, /** @type {number} */ length) =>
    Math.round(1000 * Math.min(1, Math.max(0, (at - from) / length)))
  return [share(event.offsetY, tile.y, tile.tall), share(event.offsetX, tile.x, tile.wide)]
}
