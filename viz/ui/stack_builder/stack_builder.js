// A stack of layers that the visitor builds: add, remove, move, change numbers.

import { found, h } from "../javascript/elements.js"
import { standing } from "../javascript/instances.js"
import { translated } from "../javascript/translation.js"
import { drawStack } from "./boxes.js"
import { added, changed, moved, NUMBERS } from "./layers.js"

/** @import {Message, Translate} from "../javascript/translation.js" */
/** @import {Built, Data, Layer, State} from "./state.js" */

/** @type {WeakMap<ParentNode, {state: State, end: () => void}>} */
const INSTANCES = new WeakMap()
const STILL_MS = 250 // after the last change of a number it is told
/** @type {Message[]} */
const LABELS = ["Kernel", "Stride", "Padding before", "Padding after", "Dilation"]

/** @type {Record<string, (s: State) => void>} */
const KEYS = {
  ArrowLeft: (s) => select(s, s.selected - 1),
  ArrowRight: (s) => select(s, s.selected + 1),
  Home: (s) => select(s, 0),
  End: (s) => select(s, s.layers.length - 1),
  Insert: add,
  Delete: remove,
  Backspace: remove,
}

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data, setStateValue: (name: string, value: Built) => void}} component
 */
export default function stack_builder({ parentElement, data, setStateValue }) {
  const instance = standing(INSTANCES, parentElement, data.language) ?? create(found(parentElement, ".builder"), data)
  INSTANCES.set(parentElement, instance)
  const s = instance.state
  s.tell = (built) => setStateValue("built", built)
  s.data = data
  s.t = (text, args, plural) => translated(data.language, text, args, plural)
  // Answers are often older than the hand.
  if (data.revision >= s.sent && s.timer === undefined) {
    s.sent = data.revision
    s.layers = data.layers
    s.selected = Math.min(s.selected, s.layers.length - 1)
  }
  drawStack(s)
  return () => {
    instance.end()
    INSTANCES.delete(parentElement)
  }
}

/**
 * @param {HTMLElement} root
 * @param {Data} data
 */
function create(root, data) {
  /** @type {Translate} */
  const t = (text, args, plural) => translated(data.language, text, args, plural)
  const begun = { root, data, t, layers: data.layers, selected: 0, sent: data.revision, timer: undefined }
  const s = /** @type {State} */ (/** @type {unknown} */ (begun))
  const keys = t("arrows select, Alt and arrows move, Insert adds, Delete removes")
  const strip = h("div", {
    class: "strip",
    tabindex: "0",
    role: "application",
    "aria-label": `${t("Layers")}: ${keys}`,
    onkeydown: (/** @type {KeyboardEvent} */ event) => pressed(s, event),
    onclick: (/** @type {MouseEvent} */ event) => clicked(s, event),
  })
  const kind = h(
    "select",
    { "aria-label": t("Kind"), onchange: () => change(s, 0, kind.value) },
    ...data.kinds.map(([value, word]) => h("option", { value }, word)),
  )
  s.el = { strip, kind, numbers: {}, buttons: {}, said: h("p", { class: "said", role: "status" }) }
  root.replaceChildren(strip, h("div", { class: "editor" }, ...editor(s)), s.el.said)
  return { state: s, end: () => clearTimeout(s.timer) }
}

/** @param {State} s */
function editor(s) {
  const labelled = (/** @type {string} */ label, /** @type {HTMLElement} */ input) =>
    h("label", {}, h("span", {}, s.t(label)), input)
  const numbers = NUMBERS.map((name, n) => {
    const input = h("input", {
      type: "number",
      min: n === 2 || n === 3 ? 0 : 1,
      max: s.data.most[name],
      oninput: () => input.value && change(s, n + 1, input.value),
    })
    s.el.numbers[name] = input
    return labelled(LABELS[n], input)
  })
  /** @type {Record<string, Message>} */
  const acts = { back: "← Move", on: "Move →", add: "Add after", remove: "Remove" }
  const does = { back: () => move(s, -1), on: () => move(s, 1), add: () => add(s), remove: () => remove(s) }
  for (const [name, words] of Object.entries(acts))
    s.el.buttons[name] = h(
      "button",
      { type: "button", onclick: does[/** @type {keyof typeof does} */ (name)] },
      s.t(words),
    )
  return [labelled("Kind", s.el.kind), ...numbers, h("div", { class: "acts" }, ...Object.values(s.el.buttons))]
}

/**
 * @param {State} s
 * @param {KeyboardEvent} event
 */
function pressed(s, event) {
  if (event.ctrlKey || event.metaKey) return
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
  if (event.altKey && (!step || s.data.disabled)) return
  const act = event.altKey ? () => move(s, step ?? 0) : KEYS[event.key]
  if (!act) return
  event.preventDefault() // the page's own keys leave alone what is handled
  act(s)
}

/**
 * @param {State} s
 * @param {MouseEvent} event
 */
function clicked(s, { target }) {
  const box = target instanceof Element && target.closest("[data-at]")
  if (box) select(s, Number(box.getAttribute("data-at")))
}

/**
 * @param {State} s
 * @param {number} at
 */
function select(s, at) {
  s.selected = Math.min(s.layers.length - 1, Math.max(0, at))
  drawStack(s)
}

/**
 * @param {State} s
 * @param {number} at
 * @param {string} value
 */
function change(s, at, value) {
  const most = NUMBERS.map((name) => s.data.most[name])
  put(s, s.layers.with(s.selected, changed(s.layers[s.selected], at, value, most)), s.selected)
}

/**
 * @param {State} s
 * @param {number} step
 */
function move(s, step) {
  const layers = moved(s.layers, s.selected, step)
  if (layers !== s.layers) put(s, layers, s.selected + step)
}

/** @param {State} s */
function add(s) {
  if (s.layers.length < s.data.most_layers) put(s, added(s.layers, s.selected), s.selected + 1)
}

/** @param {State} s */
function remove(s) {
  if (s.layers.length > 1) put(s, s.layers.toSpliced(s.selected, 1), Math.max(0, s.selected - 1))
}

/**
 * Shows other layers at once, and tells Python when the hand rests.
 * @param {State} s
 * @param {Layer[]} layers
 * @param {number} selected
 */
function put(s, layers, selected) {
  if (s.data.disabled) return
  s.layers = layers
  s.selected = selected
  drawStack(s)
  clearTimeout(s.timer)
  s.timer = window.setTimeout(() => {
    s.timer = undefined
    s.sent += 1
    s.tell({ revision: s.sent, layers: s.layers })
  }, STILL_MS)
}
