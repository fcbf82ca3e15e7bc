// The hand on a painting: the pointer draws and selects, keys do the same without a pointer.

import { nextRevision, tellSoon } from "../javascript/answers.js"
import { between, boxAt, freshBox, isDrawn, movedBox } from "./rectangles.js"

/** @import {Box, Corner, State} from "./state.js" */

/** @type {Record<string, Corner>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

/** @type {Record<string, (s: State) => void>} */
const KEYS = {
  Enter: addByKey,
  Delete: removeSelected,
  Backspace: removeSelected,
  Escape: (s) => select(s, -1),
  PageDown: (s) => select(s, s.boxes.length ? (s.selected + 1) % s.boxes.length : -1),
  PageUp: (s) => select(s, s.selected > 0 ? s.selected - 1 : s.boxes.length - 1),
}

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
    if (!s.data.disabled && pressed(s, event)) redraw(s)
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
  else if (from) select(s, boxAt(s.boxes, from))
}

/**
 * @param {State} s
 * @param {KeyboardEvent} event
 */
function pressed(s, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  const [move, act] = [MOVES[event.key], KEYS[event.key]]
  if (!move && !act) return false
  event.preventDefault() // the page's own keys leave alone what is handled
  if (act) act(s)
  else moveSelected(s, move, event.shiftKey)
  return true
}

/**
 * @param {State} s
 * @param {Corner} steps
 * @param {boolean} corner
 */
function moveSelected(s, steps, corner) {
  const box = s.boxes[s.selected]
  if (!box) return
  s.boxes = s.boxes.with(s.selected, movedBox(box, steps, corner))
  tellSoon(s, () => tellNow(s))
}

/** @param {State} s */
function addByKey(s) {
  add(s, freshBox(s.kind, s.boxes[s.selected]))
}

/**
 * @param {State} s
 * @param {Box} box
 */
function add(s, box) {
  if (s.boxes.length >= s.data.most) return
  s.boxes = [...s.boxes, box]
  select(s, s.boxes.length - 1)
  tellNow(s)
}

/** @param {State} s */
export function removeSelected(s) {
  if (s.selected < 0) return
  s.boxes = s.boxes.filter((_, n) => n !== s.selected)
  select(s, -1)
  tellNow(s)
}

/** @param {State} s */
export function removeAll(s) {
  s.boxes = []
  select(s, -1)
  tellNow(s)
}

/**
 * @param {State} s
 * @param {number} n
 */
function select(s, n) {
  s.selected = n
}

/**
 * Tells Python the rectangles. Its older answers, which do not have them yet, are passed over.
 * @param {State} s
 */
function tellNow(s) {
  s.tell({ revision: nextRevision(s), boxes: s.boxes })
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
