// The receptive field of the current unit, and the pixels that no unit reads.

import { neverRead, ownBoxes } from "../javascript/boxes.js"
import { h } from "../javascript/elements.js"
import { exact } from "../javascript/numbers.js"
import { buildChoosing, isAsked } from "./choosing.js"
import { drawComb } from "./comb.js"
import { Photo } from "./photo.js"
import { buildSpots } from "./spot.js"
import { isDrawn } from "./state.js"
import { boxesOf, currentUnit } from "./units.js"
import { drawnValues, pictureOf } from "./values.js"

/** @import {Fact} from "../javascript/boxes.js" */
/** @import {Place} from "../javascript/buffer.js" */
/** @import {Drawn, State} from "./state.js" */

/** @param {State} s */
export function buildField(s) {
  const { el } = s
  el.fieldCanvas = h("canvas", { role: "img", class: "pointer" })
  el.fieldFacts = h("p", { class: "facts" })
  el.unread = h("p", { class: "note" })
  el.comb = h("canvas", { role: "img" })
  el.combBox = h("div", { class: "comb" }, el.comb, el.unread)
  s.photo = new Photo(el.fieldCanvas)
  const title = h("h2", {}, s.t("Receptive field"))
  el.photoSpots = buildSpots()
  el.photoChoosing = buildChoosing(s)
  const parts = [title, el.fieldCanvas, el.photoChoosing, el.photoSpots, el.fieldFacts, el.combBox]
  el.fieldSection = h("section", { class: "field" }, ...parts)
  return el.fieldSection
}

/**
 * Shows the picture of the drawn maps under the receptive field.
 * @param {State} s
 */
export function showPhoto(s) {
  const drawn = drawnValues(s)
  const [focus, size] = [pictureOf(s, drawn), drawn.working_size_px]
  const picture = s.header?.side_by_side?.keys[s.hover?.map ?? 0] ?? focus
  const source = s.inlinePhoto ?? `pictures/${picture}?working_size_px=${size}`
  s.photo.show(`${picture}.${size}`, source, () => {
    if (isDrawn(s)) drawField(s) // otherwise the first drawing will include it
  })
}

/** @param {Drawn} s */
export function drawField(s) {
  const { header, el, t } = s
  const unit = currentUnit(s)
  const fact = boxesOf(header, unit.map)
  const shown = s.pointed?.part === "kernel" ? kernelBoxes(header, fact) : fact
  const seen = s.photo.draw(shown, unit, s.room.field)
  if (!seen) return
  const [row, column] = [seen.rows, seen.columns].map(([first, last]) => (first + last) / 2)
  const parts = [
    shown === fact
      ? t("{rows} × {columns} px, stride {stride}", {
          rows: fact.size[0],
          columns: fact.size[1],
          stride: fact.stride[0],
        })
      : t("the kernel: {rows} × {columns} px", { rows: shown.size[0], columns: shown.size[1] }),
    t("centre row {row}, column {column}", { row, column }),
  ]
  if (seen.clipped) parts.push(t("clipped at the border"))
  el.fieldFacts.textContent = parts.join(" · ")
  el.fieldCanvas.dataset.box = seen.box.join(" ")
  const where = { name: s.pictureName, row: unit.row, column: unit.column, box: parts.join(", ") }
  el.fieldCanvas.setAttribute("aria-label", t("{name}: the unit in row {row}, column {column} sees {box}", where))
  drawUnread(s, fact, unit)
}

/**
 * Boxes of a kernel's size with the same middles.
 * @param {Drawn["header"]} header
 * @param {Fact} fact
 * @returns {Fact}
 */
function kernelBoxes({ blocks }, fact) {
  const [, ...size] = blocks.kernels?.shape ?? [0, ...fact.size]
  const off = (/** @type {number} */ axis) => Math.floor((fact.size[axis] - size[axis]) / 2)
  return { ...fact, size, padding: [fact.padding[0] - off(0), fact.padding[1] - off(1)] }
}

/**
 * @param {Drawn} s
 * @param {Fact} fact
 * @param {Place} unit
 */
function drawUnread(s, fact, unit) {
  const { header, el } = s
  const before = stageBefore(s)
  const strided = before !== null && fact.stride[0] > before.stride[0]
  el.comb.hidden = !strided
  el.combBox.hidden = fact.stride[0] === 1 || Boolean(header.side_by_side) || isAsked()
  if (el.combBox.hidden) return
  const sentences = strided ? [closeUp(s, fact, before, unit)] : []
  el.unread.textContent = [...sentences, ofThePicture(s, fact)].join(" ")
}

/** @param {Drawn} s */
function stageBefore({ header }) {
  const names = Object.keys(header.stages)
  const at = names.indexOf(header.stage)
  return at > 0 ? header.stages[names[at - 1]] : null
}

/**
 * Draws what the stage alone reads, and writes how much it never reads.
 * @param {Drawn} s
 * @param {Fact} fact
 * @param {Fact} before
 * @param {Place} unit
 */
function closeUp({ el, style, t }, fact, before, unit) {
  const own = ownBoxes(fact, before)
  const [, height, width] = before.shape
  const n = neverRead(own, height, width)
  const share = ((100 * n) / (height * width)).toFixed(1)
  drawComb(el.comb, own, unit, before.shape, style.text)
  const every = { n: own.stride[0] * own.stride[1] }
  el.comb.setAttribute("aria-label", t("Close-up of the incoming map: the layer reads one position in {n}", every))
  const counted = { n: exact(n), all: exact(height * width), share }
  return t("Never read: {n} of {all} positions of the incoming map ({share} %).", counted)
}

/**
 * @param {Drawn} s
 * @param {Fact} fact
 */
function ofThePicture({ header, t }, fact) {
  const [, height, width] = header.stages.picture.shape
  const n = neverRead(fact, height, width)
  if (!n) return t("Every pixel of the picture is still read: the receptive fields overlap.")
  const counted = { n: exact(n), all: exact(height * width) }
  return t("No output reads {n} of the picture's {all} pixels (grey).", counted)
}
