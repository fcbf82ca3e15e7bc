// Views to try, one click each.

import { h, place } from "../javascript/elements.js"
import { lookAgain } from "./actions.js"
import { addressed, isPresent, openingOf, suggested } from "./values.js"

/** @import {State, Suggestion} from "./state.js" */

/** @param {State} s */
export function buildSuggestions(s) {
  s.el.suggestions = h("nav", { class: "suggestions", "aria-label": s.t("Try this") })
  return s.el.suggestions
}

/** @param {State} s */
export function drawSuggestions(s) {
  const nav = s.el.suggestions
  const { views } = openingOf(s, s.values.part)
  nav.hidden = !views.length
  place(nav, JSON.stringify(views), () => [s.t("Try this"), ...views.map((view) => link(s, view))])
  for (const [n, view] of views.entries()) {
    const each = /** @type {HTMLAnchorElement} */ (nav.querySelectorAll("a")[n])
    each.href = address(s, view)
    each.setAttribute("aria-current", String(isPresent(s, view)))
  }
}

/**
 * A link with its own address, which a plain click follows without loading the page.
 * @param {State} s
 * @param {Suggestion} view
 */
function link(s, view) {
  const clicked = (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return // a new tab or window
    event.preventDefault()
    lookAgain(s, suggested(s, view))
  }
  return h("a", { class: "suggestion", onclick: clicked }, view.label)
}

/**
 * @param {State} s
 * @param {Suggestion} view
 */
function address(s, view) {
  const query = addressed({ ...s, values: suggested(s, view) }, location.search)
  return `${location.pathname}${query ? `?${query}` : ""}`
}
