// The page as a stage: figure and section are its slides.

import { tell } from "../javascript/between.js"
import { isPresented } from "../javascript/type.js"

/** @import {Shell} from "../javascript/shell.js" */

const SEEN = 0.5 // of the window: a section that begins below that is not on screen
const TEXT = "textarea, select, input:not([type=range], [type=checkbox], [type=radio])"

/**
 * Hides or shows all that only who works with the page needs; style sheets do it.
 * @param {Shell} shell
 */
export function markPresenting({ present }) {
  const { dataset } = document.documentElement
  if (Boolean(dataset.present) === Boolean(present)) return
  const onSection = isSectionSeen()
  if (present) dataset.present = present
  else delete dataset.present
  requestAnimationFrame(() => show(onSection ? section() : null))
}

/**
 * One step on or back: of the tour, or from the figure to the open section and its neighbours.
 * @param {"forward" | "back"} where
 */
export function turn(where) {
  if (tell(where, null)) return
  if (where === "forward") {
    if (section() && !isSectionSeen()) show(section())
    else follow(["next_section", "next_lesson"])
  } else if (!isSectionSeen()) follow(["previous_lesson"])
  else if (!follow(["previous_section"])) show(null)
}

function section() {
  return document.querySelector(".st-key-sections")
}

function isSectionSeen() {
  const top = section()?.getBoundingClientRect().top ?? Number.POSITIVE_INFINITY
  return top < window.innerHeight * SEEN
}

/**
 * Clicks the page's own button or link in the first of these places that has one.
 * @param {string[]} places
 */
function follow(places) {
  const ways = places.map((place) => document.querySelector(`.st-key-${place} :is(button, a)`))
  const way = /** @type {HTMLElement | undefined} */ (ways.find(Boolean))
  way?.click()
  return way !== undefined
}

/**
 * Scrolls to a part of the page; to its begin if there is none.
 * @param {Element | null} part
 */
function show(part) {
  const page = document.querySelector('[data-testid="stMain"]')
  if (!page) return
  const top = part ? part.getBoundingClientRect().top - page.getBoundingClientRect().top : -page.scrollTop
  page.scrollBy({ top, behavior: "instant" })
}

/**
 * While presenting the clicker's keys turn pages again after a click, and do not move the slider that
 * was clicked. Returns a function that ends this.
 */
export function letGoOfClicked() {
  const clicked = (/** @type {MouseEvent} */ { detail: clicks }) => {
    if (clicks > 0 && isPresented()) letGo()
  }
  document.addEventListener("click", clicked)
  return () => document.removeEventListener("click", clicked)
}

function letGo() {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  if (active instanceof HTMLElement && !active.matches(TEXT)) active.blur()
}
