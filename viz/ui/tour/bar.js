// The bar itself: title, words, where one is, and the buttons.

import { emphasised, h, place } from "../javascript/elements.js"
import { coverFloor } from "../javascript/floor.js"
import { translated } from "../javascript/translation.js"

/** @import {State, Step} from "./state.js" */

/**
 * Builds the bar; its buttons stay, so that the keyboard stays on them.
 * @param {State} s
 * @param {(at: number) => void} go
 * @param {() => void} again
 */
export function buildBar(s, go, again) {
  const { root, el } = s
  const button = (/** @type {string} */ kind, /** @type {() => void} */ onclick) =>
    h("button", { type: "button", class: kind, onclick })
  el.words = h("div", { class: "words" })
  el.again = button("again", again)
  el.count = h("span", { class: "count" })
  el.back = button("back", () => go(s.at - 1))
  el.next = button("next", () => go(following(s)))
  el.close = button("close", () => go(0))
  el.close.textContent = "✕"
  root.setAttribute("role", "region")
  root.replaceChildren(el.words, h("div", { class: "buttons" }, el.again, el.count, el.back, el.next, el.close))
}

/**
 * The step after the present one; after the last one none.
 * @param {Pick<State, "at" | "data">} s
 */
export function following({ at, data }) {
  return at < data.steps.length ? at + 1 : 0
}

/**
 * Draws the bar, as wide as the page beside the menu, and says what it covers.
 * @param {State} s
 */
export function drawBar(s) {
  const { root, at } = s
  root.hidden = !at
  if (at) {
    label(s)
    const page = document.querySelector('[data-testid="stMain"]')?.getBoundingClientRect()
    if (page) Object.assign(root.style, { left: `${page.left}px`, width: `${page.width}px` })
  }
  coverFloor(at ? root.offsetHeight : 0)
}

/** @param {State} s */
function label({ root, el, data, at, touched }) {
  const t = (/** @type {string} */ text, args = {}) => translated(data.language, text, args)
  const { steps } = data
  root.setAttribute("aria-label", t("Guided tour"))
  place(el.words, JSON.stringify([at, steps]), () => wordsOf(steps, at))
  el.count.textContent = t("{n} of {count}", { n: at, count: steps.length })
  el.again.textContent = t("Show again")
  el.again.hidden = !touched
  el.back.textContent = t("Back")
  el.back.disabled = at === 1
  el.next.textContent = at < steps.length ? t("Next") : t("Done")
  el.close.title = t("Close the tour (Esc)")
  el.close.setAttribute("aria-label", t("Close the tour"))
}

/**
 * The words of a step, with room for those of every other one: the bar never changes its height.
 * @param {Step[]} steps
 * @param {number} at
 */
function wordsOf(steps, at) {
  const others = steps.map((step) => h("div", { class: "unseen", "aria-hidden": "true" }, ...inWords(step)))
  return [h("div", { role: "status" }, ...inWords(steps[at - 1])), ...others]
}

/** @param {Step} step */
function inWords({ title, text }) {
  return [h("h2", {}, title), h("p", {}, ...emphasised(text))]
}
