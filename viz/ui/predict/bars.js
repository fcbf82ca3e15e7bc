// The answers of a class as bars, those before the discussion over those after it.

import { h } from "../javascript/elements.js"
import { share } from "./tally.js"

/** @import {Translate} from "../javascript/translation.js" */
/** @import {Card} from "./state.js" */
/** @import {Bar} from "./tally.js" */

/**
 * @param {Card} card
 * @param {Translate} t
 */
export function barsTable({ bars, all }, t) {
  const shown = bars ?? []
  const twice = shown.some(({ before }) => before !== null)
  const allBefore = shown.reduce((sum, { before }) => sum + (before ?? 0), 0)
  const rows = shown.map((bar) => row(bar, all, twice ? allBefore : null, t))
  const key = twice
    ? [
        h(
          "p",
          { class: "key" },
          h("i", { class: "before" }),
          t("before"),
          h("i", { class: "after" }),
          t("after the discussion"),
        ),
      ]
    : []
  return h("div", { class: "bars", role: "table", "aria-label": t("The answers of the class") }, ...rows, ...key)
}

/**
 * @param {Bar} bar
 * @param {number} all
 * @param {number | null} allBefore
 * @param {Translate} t
 */
function row({ label, others, right, count, before }, all, allBefore, t) {
  const name = others ? t("others ({n} different)", { n: others }) : label
  const lines = [line("after", count, all)]
  if (allBefore !== null) lines.unshift(line("before", before ?? 0, allBefore))
  return h(
    "div",
    { class: right ? "row right" : "row", role: "row" },
    h("span", { class: "name", role: "rowheader" }, right ? `✓ ${name}` : name),
    h("div", { class: "lines", role: "cell" }, ...lines),
  )
}

/**
 * @param {string} when
 * @param {number} count
 * @param {number} all
 */
function line(when, count, all) {
  const width = all ? (100 * count) / all : 0
  const bar = count ? h("i", { style: `width: ${width}%` }) : null
  return h("div", { class: `line ${when}` }, bar, h("b", {}, share(count, all)))
}
