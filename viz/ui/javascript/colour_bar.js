// The legend of colours: a bar with its ends, or a name for every class.

import { classColour, cssColour, cssGradient } from "./colours.js"
import { h } from "./elements.js"
import { short } from "./numbers.js"

/** @import {Range, Table} from "./colours.js" */

/**
 * @param {Table} table
 * @param {Range} range
 * @param {string} caption empty for none
 */
export function colourBar(table, { low, high }, caption) {
  const parts = [
    h("div", { class: "gradient", style: cssGradient(table) }),
    h(
      "div",
      { class: "ends" },
      h("span", {}, short(low)),
      low < 0 && high > 0 ? h("span", {}, "0") : null,
      h("span", {}, short(high)),
    ),
  ]
  return caption ? [...parts, h("div", { class: "caption" }, caption)] : parts
}

/**
 * The name of every class beside its colour.
 * @param {string[]} names
 * @param {Table} [table]
 */
export function classKey(names, table = "classes") {
  const swatch = (/** @type {number} */ i) =>
    h("span", { class: "swatch", style: `background:${cssColour(classColour(i, names.length, table))}` })
  return names.map((name, i) => h("span", { class: "class" }, swatch(i), name))
}
