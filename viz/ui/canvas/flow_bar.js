// A lesson's diagram in the place of the chips: a box shows its maps when it is clicked.

import { h } from "../javascript/elements.js"
import { placeFlow } from "../javascript/flow.js"
import { show } from "./actions.js"

/** @import {Flow} from "../javascript/flow.js" */
/** @import {Drawn, Said, SaidBox, SaidDiagram, State} from "./state.js" */

/** @param {State} s */
export function buildFlowBar(s) {
  s.el.flowBar = h("nav", { class: "diagram", hidden: true })
  return s.el.flowBar
}

/** @param {Drawn} s */
export function drawFlowBar(s) {
  const said = s.header.diagram
  s.el.flowBar.hidden = !said
  if (!said) return
  placeFlow(s.el.flowBar, flowOf(s, said), (key) => open(s, key))
}

/**
 * @param {State} s
 * @param {string} key
 */
function open(s, key) {
  const box = s.header?.diagram?.boxes.find((each) => each.key === key)
  if (!box) return
  s.enlarged = null
  s.cell = null
  show(s, { unit: "", ...box.fields })
}

/**
 * The diagram in the visitor's language, with the box of the maps on screen marked.
 * @param {Pick<State, "t" | "header">} s
 * @param {SaidDiagram} said
 * @returns {Flow}
 */
export function flowOf({ t, header }, { boxes, arrows, alt, wraps }) {
  const words = (/** @type {Said} */ text) => (typeof text === "string" ? text : t(...text))
  const inWords = (/** @type {SaidBox} */ { fields, ...box }) => ({
    ...box,
    title: words(box.title),
    facts: box.facts.map(words),
    exact: words(box.exact),
    state: fields.stage === header?.stage ? "current" : box.state,
    clickable: Object.keys(fields).length > 0,
  })
  return { boxes: boxes.map(inWords), arrows, label: words(alt), wraps }
}
