// The feature maps of the drawn stage.

import { peak } from "../javascript/buffer.js"
import { h, place } from "../javascript/elements.js"
import { short } from "../javascript/numbers.js"
import { pixelRatio } from "../javascript/pen.js"
import { Stack } from "../javascript/stack.js"
import { commit } from "./actions.js"
import { check, radios } from "./controls.js"
import { showLegend } from "./legend.js"
import { showPointer } from "./reading.js"
import { meanFor, shownStep } from "./resolution.js"
import { buildChannel } from "./side_by_side.js"
import { buildSpots } from "./spot.js"
import { mapNames, raggedSizes } from "./units.js"
import { asked } from "./values.js"

/** @import {Drawn, State} from "./state.js" */

const POINTER = "Pointer over the maps: arrows move it, page keys change the map, space pins it, Enter enlarges"

/** @param {State} s */
export function buildMaps(s) {
  const { el, t } = s
  el.maps = h("canvas", { role: "img" })
  const pointer = { class: "overlay pointer", tabindex: "0", role: "application" }
  el.mapsOverlay = h("canvas", { ...pointer, "aria-label": t(POINTER) })
  el.mapsBar = h("div", { class: "bar" })
  el.reading = h("p", { class: "reading", role: "status" })
  el.scale = h("div", { class: "segments", role: "radiogroup", "aria-label": t("Scale") })
  el.mapsTitle = h("h2", {}, t("Feature maps"))
  el.mapsSpots = buildSpots()
  el.litMaps = h("div", { class: "lit-maps" })
  el.mapsBox = h("div", { class: "stack" }, el.maps, el.mapsOverlay, el.mapsSpots, el.litMaps)
  s.maps = new Stack(el.maps, el.mapsOverlay)
  el.mapsSection = h(
    "section",
    { class: "maps" },
    h("div", { class: "heading" }, el.mapsTitle, buildChannel(s), el.scale),
    el.mapsBox,
    h("div", { class: "underline" }, el.mapsBar, el.reading),
  )
  return el.mapsSection
}

/**
 * The choice of the maps' scale, which only redraws them.
 * @param {Drawn} s
 * @param {() => void} redraw
 */
export function drawScale(s, redraw) {
  const chosen = (/** @type {string} */ scale) => {
    s.values.scale = scale
    commit(s)
    redraw()
  }
  place(s.el.scale, "scale", () => radios(s, "scale", chosen))
  check(s.el.scale, "scale", s.values.scale)
}

/** @param {Drawn} s */
export function drawMaps(s) {
  const { header, el } = s
  const { width, height } = s.room.maps
  if (width < 20) return
  const difference = s.values.showing === "difference"
  const picture = header.as_picture && !difference && !header.side_by_side
  s.maps.draw(header.blocks.maps, {
    width,
    height,
    scale: difference ? "symmetric" : s.values.scale,
    kind: !difference && header.classes ? "class" : "map",
    classes: header.classes?.length,
    picture: picture ? s.t("as a picture") : null,
    names: mapNames(s),
    marks: header.side_by_side ? [] : header.marks,
    sizes: raggedSizes(header),
    rowLength: header.side_by_side ? 1 : header.row_length,
    only: s.enlarged,
    style: s.style,
  })
  el.mapsTitle.textContent = title(s)
  el.maps.setAttribute("aria-label", described(s))
  el.maps.dataset.drawn = String(Number(el.maps.dataset.drawn ?? 0) + 1)
  showLegend(s, el.mapsBar, s.maps.range, s.enlarged ?? s.hover?.map ?? 0, header.blocks.maps)
  sharpen(s)
  showPointer(s)
}

/** @param {Drawn} s */
function title(s) {
  const { header, t } = s
  if (s.values.showing === "difference") return t("B − A")
  if (s.enlarged !== null) return t("Map {name}", { name: mapNames(s)[s.enlarged] })
  if (s.controlled === header.stage || header.stage === "picture") return t("Feature maps")
  return t("Feature maps of {stage}", { stage: header.titles[header.stage] })
}

/** @param {Drawn} s */
function described(s) {
  const block = s.header.blocks.maps
  const top = peak(block)
  const [channels, rows, columns] = s.header.stages[s.header.stage].shape
  return s.t("{shape} maps from {low} to {high}; the largest value is in map {map} at row {row}, column {column}", {
    shape: `${channels} × ${rows} × ${columns}`,
    low: short(Math.min(...(block.least ?? block.low))), // exact, whatever the window averages
    high: short(Math.max(...(block.most ?? block.high))),
    map: mapNames(s)[top.map],
    row: top.row * block.mean_of,
    column: top.column * block.mean_of,
  })
}

/**
 * Requests the maps again if they have room for more, or much fewer, pixels than were sent.
 * @param {Drawn} s
 */
function sharpen(s) {
  const { shape, mean_of: sent } = s.header.blocks.maps
  const [tile] = s.maps.tiles
  s.wantedPx = shownStep(s.header, Math.max(tile.wide, tile.tall) * pixelRatio())
  const best = meanFor(s.header, s.wantedPx)
  const key = `${asked(s)} ${shape[0]} ${s.enlarged} ${best}`
  if (best !== sent && s.sharpened !== key && !s.header.reduced) {
    s.sharpened = key
    s.requests.ask()
  }
}
