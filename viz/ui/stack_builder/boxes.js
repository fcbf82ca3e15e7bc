// Draws a stack builder: a box for each layer with what it adds, and the numbers of the selected one.

import { h, place } from "../javascript/elements.js"
import { called, grown, NUMBERS } from "./layers.js"

/** @import {Layer, State} from "./state.js" */

/** @param {State} s */
export function drawStack(s) {
  const { el, layers, selected, t } = s
  const fields = grown(layers)
  place(el.strip, JSON.stringify(layers), () => layers.map((layer, at) => box(s, layer, at, fields[at])))
  for (const [at, each] of [...el.strip.children].entries())
    each.setAttribute("aria-current", at === selected ? "true" : "false")
  el.strip.dataset.layers = JSON.stringify(layers)
  showNumbers(s)
  const { size, adds, stride } = fields[selected]
  const place_ = { n: selected + 1, all: layers.length, layer: called(layers[selected]), size, adds, stride }
  const words = t(
    "Layer {n} of {all}, {layer}: adds {adds} px; a unit sees {size} px; units lie {stride} px apart",
    place_,
  )
  el.said.textContent = s.data.refused && s.timer === undefined ? s.data.refused : words
}

/** @param {State} s */
function showNumbers(s) {
  const { el, data, layers, selected } = s
  const [kind, ...numbers] = layers[selected]
  el.kind.value = kind
  el.kind.disabled = data.disabled
  for (const [n, name] of NUMBERS.entries()) {
    const input = el.numbers[name]
    if (input.value !== String(numbers[n])) input.value = String(numbers[n])
    input.disabled = data.disabled || (name === "dilation" && (kind === "m" || kind === "a"))
  }
  const { back, on, add, remove } = el.buttons
  back.disabled = data.disabled || selected === 0
  on.disabled = data.disabled || selected === layers.length - 1
  add.disabled = data.disabled || layers.length >= data.most_layers
  remove.disabled = data.disabled || layers.length === 1
}

/**
 * @param {State} s
 * @param {Layer} layer
 * @param {number} at
 * @param {{size: number, adds: number}} field
 */
function box({ t }, layer, at, { size, adds }) {
  const [, , stride, , , dilation] = layer
  const own = [stride > 1 ? t("stride {n}", { n: stride }) : "", dilation > 1 ? t("dilated {n}", { n: dilation }) : ""]
  return h(
    "div",
    { class: adds ? "layer" : "layer flat", "data-at": at },
    h("span", { class: "name" }, called(layer)),
    h("span", { class: "own" }, own.filter(Boolean).join(", ")),
    h("span", { class: "adds" }, `+${adds}`),
    h("span", { class: "own" }, t("{size} px", { size })),
  )
}
