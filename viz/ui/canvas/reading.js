// The readout of the maps at the current place.

import { valueAt } from "../javascript/buffer.js"
import { about, short, told } from "../javascript/numbers.js"
import { showLegend } from "./legend.js"
import { linked } from "./links.js"
import { currentUnit, mapNames, pinnedUnit, pixelOf } from "./units.js"

/** @import {Place} from "../javascript/buffer.js" */
/** @import {Column} from "./exact.js" */
/** @import {Pointed} from "./links.js" */
/** @import {Drawn} from "./state.js" */

const MOST_LISTED = 8

/**
 * Marks the place in every map and shows its values.
 * @param {Drawn} s
 */
export function showPointer(s) {
  const { el, header, maps, t } = s
  const pinned = pinnedUnit(s)
  const place = s.hover ?? (pinned && pixelOf(pinned, header.blocks.maps.mean_of))
  const rest = pixelOf(currentUnit(s), header.blocks.maps.mean_of) // the unit of the bars and the field
  const column = s.exact.column
  const words = (/** @type {number} */ map) => wordsOf(s, place ?? rest, map, column)
  maps.mark(place ?? rest, place === null || maps.range.table === "classes" ? null : words)
  if (s.values.scale === "own") showLegend(s, el.mapsBar, maps.range, s.enlarged ?? place?.map ?? 0, header.blocks.maps)
  el.reading.title = String((place && column?.values[place.map]) ?? "")
  if (s.pointed && !s.hover) el.reading.textContent = linkSaid(s, s.pointed)
  else if (place) el.reading.textContent = reading(s, place, column)
  else if (s.values.showing === "difference") el.reading.textContent = largestDifference(s)
  else el.reading.textContent = t("Point at a map; click to see the arithmetic of a number.")
}

/**
 * @param {Drawn} s
 * @param {Place} place
 * @param {Column | null} exact
 */
function reading(s, place, exact) {
  const { header, t } = s
  const { row, column } = currentUnit(s)
  const name = mapNames(s)[place.map]
  const where = t("map {name} · row {row} · column {column}", { name, row, column })
  const n = header.blocks.maps.mean_of
  const never = header.key === undefined && n > 1 && s.maps.range.table !== "classes"
  const mean = never ? ` (${t("mean of {n} × {n} units", { n })})` : ""
  return `${where}: ${wordsOf(s, place, place.map, exact)}${mean}`
}

/**
 * The value of a map at a place, or the name of its class: exact, or from the drawn pixel after "≈".
 * @param {Drawn} s
 * @param {Place} place
 * @param {number} map
 * @param {Column | null} exact
 */
function wordsOf({ header, maps }, { row, column }, map, exact) {
  const block = header.blocks.maps
  const value = exact?.values[map] ?? null
  if (maps.range.table !== "classes") {
    return value === null ? about(told(block, map, valueAt(block, map, row, column))) : short(value)
  }
  const name = header.classes?.[value ?? Math.round(valueAt(block, map, row, column))] ?? ""
  return value === null && block.mean_of > 1 ? about(name) : name
}

/**
 * What a kernel, an input or an output has to do with the maps.
 * @param {Drawn} s
 * @param {Pointed} pointed
 */
function linkSaid(s, pointed) {
  const { header, t } = s
  const { maps } = linked(header, pointed)
  const names = {
    kernel: header.kernel_names ?? header.names,
    input: header.input_names,
    output: header.row_names ?? header.names,
    map: header.names,
  }
  const said = {
    name: names[pointed.part][pointed.index],
    n: maps.length,
    maps: listed(maps.map((map) => header.names[map])),
  }
  if (pointed.part === "kernel") return t("kernel {name} feeds: {maps}", said)
  if (pointed.part === "input") return t("input {name} feeds: {maps}", said)
  return t("map {name}", said)
}

/** @param {string[]} names */
function listed(names) {
  return names.length > MOST_LISTED ? `${names.slice(0, MOST_LISTED).join(", ")}, …` : names.join(", ")
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
