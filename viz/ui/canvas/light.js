// What a tour lights: it has a frame until the next step.

import { hear } from "../javascript/between.js"
import { h, place } from "../javascript/elements.js"
import { visibleHeight } from "../javascript/floor.js"
import { reveal } from "./reveal.js"

/** @import {Part} from "./reveal.js" */
/** @import {Drawn, State} from "./state.js" */

/**
 * Parts of the page below the canvas; the style sheet of the page marks them.
 * @type {Record<string, Part>}
 */
const UNDER_CANVAS = { proof: "opened", section: "sections" }

/**
 * Lights what a step of a tour names, and brings it into view; returns a function that stops it.
 * @param {State} s
 */
export function listenToLight(s) {
  return hear("light", ({ what }) => {
    s.lit = what
    document.documentElement.dataset.lit = what.join(" ")
    s.redraw() // the bar of the tour leaves less room
    bringIntoView(s)
  })
}

/**
 * Takes away the words above the maps while a tour or a question has words of its own.
 * @param {State} s
 */
export function quieten({ el }) {
  const { tourPx, question } = document.documentElement.dataset
  el.lab.toggleAttribute("data-quiet", tourPx !== undefined || question !== undefined)
  el.tour.setAttribute("aria-pressed", String(tourPx !== undefined))
}

/**
 * Frames what is lit, after a drawing that may have replaced it.
 * @param {Drawn} s
 */
export function drawLight(s) {
  const lit = s.lit.map((name) => partOf(s, name))
  for (const element of s.el.lab.querySelectorAll("[data-lit]")) {
    if (!lit.includes(element)) element.removeAttribute("data-lit")
  }
  for (const element of lit) element?.setAttribute("data-lit", "")
  frameMaps(s)
}

/**
 * The element of the canvas that a name lights; none for maps, which are drawn, and for what is below.
 * @param {Drawn} s
 * @param {string} said
 * @returns {Element | null}
 */
function partOf({ el }, said) {
  const [kind, name] = said.split(":")
  if (kind === "photo") return el.fieldCanvas
  if (kind === "field") return el.fieldSection
  if (kind === "filters") return el.filters
  if (kind === "comb") return el.comb
  if (kind === "stage") return el.lab.querySelector(`[data-stage="${name}"], [data-box="${name}"]`)
  return kind === "slider" ? el.controls.querySelector(`[data-field="${name}"]`) : null
}

/**
 * A frame around each map that is lit, or around all of them.
 * @param {Drawn} s
 */
function frameMaps({ el, lit, maps }) {
  const tiles = maps.tiles.filter(({ map, coloured }) => lit.includes(`map:${map}`) && !coloured)
  const right = Math.max(...maps.tiles.map(({ x, wide }) => x + wide))
  const all = lit.includes("maps") ? [{ x: 0, y: 0, wide: right, tall: maps.canvas.clientHeight }] : []
  const places = [...all, ...tiles].map(
    ({ x, y, wide, tall }) => `left:${x}px;top:${y}px;width:${wide}px;height:${tall}px`,
  )
  place(el.litMaps, places.join(), () => places.map((style) => h("div", { style })))
}

/**
 * What is below the canvas comes to the top of the window; the canvas does, if it was scrolled away.
 * @param {Pick<State, "lit">} s
 */
export function bringIntoView({ lit }) {
  const below = Object.keys(UNDER_CANVAS).find((name) => lit.includes(name))
  if (below) {
    reveal(UNDER_CANVAS[below], { start: true })
    return
  }
  const canvas = document.querySelector(".st-key-canvas")?.getBoundingClientRect()
  if (lit.length && canvas && (canvas.top < 0 || canvas.top > visibleHeight() / 2)) reveal("canvas", { start: true })
}
