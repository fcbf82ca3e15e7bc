// The wheel of hues, and in it the responses to all orientations at one pixel: each is a spoke along
// its bars, as long as its share of the largest.

import { orientationColour } from "../javascript/colours.js"
import { svg } from "../javascript/elements.js"

const SIDE = 300 // of the drawing's own units
const MIDDLE = SIDE / 2
const RING = { inner: 100, outer: 122 }
const LABELS = 137 // distance of the angles from the middle
const LETTERS = 19
const SEGMENT = 3 // degrees
const SPOKE = { widest: 13, share: 0.5 } // width, and its share of the room between two

/**
 * @param {number[]} responses  never negative
 * @param {number[]} degrees  of the bars
 * @param {number | null} preferred  degrees; null if there are none
 * @param {string} said  the alternative text
 */
export function wheelOf(responses, degrees, preferred, said) {
  const largest = Math.max(...responses) || 1
  const room = (Math.PI * RING.inner) / responses.length / 2
  const width = Math.min(SPOKE.widest, SPOKE.share * room)
  return svg(
    "svg",
    { viewBox: `0 0 ${SIDE} ${SIDE}`, role: "img", "aria-label": said, "font-size": LETTERS },
    ...ring(),
    ...[0, 45, 90, 135].flatMap((angle) => labels(angle)),
    svg("circle", { cx: MIDDLE, cy: MIDDLE, r: RING.inner - 6, class: "full" }),
    ...responses.map((response, o) => spoke(degrees[o], (RING.inner - 6) * (response / largest), width)),
    ...(preferred === null ? [] : [needle(preferred)]),
  )
}

/** The hues; bars lie along the radius that has their hue. */
function ring() {
  return Array.from({ length: 360 / SEGMENT }, (_, n) => {
    const corners = [
      [RING.inner, n * SEGMENT],
      [RING.outer, n * SEGMENT],
      [RING.outer, (n + 1) * SEGMENT + 0.3], // a little more, so that no gap is seen
      [RING.inner, (n + 1) * SEGMENT + 0.3],
    ]
    const points = corners.map(([radius, angle]) => at(radius, angle).join(",")).join(" ")
    return svg("polygon", { points, fill: orientationColour((n + 0.5) * SEGMENT) })
  })
}

/** @param {number} angle */
function labels(angle) {
  return [angle, angle + 180].map((side) => {
    const [x, y] = at(LABELS, side)
    return svg("text", { x, y, "text-anchor": "middle", "dominant-baseline": "central" }, `${angle}°`)
  })
}

/**
 * @param {number} degrees
 * @param {number} length  from the middle
 * @param {number} width
 */
function spoke(degrees, length, width) {
  return svg("line", { ...through(degrees, length), stroke: orientationColour(degrees), "stroke-width": width })
}

/** @param {number} degrees */
function needle(degrees) {
  return svg("line", { ...through(degrees, RING.outer + 4), class: "needle" })
}

/**
 * @param {number} degrees
 * @param {number} length  from the middle to both sides
 */
function through(degrees, length) {
  const [[x1, y1], [x2, y2]] = [at(-length, degrees), at(length, degrees)]
  return { x1, y1, x2, y2 }
}

/**
 * @param {number} radius
 * @param {number} degrees  counter-clockwise from the right
 * @returns {[x: number, y: number]}
 */
function at(radius, degrees) {
  const angle = (degrees * Math.PI) / 180
  return [MIDDLE + radius * Math.cos(angle), MIDDLE - radius * Math.sin(angle)]
}
