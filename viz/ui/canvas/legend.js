// The legend of the drawn maps.

import { classKey, colourBar } from "../javascript/colour_bar.js"

/** @import {Block} from "../javascript/buffer.js" */
/** @import {Ranges} from "../javascript/ranges.js" */
/** @import {Drawn} from "./state.js" */

/**
 * @param {Drawn} s
 * @param {HTMLElement} element its container
 * @param {Ranges} ranges
 * @param {number} map whose range is shown
 * @param {Block} [block] of averaged maps, whose true extremes are named
 */
export function showLegend({ header, t }, element, { each, table, shared }, map, block) {
  element.classList.toggle("key", table === "classes")
  const own = t("scale of map {name}; each has its own", { name: header.names[map] ?? header.names[0] })
  const caption = shared ? t("one scale for all") : own
  const parts =
    table === "classes"
      ? classKey(header.classes ?? [])
      : colourBar(table, { ...(each[map] ?? each[0]), ...extremesOf(block, shared ? null : map) }, caption, t)
  element.replaceChildren(...parts)
}

/**
 * The smallest and the largest value of one map, or of all.
 * @param {Block | undefined} block
 * @param {number | null} map
 */
function extremesOf(block, map) {
  if (!block?.least || !block.most) return {}
  const of = (/** @type {number[]} */ values) => (map === null ? values : values.slice(map, map + 1))
  return { least: Math.min(...of(block.least)), most: Math.max(...of(block.most)) }
}
