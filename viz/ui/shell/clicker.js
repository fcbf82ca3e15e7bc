// The keys of a presentation, as a keyboard and a clicker send them.

import { isInDialog, isTyping, isWriting } from "../javascript/typing.js"
import { turn } from "./stage.js"

/**
 * @typedef {object} Effects
 * @property {() => boolean} presents
 * @property {() => boolean} tours  whether a tour is open
 * @property {(on: boolean) => void} present
 * @property {() => void} laser
 * @property {() => boolean} isBlack
 * @property {() => void} black
 * @property {() => void} page  ends the black screen
 *
 * @typedef {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">} Pressed
 * @typedef {"present" | "laser" | "black" | "page" | "forward" | "back"} Act
 */

/** @type {Record<string, "forward" | "back">} */
const TURNS = {
  ArrowRight: "forward",
  ArrowDown: "forward",
  PageDown: "forward",
  ArrowLeft: "back",
  ArrowUp: "back",
  PageUp: "back",
}
const TAKES_ARROWS = "input, select, textarea, [contenteditable], [role], canvas[tabindex], summary"
const BROWSERS = /^(F\d+|Control|Shift|Alt|Meta|AltGraph|CapsLock|Tab)$/

/**
 * What a key does; nothing for one that belongs to the browser or to what has the focus.
 * @param {Pressed} pressed
 * @param {{presents: boolean, tours: boolean, isBlack: boolean, letters: boolean, arrows: boolean}} now
 *   `letters` and `arrows`: whether these belong to what has the focus
 * @returns {Act | undefined}
 */
export function actOf({ key, ctrlKey, metaKey, altKey }, { presents, tours, isBlack, letters, arrows }) {
  if (ctrlKey || metaKey || altKey || BROWSERS.test(key)) return undefined
  if (isBlack) return "page"
  if (key in TURNS) return (presents || tours) && !arrows ? TURNS[key] : undefined
  if (letters) return undefined
  if (key === "f" || key === "F") return "present"
  if (key === "l" || key === "L") return "laser"
  return presents && ["b", "B", "."].includes(key) ? "black" : undefined
}

/**
 * Listens before all others, and to Escape after them; returns a function that stops it.
 * @param {Effects} effects
 */
export function listenToClicker(effects) {
  const acts = {
    present: () => effects.present(!effects.presents()),
    laser: effects.laser,
    black: effects.black,
    page: effects.page,
    forward: () => turn("forward"),
    back: () => turn("back"),
  }
  const first = (/** @type {KeyboardEvent} */ event) => {
    const act = isInDialog(event) ? undefined : actOf(event, nowOf(event, effects))
    if (!act) return
    event.preventDefault()
    event.stopImmediatePropagation()
    acts[act]()
  }
  const last = (/** @type {KeyboardEvent} */ event) => {
    const isTaken = event.defaultPrevented || isWriting(event) || isInDialog(event)
    if (event.key === "Escape" && !isTaken && effects.presents()) effects.present(false)
  }
  document.addEventListener("keydown", first, true)
  window.addEventListener("keydown", last)
  return () => {
    document.removeEventListener("keydown", first, true)
    window.removeEventListener("keydown", last)
  }
}

/**
 * @param {KeyboardEvent} event
 * @param {Effects} effects
 */
function nowOf(event, effects) {
  const [target] = event.composedPath()
  return {
    presents: effects.presents(),
    tours: effects.tours(),
    isBlack: effects.isBlack(),
    letters: isTyping(event),
    arrows: target instanceof Element && target.matches(TAKES_ARROWS),
  }
}
