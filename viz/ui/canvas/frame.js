// The frame of a canvas: its heading with cards and tools, and the elements of all its parts.

import { h } from "../javascript/elements.js"
import { buildCards } from "./cards.js"
import { buildCompare } from "./compare.js"
import { buildControls } from "./controls.js"
import { buildCopyLink } from "./copy_link.js"
import { buildField } from "./field.js"
import { buildFilters } from "./filters.js"
import { buildKeys } from "./keys.js"
import { buildMaps } from "./maps.js"
import { buildStageBar } from "./stage_bar.js"
import { buildSteps } from "./steps.js"
import { buildSuggestions } from "./suggestions.js"
import { buildTourButton } from "./tour_button.js"

/** @import {State} from "./state.js" */

const FULL_SCREEN_ICON =
  '<svg width="18" height="18" viewBox="0 0 18 18" fill="none" stroke="currentColor" stroke-width="2.2" aria-hidden="true"><path d="M2 6V2h4M12 2h4v4M16 12v4h-4M6 16H2v-4"/></svg>'

/** @param {State} s */
export function buildFrame(s) {
  const { el } = s
  el.badge = h("span", { class: "badge", role: "status" })
  el.title = h("h1")
  el.claim = h("p", { class: "claim" })
  el.lookFor = h("p", { class: "look-for" })
  el.progress = h("div", { class: "progress", role: "presentation" })
  const link = buildCopyLink(s)
  const tools = [
    el.badge,
    ...buildCompare(s),
    buildTourButton(s),
    ...buildCards(s),
    ...buildSteps(s),
    link.button,
    ...buildKeys(s),
    fullScreenButton(s),
  ]
  el.columns = h("div", { class: "columns" }, buildFilters(s), buildMaps(s), buildField(s))
  el.lab = h(
    "div",
    { class: "lab" },
    h("header", {}, el.title, el.claim, h("div", { class: "tools" }, ...tools), link.said),
    h("div", { class: "first-look" }, el.lookFor, buildSuggestions(s)),
    buildStageBar(s),
    buildControls(s),
    el.progress,
    el.columns,
  )
  el.sheet = h("div", { class: "sheet" })
  s.root.replaceChildren(el.lab, el.sheet)
}

/** @param {State} s */
function fullScreenButton({ t }) {
  const label = t("Full screen")
  const button = h("button", { type: "button", class: "small", "aria-label": label, title: label })
  button.innerHTML = FULL_SCREEN_ICON
  button.onclick = () =>
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()
  return button
}

/**
 * Shows a notice over the facts of the stage, so that nothing moves; an empty text hides it.
 * @param {State} s
 * @param {string} text
 */
export function notice({ el }, text) {
  el.notice.textContent = text
  el.notice.hidden = !text
}
