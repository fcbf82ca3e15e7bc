// Scrolls to what a click opened below the canvas.

import { coveredAbove, visibleHeight } from "../javascript/floor.js"

const EDGE = 12 // CSS px to the edges of the window
const LASTS_MS = 15_000 // until the last part of what was opened has come
const SEEN = 0.4 // of the window: a section that shows less is scrolled to
const STAYS_SEEN = 0.5 // of the window, for the canvas whose click opened something
const HANDS = ["wheel", "touchstart", "pointerdown", "keydown"] // the visitor scrolls or works on

/**
 * @typedef {"canvas" | "opened" | "sections"} Part  the key of a container of the page
 * @typedef {{top: number, bottom: number}} Span  CSS px
 *
 * @typedef {object} Manner
 * @property {boolean} [start]  whether the top of the part goes to the top of the window
 * @property {boolean} [focus]  whether the keyboard follows
 * @property {boolean} [keepsMaps]  whether the maps stay in view, because the next click is on them
 */

/** @type {(() => void) | undefined} */
let endLast
let entered = false

/**
 * Keeps a part of the page in view while its content comes, until the visitor moves on.
 * @param {Part} part
 * @param {Manner} [manner]
 */
export function reveal(part, { start = false, focus = false, keepsMaps = false } = {}) {
  endLast?.()
  const page = document.querySelector('[data-testid="stMainBlockContainer"]')
  if (!page) return
  let follows = focus
  const look = () => {
    const target = /** @type {HTMLElement | null} */ (document.querySelector(`.st-key-${part}`))
    if (!target || target.offsetHeight === 0) return
    if (follows) focusOn(target)
    follows = false
    scrollToPart(target, start, keepsMaps)
  }
  const growth = new ResizeObserver(look)
  growth.observe(page)
  const end = () => {
    growth.disconnect()
    window.clearTimeout(timer)
    for (const hand of HANDS) document.removeEventListener(hand, end, true)
  }
  const timer = window.setTimeout(end, LASTS_MS)
  for (const hand of HANDS) document.addEventListener(hand, end, { capture: true, passive: true })
  endLast = end
}

/**
 * A section that was chosen, unless enough of it is seen.
 */
export function revealSection() {
  const top = document.querySelector(".st-key-sections")?.getBoundingClientRect().top ?? 0
  if (top > visibleHeight() * (1 - SEEN) || top < 0) reveal("sections", { start: true })
}

/**
 * The canvas, unless enough of it is seen.
 */
export function revealCanvas() {
  const { top = 0 } = document.querySelector(".st-key-canvas")?.getBoundingClientRect() ?? {}
  if (top > visibleHeight() * (1 - SEEN) || top < coveredAbove()) reveal("canvas", { start: true })
}

/**
 * The section that the address names, when a link to it is opened; a reload stays at the top, and a
 * tour shows what it lights.
 */
export function revealLinked() {
  const [arrival] = entered ? [] : performance.getEntriesByType("navigation")
  entered = true
  const { type } = /** @type {PerformanceNavigationTiming} */ (arrival ?? {})
  const query = new URLSearchParams(location.search)
  if (type === "navigate" && query.has("part") && !query.has("tour")) reveal("sections", { start: true })
}

/** @param {HTMLElement} target */
function focusOn(target) {
  target.tabIndex = -1
  target.focus({ preventScroll: true })
}

/**
 * @param {HTMLElement} target
 * @param {boolean} start
 * @param {boolean} keepsMaps
 */
function scrollToPart(target, start, keepsMaps) {
  const scroller = target.closest('[data-testid="stMain"]')
  if (!scroller) return
  const maps = document.querySelector(".st-key-canvas")?.getBoundingClientRect()
  const kept =
    maps && keepsMaps ? maps.bottom - STAYS_SEEN * window.innerHeight - scroller.getBoundingClientRect().top : Infinity
  const { top, bottom } = scroller.getBoundingClientRect()
  const view = { top: top + coveredAbove(), bottom }
  const by = Math.min(distance(target.getBoundingClientRect(), view, start), kept)
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches
  if (by) scroller.scrollBy({ top: by, behavior: calm ? "instant" : "smooth" })
}

/**
 * How far to scroll down: as little as shows the whole, and never past its top.
 * @param {Span} target
 * @param {Span} view
 * @param {boolean} start
 */
export function distance(target, view, start) {
  const above = target.top - EDGE - view.top
  const below = target.bottom + EDGE - view.bottom
  if (start || above < 0) return above
  return below > 0 ? Math.min(below, above) : 0
}
