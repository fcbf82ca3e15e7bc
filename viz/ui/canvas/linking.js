// Marks what belongs to what is pointed at; nothing is fetched, and only overlays are drawn anew.

import { tell } from "../javascript/between.js"
import { tellPointed } from "../javascript/pointed.js"
import { drawBars } from "./bars.js"
import { drawField, showPhoto } from "./field.js"
import { linked } from "./links.js"
import { markCells } from "./matrix_heads.js"
import { showPointer } from "./reading.js"
import { isDrawn } from "./state.js"
import { pointedPixel, pointedSpot } from "./units.js"

/** @import {Pointed} from "./links.js" */
/** @import {Drawn, State} from "./state.js" */

/**
 * @param {State} s
 * @param {Pointed | null} pointed
 */
export function point(s, pointed) {
  if (pointed === null && s.pointed === null) return
  s.pointed = pointed
  if (isDrawn(s)) showPointed(s)
}

/** @param {Drawn} s */
export function showPointed(s) {
  showPointer(s)
  showPhoto(s)
  drawField(s)
  drawBars(s)
  showLinks(s)
  s.exact.ask()
  tellPointed(pointedPixel(s))
  tell("pointed", pointedSpot(s))
}

/** @param {Drawn} s */
export function showLinks(s) {
  const { header, pointed } = s
  const { kernels, maps, inputs } = linked(header, pointed)
  if (header.blocks.kernels && s.kernels.plan) {
    s.kernels.mark(null, null)
    s.kernels.outline(kernels)
  }
  s.maps.outline(pointed?.part === "map" ? [] : mapsShown(s, maps)) // on a map its unit is marked
  markCells(s, rowsGiving(s, maps), inputs)
}

/**
 * The rows of the matrix that give some maps; several maps may be of one row.
 * @param {Drawn} s
 * @param {number[]} maps
 */
function rowsGiving({ header: { row_names: rows } }, maps) {
  return rows ? [...new Set(maps.map((map) => map % rows.length))] : maps
}

/**
 * The drawn maps that stand for some of the stage: of several pictures all show the same one.
 * @param {Drawn} s
 * @param {number[]} maps
 */
function mapsShown({ header: { side_by_side: beside } }, maps) {
  if (!beside) return maps
  return maps.includes(beside.channel) ? [...beside.keys.keys()] : []
}
