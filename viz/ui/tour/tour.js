// The guided tour of a lesson: its steps tell the canvas what to show and what to light.

import { hear, tell } from "../javascript/between.js"
import { found } from "../javascript/elements.js"
import { coverFloor } from "../javascript/floor.js"
import { changeShell, hearShell, shellNow } from "../javascript/shell.js"
import { isInDialog, isWriting } from "../javascript/typing.js"
import { buildBar, drawBar, following } from "./bar.js"

/** @import {Data, State} from "./state.js" */

/** @type {WeakMap<ParentNode, {state: State, end: () => void}>} */
const INSTANCES = new WeakMap()

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data, setStateValue: State["setStateValue"]}} component
 */
export default function tour({ parentElement, data, setStateValue }) {
  const instance = INSTANCES.get(parentElement) ?? create(parentElement, data)
  INSTANCES.set(parentElement, instance)
  const { state } = instance
  if (state.data.slug !== data.slug) state.left = 1
  state.data = data
  state.setStateValue = setStateValue
  takeStep(state)
  drawBar(state)
  return () => {
    instance.end()
    INSTANCES.delete(parentElement)
  }
}

/**
 * @param {ParentNode} parentElement
 * @param {Data} data
 */
function create(parentElement, data) {
  /** @type {State} */
  const s = {
    root: found(parentElement, ".tour"),
    el: /** @type {State["el"]} */ ({}),
    data,
    at: 0,
    left: 1,
    touched: false,
    setStateValue: () => {},
  }
  buildBar(
    s,
    (at) => go(s, at),
    () => showStep(s),
  )
  const ends = [...listen(s), listenToWindow(s)]
  const end = () => {
    for (const each of ends) each()
    coverFloor(0)
  }
  return { state: s, end }
}

/** @param {State} s */
function listen(s) {
  const step = (/** @type {number} */ to, /** @type {() => void} */ take) => {
    if (!s.at) return
    take()
    if (to !== s.at) go(s, to)
  }
  return [
    hear("tour", () => go(s, s.at ? 0 : s.left)),
    hear("forward", (_, take) => step(following(s), take)),
    hear("back", (_, take) => step(Math.max(1, s.at - 1), take)),
    hear("hand", () => touch(s, true)),
    hearShell(() => takeStep(s)),
  ]
}

/** @param {State} s */
function listenToWindow(s) {
  const pressed = (/** @type {KeyboardEvent} */ event) => leave(s, event)
  const canvasCame = () => requestAnimationFrame(() => lightStep(s)) // after this first drawing of it
  const size = new ResizeObserver(() => drawBar(s))
  document.addEventListener("keydown", pressed, true)
  window.addEventListener("pointwise-ready", canvasCame)
  const page = document.querySelector('[data-testid="stMain"]')
  if (page) size.observe(page)
  return () => {
    document.removeEventListener("keydown", pressed, true)
    window.removeEventListener("pointwise-ready", canvasCame)
    size.disconnect()
  }
}

/**
 * Takes over the step that the address names; of one that does not exist, none.
 * @param {State} s
 */
function takeStep(s) {
  const said = Number(shellNow().tour ?? 0)
  const at = said <= s.data.steps.length ? said : 0
  if (at === s.at) return
  s.left = at || (s.at === s.data.steps.length ? 1 : s.at)
  s.at = at
  touch(s, false)
  lightStep(s)
}

/**
 * Goes to a step, or with 0 out of the tour. Python reads the step from the address that the canvas
 * commits, but sees no step in an address without one.
 * @param {State} s
 * @param {number} at from 1
 */
function go(s, at) {
  changeShell({ tour: at ? String(at) : "" })
  if (at) showStep(s)
  else s.setStateValue("closed", performance.now())
}

/** @param {State} s */
function showStep(s) {
  const step = s.data.steps[s.at - 1]
  if (!step) return
  touch(s, false)
  lightStep(s)
  tell("show", { slug: s.data.slug, query: step.query, glide: true })
}

/** @param {State} s */
function lightStep(s) {
  tell("light", { what: s.data.steps[s.at - 1]?.light ?? [] })
}

/**
 * After a change by hand the step can be shown again.
 * @param {State} s
 * @param {boolean} touched
 */
function touch(s, touched) {
  s.touched = touched
  drawBar(s)
}

/**
 * Escape closes the tour, unless it belongs to a dialog or to a text that is written.
 * @param {State} s
 * @param {KeyboardEvent} event
 */
function leave(s, event) {
  if (event.key !== "Escape" || !s.at || isInDialog(event) || isWriting(event)) return
  event.preventDefault()
  event.stopPropagation()
  go(s, 0)
}
