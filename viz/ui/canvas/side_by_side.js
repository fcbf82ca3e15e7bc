// The choice of the map that is shown of several pictures.

import { h } from "../javascript/elements.js"
import { choose } from "./actions.js"

/** @import {Drawn, State} from "./state.js" */

/** @param {State} s */
export function buildChannel(s) {
  const { el, t } = s
  const before = turnButton(s, -1, "‹", t("Previous map"))
  const after = turnButton(s, 1, "›", t("Next map"))
  el.channel = h("span")
  el.channelBox = h("div", { class: "compare", hidden: true }, before, el.channel, after)
  return el.channelBox
}

/**
 * @param {State} s
 * @param {number} by
 * @param {string} text
 * @param {string} label
 */
function turnButton(s, by, text, label) {
  return h("button", { type: "button", class: "small", "aria-label": label, onclick: () => turn(s, by) }, text)
}

/** @param {Drawn} s */
export function drawChannel({ el, header, t }) {
  const { side_by_side: beside, names } = header
  el.channelBox.hidden = !beside
  if (beside) el.channel.textContent = t("map {name} of {n}", { name: names[beside.channel], n: names.length })
}

/**
 * @param {State} s
 * @param {number} by
 */
function turn(s, by) {
  const beside = s.header?.side_by_side
  if (!s.header || !beside) return
  const count = s.header.names.length
  choose(s, { channel: String((beside.channel + by + count) % count) })
}
