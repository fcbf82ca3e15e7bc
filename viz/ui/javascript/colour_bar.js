// The legend of colours: a bar with its ends, or a name for every class.

import { classColour, cssColour, cssGradient } from "./colours.js"
import { h } from "./elements.js"
import { short } from "./numbers.js"

/** @import {Table} from "./colours.js" */
/** @import {Range} from "./ranges.js" */
/** @import {Translate} from "./translation.js" */

const POINT = 9 // CSS px of a pointed end

/**
 * An end is pointed if values lie beyond it; then the text says how far they reach.
 * @param {Table} table
 * @param {Range} range
 * @param {string} caption empty for none
 * @param {Translate} t
 */
export function colourBar(table, range, caption, t) {
  const { low, high } = range
  const parts = [
    h("div", { class: "gradient", style: `${cssGradient(table)}; ${pointed(range)}` }),
    h(
      "div",
      { class: "ends" },
      h("span", {}, short(low)),
      low < 0 && high > 0 ? h("span", {}, "0") : null,
      h("span", {}, short(high)),
    ),
  ]
  const said = [...extremes(range, t), caption].filter(Boolean).join(" · ")
  return said ? [...parts, h("div", { class: "caption" }, said)] : parts
}

/** @param {Range} range */
function pointed({ low, high, least = low, most = high }) {
  const [left, right] = [least < low ? POINT : 0, most > high ? POINT : 0]
  const top = `${left}px 0, calc(100% - ${right}px) 0`
  const bottom = `calc(100% - ${right}px) 100%, ${left}px 100%`
  return left || right ? `clip-path: polygon(0 50%, ${top}, 100% 50%, ${bottom})` : ""
}

/**
 * The smallest and the largest value, if they lie beyond the colours.
 * @param {Range} range
 * @param {Translate} t
 */
export function extremes({ low, high, least = low, most = high }, t) {
  const min = least < low ? [`${t("min")} ${short(least)}`] : []
  return most > high ? [...min, `${t("max")} ${short(most)}`] : min
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
