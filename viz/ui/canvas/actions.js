// The visitor's actions: each changes values, requests maps, and commits.

import { tellHand, tellMoved } from "./moves.js"
import { asPinned, reopened, search } from "./values.js"

/** @import {Drawn, State, Values} from "./state.js" */

/**
 * Takes values from the visitor's hand.
 * @param {State} s
 * @param {Values} values
 */
export function set(s, values) {
  tellHand(s)
  take(s, values)
}

/**
 * Shows values and requests their maps.
 * @param {State} s
 * @param {Values} values
 */
export function take(s, values) {
  Object.assign(s.values, values)
  markOld(s)
  if (!s.values.pinned) s.values.showing = "now"
  s.requests.ask()
  tellMoved(s)
}

/** @param {State} s */
export function commit(s) {
  tellHand(s)
  tellMoved(s)
  record(s)
  s.commits.commitAfterDrawing(s.requests.flight !== null)
}

/**
 * Makes the current values a step that can be undone.
 * @param {State} s
 */
export function record(s) {
  s.undo.record(s.slug, search(s, ""))
}

/**
 * Sets values that are final: requests maps and commits.
 * @param {State} s
 * @param {Values} values
 */
export function choose(s, values) {
  set(s, values)
  commit(s)
}

/**
 * Marks the content below the canvas as old until the drag ends.
 * @param {State} s
 */
export function markOld(s) {
  const old = Boolean(s.dragging) || (s.commits.open && !s.commits.unseen)
  document.querySelector(".st-key-sections")?.toggleAttribute("data-old", old)
}

/**
 * Shows a stage. One that is switched off has no maps: only its controls appear.
 * @param {State} s
 * @param {string} stage
 */
export function lookAt(s, stage) {
  s.enlarged = null
  s.hover = null
  s.cell = null
  s.values.unit = ""
  choose(s, { stage })
}

/**
 * @param {State} s
 * @param {Values} values
 */
export function show(s, values) {
  s.hover = null
  choose(s, values)
}

/** @param {Drawn} s */
export function pinNow(s) {
  if (s.values.showing === "pinned") return
  show(s, { pinned: asPinned(s, s.header.stage), showing: "now" })
}

/** @param {State} s */
export function flip(s) {
  if (s.values.pinned) show(s, { showing: s.values.showing === "pinned" ? "now" : "pinned" })
}

/** @param {State} s */
export function flipDifference(s) {
  if (s.values.pinned) show(s, { showing: s.values.showing === "difference" ? "now" : "difference" })
}

/**
 * Resets to the opening of the section, but keeps the picture in focus.
 * @param {State} s
 */
export function reset(s) {
  lookAgain(s, reopened(s))
}

/**
 * Shows another view of the lesson.
 * @param {State} s
 * @param {Values} values every field's
 */
export function lookAgain(s, values) {
  s.enlarged = s.hover = s.cell = null
  choose(s, values)
  s.redraw()
}
