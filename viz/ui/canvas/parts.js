// The pointer on kernels, matrix, bars and photo, by mouse and by keys.

import { partAt } from "./bars.js"
import { point } from "./linking.js"
import { cellAt, inputAt, outputAt } from "./matrix_heads.js"
import { pin } from "./pointer.js"
import { unitNear } from "./rest.js"
import { isDrawn } from "./state.js"
import { boxesOf, currentUnit, pixelOf } from "./units.js"

/** @import {Pointed} from "./links.js" */
/** @import {Drawn, State} from "./state.js" */

/** @typedef {(s: Drawn, x: number, y: number) => Pointed | null} Find */

/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }

/** @param {State} s */
export function listenToParts(s) {
  const { kernelsOverlay, matrixCanvas, matrixHeads, matrixRows, bars, fieldCanvas } = s.el
  listen(s, kernelsOverlay, kernelAt)
  listen(s, matrixCanvas, cellAt)
  listen(s, matrixHeads, inputAt)
  listen(s, matrixRows, outputAt)
  listen(s, bars, partAt)
  listen(s, fieldCanvas, seenAt)
  fieldCanvas.onclick = (event) => {
    if (!isDrawn(s)) return
    point(s, seenAt(s, event.offsetX, event.offsetY))
    pin(s)
  }
  stepThrough(s, kernelsOverlay, "kernel", (drawn) => drawn.header.blocks.kernels?.shape[0] ?? 0)
  stepThrough(s, bars, "input", (drawn) => drawn.header.groups?.names.length ?? 0)
  matrixCanvas.addEventListener("keydown", () => {
    if (s.cell) point(s, { part: "input", index: s.cell[1], output: s.cell[0] })
  })
}

/**
 * @param {State} s
 * @param {HTMLElement} element
 * @param {Find} find
 */
function listen(s, element, find) {
  element.onpointermove = (event) => isDrawn(s) && point(s, find(s, event.offsetX, event.offsetY))
  element.onpointerleave = () => point(s, null)
  element.onblur = () => point(s, null)
}

/**
 * Arrows step through the parts of a kind, Escape lets go.
 * @param {State} s
 * @param {HTMLElement} element
 * @param {"kernel" | "input"} part
 * @param {(s: Drawn) => number} count
 */
function stepThrough(s, element, part, count) {
  element.onkeydown = (event) => {
    const by = STEPS[event.key]
    if (event.key === "Escape") point(s, null)
    if (!by || !isDrawn(s)) return
    event.preventDefault()
    const from = s.pointed?.part === part ? s.pointed.index : by > 0 ? -1 : 0
    const n = count(s)
    point(s, n ? { part, index: (from + by + n) % n } : null)
  }
}

/** @type {Find} */
function kernelAt(s, x, y) {
  const found = s.kernels.at(x, y)
  return found && { part: "kernel", index: found.map }
}

/**
 * The unit whose field has its middle at a place of the photo, in the map that is looked at.
 * @type {Find}
 */
function seenAt(s, x, y) {
  const { image, canvas } = s.photo
  if (!image) return null
  const { map } = currentUnit(s)
  const by = image.width / canvas.clientWidth
  const unit = unitNear([y * by - 0.5, x * by - 0.5], boxesOf(s.header, map))
  const place = pixelOf({ map, ...unit }, s.header.blocks.maps.mean_of)
  return { part: "map", index: map, place }
}
