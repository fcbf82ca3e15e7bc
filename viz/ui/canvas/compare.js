// Switches between two states: A is pinned, B has the current values; also shows B − A.

import { h, place } from "../javascript/elements.js"
import { pinNow, show } from "./actions.js"
import { check, radios } from "./controls.js"
import { isDrawn } from "./state.js"

/** @import {Drawn, State} from "./state.js" */

/** @param {State} s */
export function buildCompare(s) {
  const { el, t } = s
  const pin = h("button", { type: "button", class: "small", title: t("Keep these maps as A (P)") }, t("Pin"))
  pin.onclick = () => isDrawn(s) && pinNow(s)
  const unpin = h("button", { type: "button", class: "small", "aria-label": t("Remove A"), title: t("Remove A") }, "✕")
  unpin.onclick = () => show(s, { pinned: "", showing: "now" })
  el.showing = h("div", { class: "segments", role: "radiogroup", "aria-label": t("Shown") })
  el.compare = h("div", { class: "compare" }, el.showing, unpin)
  return [pin, el.compare]
}

/** @param {Drawn} s */
export function drawCompare(s) {
  const { el } = s
  el.compare.hidden = !s.values.pinned
  place(el.showing, "showing", () => radios(s, "showing", (showing) => show(s, { showing })))
  check(el.showing, "showing", s.values.showing)
  const inA = s.values.showing === "pinned"
  el.controls.inert = el.stageBar.inert = el.flowBar.inert = el.matrix.inert = inA
  el.help.classList.toggle("stays", inA)
  if (!inA) return
  s.cell = null
  s.helped = undefined
  el.help.textContent = s.t("This is the pinned view A. Press A, or choose B, to continue.")
}
