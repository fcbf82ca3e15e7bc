// Plays the steps.

import { showIcon } from "../javascript/icon_button.js"

/** @import {State} from "./state.js" */

const TOUR_MS = 15_000 // for all outputs, at an interval between these
const PACE_MS = { quickest: 60, slowest: 600, calm: 250 }

/**
 * Plays in a loop; it never starts without a click.
 * @param {State} s
 * @param {(step: number) => void} stepTo
 */
export function play(s, stepTo) {
  if (s.step >= s.steps - 1) stepTo(0)
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches
  const quickest = calm ? PACE_MS.calm : PACE_MS.quickest
  const pace = Math.min(PACE_MS.slowest, Math.max(quickest, TOUR_MS / s.steps))
  s.timer = window.setInterval(() => {
    stepTo(s.step + 1)
    if (s.step >= s.steps - 1) pause(s)
  }, pace)
  showIcon(s.el.play, s.t("Pause"), "pause")
}

/** @param {State} s */
export function pause(s) {
  if (s.timer !== null) window.clearInterval(s.timer)
  s.timer = null
  if (s.el.play) showIcon(s.el.play, s.t("Play"), "play")
}
