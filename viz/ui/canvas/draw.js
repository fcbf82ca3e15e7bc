// Draws everything from the newest maps.

import { styleOf } from "../javascript/pen.js"
import { shellNow } from "../javascript/shell.js"
import { showCards } from "./cards.js"
import { drawChoosing } from "./choosing.js"
import { drawCompare } from "./compare.js"
import { drawControls } from "./controls.js"
import { drawField, showPhoto } from "./field.js"
import { drawFilters } from "./filters.js"
import { notice } from "./frame.js"
import { drawLight, quieten } from "./light.js"
import { showLinks } from "./linking.js"
import { drawMaps, drawScale } from "./maps.js"
import { layOut } from "./room.js"
import { drawChannel } from "./side_by_side.js"
import { placeSpots } from "./spot.js"
import { drawStageBar } from "./stage_bar.js"
import { isDrawn } from "./state.js"
import { drawSuggestions } from "./suggestions.js"
import { isInside } from "./units.js"
import { asked, drawnValues } from "./values.js"

/** @import {Drawn, State} from "./state.js" */

const MANY_AT_WORK = "Many visitors are here: the maps are smaller while you drag, and in full size when you stop."

/** @param {State} s */
export function draw(s) {
  if (!s.header || !s.root.isConnected) return
  s.style = styleOf(s.root)
  s.root.toggleAttribute("data-present", shellNow().present === "1")
  if (isDrawn(s)) drawAll(s)
}

/** @param {Drawn} s */
function drawAll(s) {
  const { header, el } = s
  const { stage } = drawnValues(s)
  s.controlled = stage in header.titles ? stage : header.stage
  if (s.hover && !isInside(s.hover, header.blocks.maps.shape)) s.hover = null
  forgetGone(s)
  if (s.enlarged !== null && s.enlarged >= header.blocks.maps.shape[0]) s.enlarged = null
  if (s.root.dataset.ready !== "yes") dispatchEvent(new Event("pointwise-ready")) // ends the skeleton
  s.root.dataset.ready = "yes"
  showBadge(s)
  quieten(s)
  if (s.refused && s.refused !== asked(s)) {
    s.refused = ""
    notice(s, "") // it was about another view
  }
  if (header.notice) notice(s, s.t(header.notice))
  showCards(s)
  drawSuggestions(s)
  drawStageBar(s)
  drawControls(s)
  drawCompare(s)
  showPhoto(s)
  el.help.hidden = !el.help.textContent
  drawScale(s, () => draw(s))
  drawChannel(s)
  layOut(s)
  drawMaps(s)
  drawFilters(s)
  drawField(s)
  placeSpots(s)
  drawChoosing(s)
  showLinks(s)
  drawLight(s)
  s.exact.ask()
}

/**
 * A part that the new maps do not have is not pointed at any more.
 * @param {Drawn} s
 */
function forgetGone(s) {
  const { blocks, input_names: inputs, names } = s.header
  const counts = {
    map: names.length,
    kernel: blocks.kernels?.shape[0] ?? 0,
    input: inputs.length,
    output: names.length,
  }
  if (s.pointed && !s.pointed.place && s.pointed.index >= counts[s.pointed.part]) s.pointed = null
}

/** @param {Drawn} s */
function showBadge({ el, header, t }) {
  const { reduced, device, ms } = header
  el.badge.textContent = `${reduced ? "≈ " : ""}${device} · ${ms.toFixed(1)} ms`
  el.badge.title = reduced ? t(MANY_AT_WORK) : ""
}

/**
 * Whether the page's colours or font have changed since the last drawing.
 * @param {State} s
 */
export function isThemedAnew(s) {
  return JSON.stringify(styleOf(s.root)) !== JSON.stringify(s.style)
}
