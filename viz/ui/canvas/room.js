// The room on the page for maps.

/** @import {State} from "./state.js" */

const NARROW = 560 // CSS px, as in canvas.css
const BELOW_MAPS = 64 // height of their scale and the readout
const MIN_MAPS_HEIGHT = 300

/**
 * The room for the maps: down to the end of the window, or on a narrow screen half of it, so that
 * maps and slider are visible together.
 * @param {State} s
 */
export function room(s) {
  const width = s.el.mapsBox.clientWidth
  if (s.el.lab.clientWidth < NARROW) return { width, height: window.innerHeight * 0.5 }
  const top = s.el.mapsBox.getBoundingClientRect().top + pageScroll(s.root)
  return { width, height: Math.max(MIN_MAPS_HEIGHT, window.innerHeight - top - BELOW_MAPS) }
}

/**
 * The scroll position of the page, which the room below the stage bar does not depend on.
 * @param {HTMLElement} root
 */
function pageScroll(root) {
  /** @type {Element | null} */
  let node = /** @type {ShadowRoot} */ (root.getRootNode()).host
  while (node && !(node.scrollTop > 0)) node = node.parentElement
  return node ? node.scrollTop : 0
}
