// Rectangles of several classes that the visitor draws on the photo.

import { isBehind } from "../javascript/answers.js"
import { fromBase64, unpack } from "../javascript/buffer.js"
import { found, h } from "../javascript/elements.js"
import { Stack } from "../javascript/stack.js"
import { translated } from "../javascript/translation.js"
import { drawBoxes, drawPainting } from "./draw.js"
import { listenToHand, removeAll, removeSelected } from "./hand.js"

/** @import {Data, Painted, State} from "./state.js" */

/** @type {WeakMap<ParentNode, {state: State, end: () => void}>} */
const INSTANCES = new WeakMap()

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data, setStateValue: (name: string, value: Painted) => void}} component
 */
export default function painting({ parentElement, data, setStateValue }) {
  const instance = INSTANCES.get(parentElement) ?? create(found(parentElement, ".painting"), data)
  INSTANCES.set(parentElement, instance)
  const s = instance.state
  s.tell = (painted) => setStateValue("painted", painted)
  take(s, data)
  requestAnimationFrame(() => drawPainting(s)) // also if only the theme has changed
  return () => {
    instance.end()
    INSTANCES.delete(parentElement)
  }
}

/**
 * Takes what Python says, but not what is older than the hand.
 * @param {State} s
 * @param {Data} data
 */
function take(s, data) {
  if (data.buffer !== s.data.buffer) s.photo = photoIn(data)
  s.data = data
  s.t = (text, args) => translated(data.words, text, args)
  if (isBehind(s, data)) return
  s.sent = data.revision
  s.boxes = data.boxes
  if (s.selected >= s.boxes.length) s.selected = -1
}

/** @param {Data} data */
function photoIn({ buffer }) {
  const header = unpack(fromBase64(buffer))
  return header.blocks[header.panels[0].block]
}

/**
 * @param {HTMLElement} root
 * @param {Data} data
 */
function create(root, data) {
  const t = (/** @type {string} */ text, /** @type {Record<string, unknown>} */ args = {}) =>
    translated(data.words, text, args)
  /** @type {Partial<State>} */
  const begun = { root, data, t, photo: photoIn(data), boxes: [], kind: 0, selected: -1, from: null, drawn: null }
  const s = /** @type {State} */ (Object.assign(begun, { sent: data.revision, width: 0 }))
  build(s)
  listenToHand(s, drawBoxes)
  const resize = new ResizeObserver(() => {
    if (root.clientWidth !== s.width) drawPainting(s)
  })
  resize.observe(root)
  const end = () => {
    clearTimeout(s.timer)
    resize.disconnect()
  }
  return { state: s, end }
}

/** @param {State} s */
function build(s) {
  const { t, data } = s
  s.stack = new Stack(h("canvas", { "aria-hidden": "true" }), h("canvas", { class: "overlay" }))
  const keys = t("Enter adds a rectangle, Page Up and Page Down select one, Delete removes it,")
  const moves = t("arrows move it, and with Shift its lower right corner")
  s.stack.overlay.setAttribute("aria-label", `${t("Paint rectangles on the photo")}: ${keys} ${moves}`)
  s.el = {
    classes: data.classes.map((name, kind) => button(s, t("Class {name}", { name }), () => paintWith(s, kind))),
    remove: button(s, t("Delete"), () => removeSelected(s)),
    clear: button(s, t("Clear"), () => removeAll(s)),
    said: h("p", { class: "said", role: "status" }),
  }
  for (const each of s.el.classes) each.classList.add("class")
  s.root.replaceChildren(
    h("div", { class: "buttons" }, ...s.el.classes, s.el.remove, s.el.clear),
    h("div", { class: "stack" }, s.stack.canvas, s.stack.overlay),
    s.el.said,
  )
}

/**
 * @param {State} s
 * @param {string} label
 * @param {() => void} act
 */
function button(s, label, act) {
  const onclick = () => {
    act()
    drawBoxes(s)
  }
  return h("button", { type: "button", onclick }, label)
}

/**
 * @param {State} s
 * @param {number} kind
 */
function paintWith(s, kind) {
  s.kind = kind
}
