// Keys that work anywhere on the page, and the list of all keys.

import { h } from "../javascript/elements.js"
import { isInDialog, isTyping, isWriting } from "../javascript/typing.js"
import { flip, flipDifference, pinNow, reset } from "./actions.js"
import { leaveCard, togglePredict } from "./cards.js"
import { release } from "./pointer.js"
import { isDrawn } from "./state.js"
import { askForTour } from "./tour_button.js"

/** @import {Message} from "../javascript/translation.js" */
/** @import {Drawn, State} from "./state.js" */

/** @type {[Message, Message][]} */
const KEYS = [
  ["P", "keep these maps as A"],
  ["A", "switch between A and now"],
  ["D", "show B − A"],
  ["G", "the guided tour"],
  ["N", "the next section; after the last one the next lesson"],
  ["B", "the section before; while presenting a black screen"],
  ["F", "present: only the figure, large; again to end it"],
  ["L", "a laser spot in the place of the mouse pointer"],
  ["→ ← Page ↓ ↑", "while presenting: on and back, also by a clicker"],
  ["Q", "predict: questions about this view"],
  ["S", "share this view: show or hide the code of the room"],
  ["R", "back to the lecturer, if you follow one"],
  ["0", "back to the opening state"],
  ["Ctrl+Z", "undo"],
  ["Ctrl+Shift+Z or Ctrl+Y", "redo"],
  ["Enter", "enlarge the map under the pointer"],
  ["Space or click", "pin a number and show its arithmetic"],
  ["Esc", "release the number, or close the card that is read"],
  ["← ↑ ↓ →", "move the pointer over the maps; with Shift ten times as far"],
  ["Page ↑ ↓", "the same place in the previous or next map"],
  ["?", "these keys"],
]

/** @type {Record<string, (s: Drawn) => unknown>} */
const ACTIONS = {
  p: pinNow,
  a: flip,
  d: flipDifference,
  q: togglePredict,
  0: reset,
  "?": toggleKeys,
  escape: leave,
  g: askForTour,
  n: () => follow("next"),
  b: () => follow("previous"),
}

// With Ctrl, or Cmd on a Mac. Where text is written, these are the browser's own.
/** @type {Record<string, (s: State) => void>} */
const COMMANDS = { z: ({ undo }) => undo.undo(), Z: ({ undo }) => undo.redo(), y: ({ undo }) => undo.redo() }

/** @param {State} s */
export function buildKeys(s) {
  const { el, t } = s
  const rows = KEYS.map(([key, does]) => h("tr", {}, h("th", { scope: "row" }, t(key)), h("td", {}, t(does))))
  const close = h("button", { type: "button", class: "small" }, t("Close"))
  el.keys = h("dialog", { "aria-label": t("Keys") }, h("h2", {}, t("Keys")), h("table", {}, ...rows), close)
  close.onclick = () => el.keys.close()
  const open = h("button", { type: "button", class: "small", "aria-label": t("Keys"), title: t("Keys (?)") }, "?")
  open.onclick = () => toggleKeys(s)
  return [open, el.keys]
}

/** @param {Drawn} s */
function leave(s) {
  return leaveCard(s) || release(s)
}

/** @param {State} s */
function toggleKeys({ el }) {
  if (el.keys.open) el.keys.close()
  else el.keys.showModal()
}

/**
 * Goes to a neighbouring section or, beyond the ends, to a neighbouring lesson, by the page's own buttons.
 * @param {"next" | "previous"} where
 */
function follow(where) {
  const places = [`.st-key-${where}_section`, `.st-key-${where}_lesson`].map((place) => `${place} :is(button, a)`)
  /** @type {HTMLElement | null} */
  const way = document.querySelector(places.join())
  way?.click()
}

/**
 * Listens to keys; returns a function that stops it.
 * @param {State} s
 */
export function listenToKeys(s) {
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    const act = actionOf(event)
    if (!act || !isDrawn(s) || event.defaultPrevented || s.el.keys.open || isInDialog(event)) return
    if (act(s) !== false) event.preventDefault()
  }
  document.addEventListener("keydown", pressed)
  return () => document.removeEventListener("keydown", pressed)
}

/** @param {KeyboardEvent} event */
function actionOf(event) {
  const key = event.key.toLowerCase()
  if (event.altKey) return undefined
  if (!event.ctrlKey && !event.metaKey) return isTyping(event) ? undefined : ACTIONS[key]
  return isWriting(event) ? undefined : COMMANDS[event.shiftKey ? key.toUpperCase() : key]
}
