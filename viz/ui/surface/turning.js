// Turns a surface: by itself, by steps, and by hand.

import { showIcon } from "../javascript/icon_button.js"

/** @import {State} from "./state.js" */

const DEGREES_A_SECOND = 24
const STEP = 15 // degrees
const CALM_MS = 600 // for a step, where less motion is asked for
const DEGREES_A_PX = 0.5 // under a hand

/**
 * An angle from 0 to below 360.
 * @param {number} degrees
 */
export function wrapped(degrees) {
  return ((degrees % 360) + 360) % 360
}

/**
 * How far it has turned after a time: smoothly, or by whole steps where less motion is asked for.
 * @param {number} from  degrees
 * @param {number} ms  since then
 * @param {boolean} calm
 */
export function turnedAfter(from, ms, calm) {
  return wrapped(from + (calm ? STEP * Math.floor(ms / CALM_MS) : (DEGREES_A_SECOND * ms) / 1000))
}

export function wantsLessMotion() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches
}

/**
 * Turns until it is paused; while it is outside the window it rests.
 * @param {State} s
 * @param {(degrees: number) => void} turnTo
 */
export function turn(s, turnTo) {
  s.isPlaying = true
  showIcon(s.el.play, s.t("Pause"), "pause")
  if (!s.isSeen || s.frame) return
  const [from, began, calm] = [s.turn, performance.now(), wantsLessMotion()]
  const next = (/** @type {number} */ now) => {
    turnTo(turnedAfter(from, Math.max(0, now - began), calm))
    s.frame = requestAnimationFrame(next)
  }
  s.frame = requestAnimationFrame(next)
}

/** @param {State} s */
export function rest(s) {
  cancelAnimationFrame(s.frame)
  s.frame = 0
}

/** @param {State} s */
export function pauseTurning(s) {
  rest(s)
  s.isPlaying = false
  showIcon(s.el.play, s.t("Play"), "play")
}

/**
 * The next multiple of a step, forwards or backwards.
 * @param {number} degrees
 * @param {1 | -1} way
 */
export function stepped(degrees, way) {
  const steps = degrees / STEP
  return wrapped(STEP * (way > 0 ? Math.floor(steps) + 1 : Math.ceil(steps) - 1))
}

/**
 * A hand that drags sideways turns it.
 * @param {State} s
 * @param {(degrees: number) => void} go
 */
export function listenToDrag(s, go) {
  const { canvas } = s.el
  /** @type {{x: number, turn: number} | null} */
  let held = null
  canvas.onpointerdown = ({ clientX, pointerId }) => {
    canvas.setPointerCapture(pointerId)
    held = { x: clientX, turn: s.turn }
  }
  canvas.onpointermove = ({ clientX }) => {
    if (held) go(wrapped(held.turn + DEGREES_A_PX * (clientX - held.x)))
  }
  canvas.onpointerup = canvas.onpointercancel = () => {
    held = null
  }
}
