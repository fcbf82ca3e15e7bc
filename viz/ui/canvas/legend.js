// The legend of the drawn maps.

import { classKey, colourBar } from "../javascript/colour_bar.js"

/** @import {Ranges} from "../javascript/ranges.js" */
/** @import {Drawn} from "./state.js" */

/**
 * @param {Drawn} s
 * @param {HTMLElement} element its container
 * @param {Ranges} ranges
 * @param {number} map whose range is shown
 */
export function showLegend({ header, t }, element, { each, table, shared }, map) {
  element.classList.toggle("key", table === "classes")
  const caption = shared ? t("one scale for all") : t("each map its own scale")
  const parts =
    table === "classes" ? classKey(header.classes ?? []) : colourBar(table, each[map] ?? each[0], caption, t)
  element.replaceChildren(...parts)
}
