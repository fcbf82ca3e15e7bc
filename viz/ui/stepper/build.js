// The elements of the stepper: the slider, the buttons, a figure for each reading.

import { h } from "../javascript/elements.js"
import { iconButton } from "../javascript/icon_button.js"

/** @import {Part, State} from "./state.js" */

/**
 * The visitor's actions.
 * @typedef {object} Hand
 * @property {(step: number) => void} go
 * @property {() => void} playOrPause
 * @property {(output: number) => void} choose
 * @property {(reading: number, x: number, y: number) => void} click
 */

/**
 * @param {State} s
 * @param {Hand} hand
 */
export function buildAll(s, hand) {
  s.el.legends = h("div", { class: "legends" })
  s.parts = s.readings.map((_, n) => buildPart(hand, n))
  const figures = s.readings.map(({ reading: { title, note } }, n) => buildFigure(s, s.parts[n], title, note))
  return [buildControls(s, hand), h("div", { class: "readings" }, ...figures), s.el.legends]
}

/**
 * @param {State} s
 * @param {Hand} hand
 */
function buildControls(s, hand) {
  const { el, t } = s
  el.slider = h("input", { type: "range", id: "step", min: 1, max: s.steps, step: 1 })
  el.slider.oninput = () => hand.go(Number(el.slider.value) - 1)
  el.value = h("output", { for: "step" })
  el.back = iconButton(t("One output back"), "back", () => hand.go(s.step - 1))
  el.play = iconButton(t("Play"), "play", hand.playOrPause)
  el.forward = iconButton(t("One output forward"), "forward", () => hand.go(s.step + 1))
  return h(
    "div",
    { class: "controls" },
    h("div", { class: "control" }, h("label", { for: "step" }, t("Output pixel")), el.slider, el.value),
    h("div", { class: "buttons" }, el.back, el.play, el.forward),
    buildOutputs(s, hand),
  )
}

/**
 * The choice of the output channel whose sum is shown; a click on its sheet chooses it too.
 * @param {State} s
 * @param {Hand} hand
 */
function buildOutputs({ data, t }, hand) {
  const names = data.outputs
  if (names.length === 1) return null
  const radios = names.map((name, n) => {
    const input = h("input", { type: "radio", name: "output", value: n, onchange: () => hand.choose(n) })
    return h("label", { class: "option" }, input, h("span", {}, name))
  })
  return h(
    "div",
    { class: "outputs", role: "radiogroup", "aria-labelledby": "outputs" },
    h("span", { id: "outputs" }, t("Output channel")),
    h("div", { class: "segments" }, ...radios),
  )
}

/**
 * @param {Hand} hand
 * @param {number} n
 * @returns {Part}
 */
function buildPart(hand, n) {
  const canvas = h("canvas", { role: "img" })
  canvas.onclick = (event) => hand.click(n, event.offsetX, event.offsetY)
  return {
    canvas,
    box: h("div", { class: "canvas" }, canvas),
    reads: h("p", { class: "reads" }),
    sum: h("p", { class: "sum" }),
    differs: h("p", { class: "differs", hidden: true }),
    never: h("p", { class: "never", hidden: true }),
  }
}

/**
 * @param {State} s
 * @param {Part} part
 * @param {string} title
 * @param {string} note
 */
function buildFigure({ t }, { box, reads, sum, differs, never }, title, note) {
  const heading = h("h3", {}, t(title), note ? h("span", { class: "note" }, t(note)) : null)
  return h("figure", {}, heading, box, h("figcaption", {}, reads, sum, differs, never))
}
