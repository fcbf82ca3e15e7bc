// The hand on a page: the pointer drags pictures, keys do the same without a pointer.

import { nextRevision, tellSoon } from "../javascript/answers.js"
import { further, movedTo, pictureAt } from "./places.js"

/** @import {Place, State} from "./state.js" */

const FAR = 4 // pixels that a key with Shift moves a picture

/** @type {Record<string, Place>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

/** @type {Record<string, (s: State) => void>} */
const KEYS = {
  Delete: removeSelected,
  Backspace: removeSelected,
  Escape: (s) => select(s, -1),
  PageDown: (s) => select(s, s.placed.length ? (s.selected + 1) % s.placed.length : -1),
  PageUp: (s) => select(s, s.selected > 0 ? s.selected - 1 : s.placed.length - 1),
}

/**
 * @param {State} s
 * @param {(s: State) => void} redraw
 */
export function listenToHand(s, redraw) {
  const { page } = s.el
  page.tabIndex = 0
  page.setAttribute("role", "application")
  page.onpointerdown = (event) => {
    grab(s, event)
    redraw(s)
  }
  page.onpointermove = (event) => {
    if (!s.from) return
    drag(s, event)
    redraw(s)
  }
  page.onpointerup = () => {
    if (s.moved) tellNow(s)
    s.from = null
    s.moved = false
    redraw(s)
  }
  page.onpointercancel = page.onpointerup
  page.onkeydown = (event) => {
    if (!s.data.disabled && pressed(s, event)) redraw(s)
  }
}

/**
 * @param {State} s
 * @param {PointerEvent} event
 */
function grab(s, event) {
  if (s.data.disabled || event.button !== 0) return
  const [y, x] = pointOf(s, event)
  select(s, pictureAt(s.placed, s.data.side, [y, x]))
  const picture = s.placed[s.selected]
  if (!picture) return
  s.el.page.setPointerCapture(event.pointerId)
  s.from = [y - picture[1], x - picture[2]]
}

/**
 * @param {State} s
 * @param {PointerEvent} event
 */
function drag(s, event) {
  if (!s.from) return
  const [y, x] = pointOf(s, event)
  moveSelected(s, [y - s.from[0], x - s.from[1]])
}

/**
 * Whether the picture that is selected moved.
 * @param {State} s
 * @param {Place} corner
 */
function moveSelected(s, corner) {
  const before = s.placed[s.selected]
  const after = movedTo(before, corner, s.data)
  if (String(after) === String(before)) return false
  s.placed = s.placed.with(s.selected, after)
  s.moved = s.from !== null
  return true
}

/**
 * @param {State} s
 * @param {KeyboardEvent} event
 */
function pressed(s, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  const [move, act] = [MOVES[event.key], KEYS[event.key]]
  const name = s.data.names.includes(event.key) ? event.key : ""
  if (!move && !act && !name) return false
  event.preventDefault() // the page's own keys leave alone what is handled
  if (act) act(s)
  else if (name) add(s, name)
  else moveByKey(s, move, event.shiftKey ? FAR : 1)
  return true
}

/**
 * @param {State} s
 * @param {Place} steps
 * @param {number} length
 */
function moveByKey(s, [down, along], length) {
  const picture = s.placed[s.selected]
  if (!picture) return
  const [, row, column] = picture
  if (moveSelected(s, [row + length * down, column + length * along])) tellSoon(s, () => tellNow(s))
}

/**
 * @param {State} s
 * @param {string} name
 */
export function add(s, name) {
  if (s.placed.length >= s.data.most) return
  s.placed = [...s.placed, further(s.placed, name, s.data)]
  select(s, s.placed.length - 1)
  tellNow(s)
}

/** @param {State} s */
export function removeSelected(s) {
  if (s.selected < 0) return
  s.placed = s.placed.filter((_, n) => n !== s.selected)
  select(s, -1)
  tellNow(s)
}

/** @param {State} s */
export function removeAll(s) {
  s.placed = []
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
 * Tells Python what lies where. Its older answers, which do not have it yet, are passed over.
 * @param {State} s
 */
function tellNow(s) {
  s.tell({ revision: nextRevision(s), placed: s.placed })
}

/**
 * A point of the page, in its pixels.
 * @param {State} s
 * @param {PointerEvent} event
 * @returns {Place}
 */
function pointOf({ el, data }, event) {
  const { width, height } = el.page.getBoundingClientRect()
  return [(event.offsetY / height) * data.page[0], (event.offsetX / width) * data.page[1]]
}
