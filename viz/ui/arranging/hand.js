// The hand on a page: the pointer drags pictures, keys do the same without a pointer.

import { add, pressed, put, select, tellNow } from "../javascript/by_hand.js"
import { further, movedTo, pictureAt } from "./places.js"

/** @import {Place, State} from "./state.js" */

const FAR = 4 // pixels that a key with Shift moves a picture

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
    if (moveOrAdd(s, event)) redraw(s)
  }
}

/**
 * @param {State} s
 * @param {PointerEvent} event
 */
function grab(s, event) {
  if (s.data.disabled || event.button !== 0) return
  const [y, x] = pointOf(s, event)
  select(s, pictureAt(s.items, s.data.side, [y, x]))
  const picture = s.items[s.selected]
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
  if (put(s, movedTo(s.items[s.selected], [y - s.from[0], x - s.from[1]], s.data))) s.moved = true
}

/**
 * @param {State} s
 * @param {KeyboardEvent} event
 */
function moveOrAdd(s, event) {
  return pressed(
    s,
    event,
    (picture, [down, along], isFar) => {
      const [length, [, row, column]] = [isFar ? FAR : 1, picture]
      return movedTo(picture, [row + length * down, column + length * along], s.data)
    },
    (key) => (s.data.names.includes(key) ? () => addPicture(s, key) : undefined),
  )
}

/**
 * @param {State} s
 * @param {string} name
 */
export function addPicture(s, name) {
  add(s, further(s.items, name, s.data))
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
