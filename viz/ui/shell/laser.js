// A laser spot in the place of the mouse pointer, with a short trail.

import { penOnBlank, size } from "../javascript/pen.js"

/** @typedef {{x: number, y: number, at: number}} Place  CSS px of the window, and when, ms */

const SPOT = 9 // radius, CSS px
const TRAIL_MS = 320
const RED = "255 32 32"
const PANE = "position: fixed; inset: 0; z-index: 2147483646; pointer-events: none"

/** @type {{canvas: HTMLCanvasElement, places: Place[], frame: number} | undefined} */
let beam

export function toggleLaser() {
  if (beam) return endLaser()
  const canvas = document.createElement("canvas")
  canvas.id = "laser"
  canvas.style.cssText = PANE
  document.body.append(canvas)
  document.documentElement.dataset.laser = "on"
  beam = { canvas, places: [], frame: 0 }
}

function endLaser() {
  beam?.canvas.remove()
  beam = undefined
  delete document.documentElement.dataset.laser
}

/** Follows the mouse while the laser is on; returns a function that stops it. */
export function listenToLaser() {
  const moved = (/** @type {PointerEvent} */ event) => {
    if (!beam) return
    beam.places.push({ x: event.clientX, y: event.clientY, at: performance.now() })
    beam.frame ||= requestAnimationFrame(draw)
  }
  window.addEventListener("pointermove", moved, { capture: true, passive: true })
  return () => {
    window.removeEventListener("pointermove", moved, true)
    endLaser()
  }
}

/**
 * The places of the trail that are still seen; the last one is the spot.
 * @param {Place[]} places
 * @param {number} now  ms
 * @param {boolean} calm  whether less motion is asked for
 */
export function seenPlaces(places, now, calm) {
  const young = calm ? [] : places.filter(({ at }) => now - at < TRAIL_MS)
  return young.length ? young : places.slice(-1)
}

function draw() {
  if (!beam) return
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
  const now = performance.now()
  beam.places = seenPlaces(beam.places, now, calm)
  size(beam.canvas, window.innerWidth, window.innerHeight)
  const pen = penOnBlank(beam.canvas)
  drawTrail(pen, beam.places, now)
  drawSpot(pen, beam.places[beam.places.length - 1])
  beam.frame = beam.places.length > 1 ? requestAnimationFrame(draw) : 0
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Place[]} places
 * @param {number} now
 */
function drawTrail(pen, places, now) {
  pen.lineCap = "round"
  for (let n = 1; n < places.length; n++) {
    const fresh = 1 - (now - places[n].at) / TRAIL_MS
    pen.beginPath()
    pen.moveTo(places[n - 1].x, places[n - 1].y)
    pen.lineTo(places[n].x, places[n].y)
    pen.lineWidth = 2 * SPOT * fresh
    pen.strokeStyle = `rgb(${RED} / ${0.75 * fresh})`
    pen.stroke()
  }
}

/**
 * Red, within white and black rings: it is seen on any map and photo.
 * @param {CanvasRenderingContext2D} pen
 * @param {Place} place
 */
function drawSpot(pen, { x, y }) {
  for (const [wider, colour] of /** @type {[number, string][]} */ ([
    [4.5, "rgb(0 0 0 / 70%)"],
    [3, "rgb(255 255 255)"],
    [0, `rgb(${RED})`],
  ])) {
    pen.beginPath()
    pen.arc(x, y, SPOT + wider, 0, 2 * Math.PI)
    pen.fillStyle = colour
    pen.fill()
  }
}
