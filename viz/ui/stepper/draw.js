// Draws everything of one step.

import { cssGradient } from "../javascript/colours.js"
import { h, place } from "../javascript/elements.js"
import { short } from "../javascript/numbers.js"
import { contextOf } from "../javascript/pen.js"
import { inkOf, nameFont } from "./cells.js"
import { arranged } from "./plan.js"
import { outputAt, sizeOf, termsOf, windowOf } from "./reading.js"
import { drawReading } from "./sheets.js"
import { say } from "./words.js"

/** @import {Plan, Shape, Shapes} from "./plan.js" */
/** @import {Plane} from "./reading.js" */
/** @import {Scale, State} from "./state.js" */

const WIDE = 880 // CSS px of own width, as in stepper.css
// Limits in CSS px for the height of a canvas, which is a share of the window.
const TALL = {
  beside: { share: 0.32, least: 240, most: 340 },
  alone: { share: 0.375, least: 300, most: 420 },
}

/** @param {State} s */
export function resized(s) {
  if (s.data && s.width !== s.root.clientWidth) draw(s)
}

/** @param {State} s */
export function draw(s) {
  s.width = s.root.clientWidth
  const width = Math.min(...s.parts.map(({ box }) => box.clientWidth))
  showControls(s)
  if (width < 20) return // not on the page yet: the observer will call
  s.ink = inkOf(s.root)
  s.plan = arranged(shapesOf(s), width, tallest(s))
  showScales(s)
  for (const n of s.readings.keys()) drawOne(s, s.plan, n, width)
}

/** @param {State} s */
function tallest({ readings, width }) {
  const { share, least, most } = readings.length === 1 && width >= WIDE ? TALL.alone : TALL.beside
  return Math.max(least, Math.min(most, share * window.innerHeight))
}

/**
 * @param {State} s
 * @returns {Shapes}
 */
function shapesOf(s) {
  const { inputs, readings, outputs } = s.data
  const [rows, columns] = sizeOf(inputs)
  return {
    inputs: shapeOf(inputs),
    outputs: readings.map((reading) => shapeOf(reading.outputs)),
    padding: Math.max(...readings.map(({ padding }) => padding)),
    leavesOver: s.readings.some(({ leftOver }) => leftOver[0] < rows || leftOver[1] < columns),
    label: widest(s, outputs),
  }
}

/**
 * @param {Plane[]} planes
 * @returns {Shape}
 */
function shapeOf(planes) {
  return [planes.length, ...sizeOf(planes)]
}

/**
 * Width of the longest name, CSS px.
 * @param {State} s
 * @param {string[]} names
 */
function widest({ parts, ink }, names) {
  const context = contextOf(parts[0].canvas)
  context.font = nameFont(ink, true)
  return Math.max(0, ...names.map((name) => context.measureText(name).width))
}

/** @param {State} s */
function showControls(s) {
  const { el, t } = s
  const now = t("{n} of {all}", { n: s.step + 1, all: s.steps })
  el.slider.value = String(s.step + 1)
  el.slider.setAttribute("aria-valuetext", now)
  el.value.textContent = now
  el.back.disabled = s.step === 0
  el.forward.disabled = s.step === s.steps - 1
  const outputs = /** @type {NodeListOf<HTMLInputElement>} */ (s.root.querySelectorAll('input[name="output"]'))
  for (const input of outputs) input.checked = Number(input.value) === s.output
}

/** @param {State} s */
function showScales({ el, inputScale, outputScale, t }) {
  /** @type {[string, Scale][]} */
  const scales = [...(inputScale ? [named(t("Input"), inputScale)] : []), named(t("Output"), outputScale)]
  const shared = t("one scale for all")
  place(el.legends, JSON.stringify(scales), () => scales.map(([name, scale]) => legend(name, scale, shared)))
}

/**
 * @param {string} name
 * @param {Scale} scale
 * @returns {[string, Scale]}
 */
function named(name, scale) {
  return [name, scale]
}

/**
 * @param {string} name
 * @param {Scale} scale
 * @param {string} shared
 */
function legend(name, { low, high, table }, shared) {
  return h(
    "span",
    { class: "legend", title: shared },
    `${name} ${short(low)}`,
    h("span", { class: "gradient", style: cssGradient(table) }),
    `${short(high)}, ${shared}`,
  )
}

/**
 * @param {State} s
 * @param {Plan} plan
 * @param {number} n
 * @param {number} width
 */
function drawOne(s, plan, n, width) {
  const { inputs, channels, outputs: outputNames } = s.data
  const { reading, read, leftOver, tints: outputTints, written: outputWritten } = s.readings[n]
  const at = outputAt(reading, s.step)
  const terms = termsOf(inputs, reading, s.output, at)
  const stack = plan.outputs[n]
  drawReading(s.parts[n].canvas, {
    ...{ plan, stack, width, ink: s.ink },
    ...{ reading, read, leftOver, at, output: s.output, count: terms.length, places: windowOf(reading, at) },
    ...{ inputs, tints: s.tints, outputTints, written: s.written, outputWritten, channels, outputNames },
  })
  say(s, s.parts[n], s.readings[n], at, terms)
  s.parts[n].canvas.dataset.sheets = JSON.stringify({ ...plan, outputs: stack })
}
