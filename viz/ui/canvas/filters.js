// The filters of the maps: kernels and a mixing matrix, or the values that a pool reads.

import { h } from "../javascript/elements.js"
import { Stack } from "../javascript/stack.js"
import { buildBars, drawBars, headsShown } from "./bars.js"
import { haveHeads } from "./heads.js"
import { showLegend } from "./legend.js"
import { drawMatrix } from "./matrix.js"
import { buildMatrix } from "./matrix_input.js"
import { kernelsRoom } from "./needs.js"

/** @import {Block} from "../javascript/buffer.js" */
/** @import {Drawn, State} from "./state.js" */

const KERNELS = "Kernels: arrows move from one to the next and mark the maps that it feeds"

/** @param {State} s */
export function buildFilters(s) {
  const { el } = s
  el.kernels = h("canvas", { role: "img" })
  el.kernelsOverlay = h("canvas", {
    class: "overlay pointer",
    tabindex: "0",
    role: "application",
    "aria-label": s.t(KERNELS),
  })
  el.kernelsBar = h("div", { class: "bar" })
  el.filtersTitle = h("h2")
  el.filtersNote = h("p", { class: "note" })
  el.kernelsBox = h("div", { class: "stack" }, el.kernels, el.kernelsOverlay)
  s.kernels = new Stack(el.kernels, el.kernelsOverlay)
  el.filters = h(
    "section",
    { class: "filters" },
    el.filtersTitle,
    el.filtersNote,
    el.kernelsBox,
    el.kernelsBar,
    buildMatrix(s),
    buildBars(s),
  )
  return el.filters
}

/** @param {Drawn} s */
export function drawFilters(s) {
  const { header, el, t } = s
  const bars = header.groups && !header.side_by_side // more useful for a pool than the bank's kernels
  const block = bars && (headsShown(s) || !haveHeads(header)) ? undefined : header.blocks.kernels
  const note = bars ? null : header.filters_note
  el.filters.hidden = !bars && !note && !block && !header.blocks.matrix
  el.filtersTitle.textContent = bars ? t("At this pixel") : t("Filters")
  el.filtersNote.textContent = note ? t(...note) : ""
  el.filtersNote.hidden = !note
  el.kernelsBox.hidden = el.kernelsBar.hidden = !block
  if (block) drawKernels(s, block)
  drawMatrix(s)
  drawBars(s)
}

/**
 * @param {Drawn} s
 * @param {Block} block
 */
function drawKernels(s, block) {
  const { header, el, kernels } = s
  kernels.draw(block, {
    width: s.room.filters.width,
    height: kernelsRoom(s),
    dense: true,
    scale: "shared",
    kind: "weight",
    names: header.kernel_names ?? header.names,
    marks: header.kernel_marks ?? header.marks,
    rowLength: header.row_length,
    only: null,
    style: s.style,
  })
  const [n, size] = block.shape
  const many = "{n} kernels of {size} × {size} pixels"
  el.kernels.setAttribute("aria-label", s.t("{n} kernel of {size} × {size} pixels", { n, size }, many))
  showLegend(s, el.kernelsBar, kernels.range, 0)
}
