// The stage bar: one chip a stage, or a diagram of the lesson's own.

import { found, h, place } from "../javascript/elements.js"
import { exact, magnitude } from "../javascript/numbers.js"
import { lookAt } from "./actions.js"
import { buildFlowBar, drawFlowBar } from "./flow_bar.js"

/** @import {Fact} from "../javascript/boxes.js" */
/** @import {Drawn, State} from "./state.js" */

/** @param {State} s */
export function buildStageBar(s) {
  s.el.stageBar = h("nav", { class: "stage-bar", "aria-label": s.t("Stages") })
  s.el.stageFacts = h("p", { class: "focus facts" })
  return h("div", { class: "line" }, s.el.stageBar, buildFlowBar(s), s.el.stageFacts)
}

/** @param {Drawn} s */
export function drawStageBar(s) {
  const { header } = s
  const { stageBar, stageFacts } = s.el
  drawFlowBar(s)
  stageBar.hidden = Boolean(header.diagram)
  if (!header.diagram) drawChips(s)
  showFacts(s, stageFacts.dataset.stage || header.stage)
}

/** @param {Drawn} s */
function drawChips(s) {
  const { header, t } = s
  const { stageBar } = s.el
  const names = ["picture", ...Object.keys(header.titles)] // of these maps: another setting may have others
  place(stageBar, JSON.stringify([names, header.titles, Object.keys(header.stages)]), () =>
    names.map((name) => chip(s, name)),
  )
  for (const name of names) {
    const button = found(stageBar, `[data-stage="${name}"]`)
    const fact = header.stages[name]
    button.setAttribute("aria-current", name === s.controlled ? "step" : "false")
    found(button, ".facts").replaceChildren(...(fact ? facts(s, name, fact) : [t("off")]))
  }
  if (stageBar.dataset.current !== s.controlled) scrollToChip(s)
}

/**
 * Brings the chip of the stage in focus to the middle of a bar that has no room for all.
 * @param {Drawn} s
 */
function scrollToChip({ el: { stageBar }, controlled }) {
  stageBar.dataset.current = controlled
  const chip = found(stageBar, `[data-stage="${controlled}"]`)
  stageBar.scrollLeft = chip.offsetLeft - stageBar.offsetLeft - (stageBar.clientWidth - chip.offsetWidth) / 2
}

/**
 * Writes the facts of one stage under the bar, where a chip has no room for them.
 * @param {State} s
 * @param {string} name
 */
function showFacts(s, name) {
  const fact = s.header?.stages[name]
  if (fact) s.el.stageFacts.replaceChildren(...facts(s, name, fact))
}

/**
 * The facts of a chip under the pointer, until it leaves; then those of the drawn stage.
 * @param {State} s
 * @param {string} name  of the chip, or empty
 */
function glance(s, name) {
  s.el.stageFacts.dataset.stage = name
  if (s.header) showFacts(s, name || s.header.stage)
}

/**
 * @param {Drawn} s
 * @param {string} name
 */
function chip(s, name) {
  const title = name === "picture" ? s.t("Picture") : s.t(...s.header.titles[name])
  const off = !s.header.stages[name]
  const on = {
    onclick: () => lookAt(s, name),
    onpointerenter: () => glance(s, name),
    onpointerleave: () => glance(s, ""),
    onfocus: () => glance(s, name),
    onblur: () => glance(s, ""),
  }
  return h(
    "button",
    { class: off ? "chip off" : "chip", type: "button", "data-stage": name, ...on },
    h("span", { class: "title" }, title),
    h("span", { class: "facts" }),
  )
}

/**
 * @param {State} s
 * @param {string} name
 * @param {Fact} fact
 */
function facts({ t }, name, fact) {
  const [channels, height, width] = fact.shape
  const shape = h("span", { class: "shape" }, `${channels} × ${height} × ${width}`)
  if (name === "picture") return [shape]
  const weights = fact.parameters ? t("{n} weight", { n: magnitude(fact.parameters) }, "{n} weights") : t("no weights")
  const macs = fact.macs ? `${magnitude(fact.macs)} MAC` : ""
  const field = { size: fact.size[0], stride: fact.stride[0] }
  return [
    shape,
    h("span", { title: t("{n} weights and biases", { n: exact(fact.parameters) }) }, weights),
    h(
      "span",
      { title: t("{n} multiply-adds", { n: exact(fact.macs) }) },
      [macs, times(fact)].filter(Boolean).join(" · "),
    ),
    h(
      "span",
      { title: t("receptive field: size and stride in pixels of the picture") },
      t("field {size}, stride {stride}", field),
    ),
  ]
}

/**
 * The times of a stage; none if it never ran.
 * @param {Fact} fact
 */
function times({ ms, cpu_ms: onCpu }) {
  if (ms === undefined) return ""
  return `${ms.toFixed(1)} ms${onCpu === undefined ? "" : ` · CPU ${onCpu.toFixed(1)}`}`
}
