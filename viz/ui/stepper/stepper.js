// A convolution or a pool over its input, one output pixel at a time, with readings side by side.

import { found, place } from "../javascript/elements.js"
import { standing } from "../javascript/instances.js"
import { styleOf } from "../javascript/pen.js"
import { translated } from "../javascript/translation.js"
import { buildAll } from "./build.js"
import { writtenAs } from "./cells.js"
import { draw, resized } from "./draw.js"
import { cellAt } from "./plan.js"
import { pause, play } from "./playing.js"
import { everRead, leftOverFrom, outputCount, sizeOf, stepAfter } from "./reading.js"
import { scaleOf, tintedAsColours, tintedBy } from "./tints.js"

/** @import {Hand} from "./build.js" */
/** @import {Data, State} from "./state.js" */

/** @type {WeakMap<ParentNode, {state: State, end: () => void}>} */
const INSTANCES = new WeakMap()

/**
 * Called by Streamlit at mount and when data or theme change; step and output stay.
 * @param {{parentElement: ParentNode, data: Data}} component
 */
export default function stepper({ parentElement, data }) {
  const instance = standing(INSTANCES, parentElement, data.language) ?? create(found(parentElement, ".stepper"))
  INSTANCES.set(parentElement, instance)
  update(instance.state, data)
  return () => {
    instance.end()
    INSTANCES.delete(parentElement)
  }
}

/**
 * The other fields are set by `update`.
 * @param {HTMLElement} root
 */
function create(root) {
  const el = /** @type {State["el"]} */ ({})
  /** @type {Partial<State>} */
  const begun = { root, el, parts: [], readings: [], step: 0, steps: 0, output: 0, timer: null, plan: null }
  const s = /** @type {State} */ (begun)
  s.t = (text, args, plural) => translated(s.data.language, text, args, plural)
  const resize = new ResizeObserver(() => resized(s))
  resize.observe(root)
  const end = () => {
    pause(s)
    resize.disconnect()
  }
  return { state: s, end }
}

/**
 * @param {State} s
 * @param {Data} data
 */
function update(s, data) {
  s.data = data
  s.written = writtenAs(data.inputs)
  colourInputs(s)
  const tints = (/** @type {Data["readings"][number]} */ { outputs }) => tintedBy(outputs, s.outputScale)
  s.readings = data.readings.map((reading) => ({
    reading,
    read: everRead(data.inputs, reading),
    leftOver: leftOverFrom(reading),
    tints: tints(reading),
    written: writtenAs(reading.outputs),
  }))
  const steps = Math.max(...data.readings.map(outputCount))
  s.step = stepAfter(s, steps, data.complete)
  s.steps = steps
  s.output = Math.min(s.output, data.outputs.length - 1)
  build(s)
  draw(s)
}

/** @param {State} s */
function colourInputs(s) {
  const { inputs, colour, readings } = s.data
  const style = styleOf(s.root)
  const scale = scaleOf([inputs], style)
  s.inputScale = colour ? null : scale
  s.tints = colour ? tintedAsColours(inputs) : tintedBy(inputs, scale)
  s.outputScale = scaleOf(
    readings.map(({ outputs }) => outputs),
    style,
  )
}

/** @param {State} s */
function build(s) {
  const { readings, outputs, alt, language } = s.data
  const key = JSON.stringify([readings.map(({ title, note }) => [title, note]), outputs, language])
  s.root.classList.toggle("alone", readings.length === 1)
  s.root.style.setProperty("--across", String(Math.min(3, readings.length)))
  s.root.setAttribute("aria-label", alt)
  place(s.root, key, () => buildAll(s, handOf(s)))
  s.el.slider.max = String(s.steps)
}

/**
 * @param {State} s
 * @returns {Hand}
 */
function handOf(s) {
  const stepTo = (/** @type {number} */ step) => {
    s.step = Math.max(0, Math.min(s.steps - 1, step))
    draw(s)
  }
  const go = (/** @type {number} */ step) => {
    pause(s)
    stepTo(step)
  }
  return {
    go,
    playOrPause: () => (s.timer === null ? play(s, stepTo) : pause(s)),
    choose: (output) => {
      s.output = output
      draw(s)
    },
    click: (n, x, y) => {
      const cell = s.plan && cellAt(s.plan.outputs[n], s.output, x, y)
      if (!cell) return
      s.output = cell.output
      go(cell.row * sizeOf(s.readings[n].reading.outputs)[1] + cell.column)
    },
  }
}
