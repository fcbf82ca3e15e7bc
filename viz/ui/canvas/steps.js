// Undo, redo and reset: the buttons, and what they do.

import { h } from "../javascript/elements.js"
import { choose, reset } from "./actions.js"
import { isDrawn } from "./state.js"
import { Undo } from "./undo.js"
import { valuesOf } from "./values.js"

/** @import {State} from "./state.js" */

/** @type {Record<string, string>} */
const PATHS = {
  undo: "M7 3 3 7l4 4M3 7h8a4 4 0 0 1 0 8H8",
  redo: "M11 3l4 4-4 4M15 7H7a4 4 0 0 0 0 8h3",
  link: "M7.5 10.5a3 3 0 0 0 4.3 0l2.8-2.8a3 3 0 0 0-4.3-4.3L9.2 4.5M10.5 7.5a3 3 0 0 0-4.3 0L3.4 10.3a3 3 0 0 0 4.3 4.3l1.1-1.1",
  reset: "M2.5 9a6.5 6.5 0 1 0 6.5-6.5A7 7 0 0 0 4 4.5L2.5 6M2.5 2.5V6H6",
}

/** @param {State} s */
export function buildSteps(s) {
  const { el, t } = s
  el.undo = iconButton("undo", t("Undo"), t("Undo (Ctrl+Z)"), () => s.undo.undo())
  el.redo = iconButton("redo", t("Redo"), t("Redo (Ctrl+Shift+Z)"), () => s.undo.redo())
  el.reset = iconButton("reset", t("Reset"), t("Back to the opening state (0)"), () => isDrawn(s) && reset(s))
  el.undo.disabled = el.redo.disabled = true
  return [el.undo, el.redo, el.reset]
}

/**
 * @param {string} icon
 * @param {string} label
 * @param {string} title
 * @param {() => void} onclick
 */
export function iconButton(icon, label, title, onclick) {
  const button = h("button", { type: "button", class: "small icon", "aria-label": label, title, onclick })
  button.innerHTML = `<svg width="18" height="18" viewBox="0 0 18 18" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${PATHS[icon]}"/></svg>`
  return button
}

/**
 * The steps of a canvas, kept in the tab's storage, so that a reload keeps them.
 * @param {State} s
 */
export function undoOf(s) {
  const key = (/** @type {string} */ lesson) => `steps ${lesson}`
  return new Undo({
    now: () => performance.now(),
    typed: () => s.typed,
    held: () => s.dragging !== null,
    load: (lesson) => stored(() => sessionStorage.getItem(key(lesson))),
    save: (lesson, text) => stored(() => sessionStorage.setItem(key(lesson), text)),
    restore: (address) => restore(s, address),
    changed: () => showSteps(s),
  })
}

/**
 * A browser may refuse storage, or have no room; then a reload begins anew.
 * @template Result
 * @param {() => Result} use
 */
function stored(use) {
  try {
    return use()
  } catch {
    return null
  }
}

/**
 * @param {State} s
 * @param {string} address
 */
function restore(s, address) {
  const values = valuesOf(s, address)
  if (values.stage !== s.values.stage) s.enlarged = null
  s.hover = s.cell = null
  choose(s, values)
  s.redraw()
}

/** @param {State} s */
function showSteps({ el, undo }) {
  el.undo.disabled = !undo.canUndo
  el.redo.disabled = !undo.canRedo
}

/**
 * Notes whether the last input came from the keyboard; returns a function that stops it.
 * @param {State} s
 */
export function listenToHand(s) {
  const input = (/** @type {Event} */ event) => {
    s.typed = event.type === "keydown"
  }
  for (const type of ["keydown", "pointerdown"]) document.addEventListener(type, input, true)
  return () => {
    for (const type of ["keydown", "pointerdown"]) document.removeEventListener(type, input, true)
  }
}
