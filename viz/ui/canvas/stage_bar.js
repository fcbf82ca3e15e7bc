// The stage bar: one chip a stage.

import { found, h, place } from "../javascript/elements.js"
import { exact, magnitude } from "../javascript/numbers.js"
import { lookAt } from "./actions.js"

/** @import {Fact} from "../javascript/boxes.js" */
/** @import {Drawn, State} from "./state.js" */

/** @param {State} s */
export function buildStageBar(s) {
  s.el.stageBar = h("nav", { class: "stage-bar", "aria-label": s.t("Stages") })
  s.el.stageFacts = h("p", { class: "focus" })
  return h("div", { class: "line" }, s.el.stageBar, s.el.stageFacts)
}

/** @param {Drawn} s */
export function drawStageBar(s) {
  const { header, t } = s
  const { stageBar, stageFacts } = s.el
  const names = ["picture", ...s.stages]
  place(stageBar, JSON.stringify([names, header.titles, Object.keys(header.stages)]), () =>
    names.map((name) => chip(s, name)),
  )
  for (const name of names) {
    const button = found(stageBar, `[data-stage="${name}"]`)
    const fact = header.stages[name]
    button.setAttribute("aria-current", name === s.controlled ? "step" : "false")
    found(button, ".facts").replaceChildren(...(fact ? facts(s, name, fact) : [t("off")]))
  }
  stageFacts.replaceChildren(...facts(s, header.stage, header.stages[header.stage])) // in case chips have no room
}

/**
 * @param {Drawn} s
 * @param {string} name
 */
function chip(s, name) {
  const [title, args] = name === "picture" ? ["Picture", {}] : s.header.titles[name]
  const off = !s.header.stages[name]
  return h(
    "button",
    { class: off ? "chip off" : "chip", type: "button", "data-stage": name, onclick: () => lookAt(s, name) },
    h("span", { class: "title" }, s.t(title, args)),
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
  const weights = fact.parameters ? `${magnitude(fact.parameters)} ${t("weights")}` : t("no weights")
  const macs = fact.macs ? `${magnitude(fact.macs)} MAC` : ""
  const field = { size: fact.size[0], stride: fact.stride[0] }
  return [
    shape,
    h("span", { title: `${exact(fact.parameters)} ${t("weights and biases")}` }, weights),
    h("span", { title: `${exact(fact.macs)} ${t("multiply-adds")}` }, [macs, times(fact)].filter(Boolean).join(" · ")),
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
