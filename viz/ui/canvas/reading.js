// The readout of the maps at the current place.

import { valueAt } from "../javascript/buffer.js"
import { short, told } from "../javascript/numbers.js"
import { showLegend } from "./legend.js"
import { currentUnit, mapNames, pinnedUnit, pixelOf } from "./units.js"

/** @import {Place} from "../javascript/buffer.js" */
/** @import {Drawn} from "./state.js" */

/**
 * Marks the place in every map and shows its values.
 * @param {Drawn} s
 */
export function showPointer(s) {
  const { el, header, maps, t } = s
  const pinned = pinnedUnit(s)
  const place = s.hover ?? (pinned && pixelOf(pinned, header.blocks.maps.mean_of))
  maps.mark(place, maps.range.table !== "classes")
  if (s.values.scale === "own") showLegend(s, el.mapsBar, maps.range, s.enlarged ?? place?.map ?? 0)
  if (place) el.reading.textContent = reading(s, place)
  else if (s.values.showing === "difference") el.reading.textContent = largestDifference(s)
  else el.reading.textContent = t("Point at a map; click to see the arithmetic of a number.")
}

/**
 * @param {Drawn} s
 * @param {Place} place
 */
function reading(s, place) {
  const { header, t } = s
  const block = header.blocks.maps
  const { row, column } = currentUnit(s)
  const name = mapNames(s)[place.map]
  const where = t("map {name} · row {row} · column {column}", { name, row, column })
  const value = valueAt(block, place.map, place.row, place.column)
  if (s.maps.range.table === "classes") return `${where}: ${header.classes?.[Math.round(value)]}`
  const n = block.mean_of
  const mean = n > 1 ? ` (${t("mean of {n} × {n} units", { n })})` : ""
  return `${where}: ${told(block, place.map, value)}${mean}`
}

/**
 * The largest difference with its map's name; it is at one end of that map's range.
 * @param {Drawn} s
 */
function largestDifference(s) {
  const { low, high } = s.header.blocks.maps
  const reach = low.map((least, map) => Math.max(-least, high[map]))
  const map = reach.indexOf(Math.max(...reach))
  const value = short(high[map] >= -low[map] ? high[map] : low[map])
  return s.t("largest difference {value}, in map {name}", { value, name: mapNames(s)[map] })
}
