// How much room the page leaves for maps.

/** @import {State} from "./state.js" */

const NARROW = 560 // CSS px, as in canvas.css
const BELOW_MAPS = 64 // their scale and the reading
const MIN_MAPS_HEIGHT = 300

/**
 * What the maps may take: down to the window's end, or on a narrow screen half of it, so that
 * maps and slider are seen together.
 * @param {State} s
 */
export function room(s) {
  const width = s.el.mapsBox.clientWidth
  if (s.el.lab.clientWidth < NARROW) return { width, height: window.innerHeight * 0.5 }
  const top = s.el.mapsBox.getBoundingClientRect().top + pageScroll(s.root)
  return { width, height: Math.max(MIN_MAPS_HEIGHT, window.innerHeight - top - BELOW_MAPS) }
}

/**
 * How far the page itself is scrolled: the room below the stage bar does not depend on it.
 * @param {HTMLElement} root
 */
function pageScroll(root) {
  /** @type {Element | null} */
  let node = /** @type {ShadowRoot} */ (root.getRootNode()).host
  while (node && !(node.scrollTop > 0)) node = node.parentElement
  return node ? node.scrollTop : 0
}
