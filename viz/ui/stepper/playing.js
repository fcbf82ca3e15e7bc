// Plays the steps.

/** @import {State} from "./state.js" */

const TOUR_MS = 15_000 // for all outputs, at an interval between these
const PACE_MS = { quickest: 60, slowest: 600, calm: 250 }
const ICONS = {
  back: "M10.5 3.5v11L4 9zM12.5 3.5h2.2v11h-2.2z",
  play: "M5 3l10 6-10 6z",
  pause: "M4.5 3.5h3v11h-3zM10.5 3.5h3v11h-3z",
  forward: "M7.5 3.5v11L14 9zM3.3 3.5h2.2v11H3.3z",
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} label
 * @param {keyof typeof ICONS} icon
 */
export function showButton(button, label, icon) {
  button.setAttribute("aria-label", label)
  button.title = label
  button.innerHTML = `<svg width="18" height="18" viewBox="0 0 18 18" fill="currentColor" aria-hidden="true"><path d="${ICONS[icon]}"/></svg>`
}

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
  showButton(s.el.play, s.t("Pause"), "pause")
}

/** @param {State} s */
export function pause(s) {
  if (s.timer !== null) window.clearInterval(s.timer)
  s.timer = null
  if (s.el.play) showButton(s.el.play, s.t("Play"), "play")
}
