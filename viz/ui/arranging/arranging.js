// A page with small pictures on it, which the visitor drags to their places.

import { isBehind } from "../javascript/answers.js"
import { found, h } from "../javascript/elements.js"
import { translated } from "../javascript/translation.js"
import { drawPage } from "./draw.js"
import { add, listenToHand, removeAll, removeSelected } from "./hand.js"

/** @import {Arranged, Data, State} from "./state.js" */

/** @type {WeakMap<ParentNode, {state: State, end: () => void}>} */
const INSTANCES = new WeakMap()

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data, setStateValue: (name: string, value: Arranged) => void}} component
 */
export default function arranging({ parentElement, data, setStateValue }) {
  const instance = INSTANCES.get(parentElement) ?? create(found(parentElement, ".arranging"), data)
  INSTANCES.set(parentElement, instance)
  const s = instance.state
  s.tell = (arranged) => setStateValue("arranged", arranged)
  take(s, data)
  requestAnimationFrame(() => drawPage(s)) // also if only the theme has changed
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
  s.data = data
  s.t = (text, args) => translated(data.words, text, args)
  if (isBehind(s, data)) return
  s.sent = data.revision
  s.placed = data.placed
  if (s.selected >= s.placed.length) s.selected = -1
}

/**
 * @param {HTMLElement} root
 * @param {Data} data
 */
function create(root, data) {
  const t = (/** @type {string} */ text, /** @type {Record<string, unknown>} */ args = {}) =>
    translated(data.words, text, args)
  /** @type {Partial<State>} */
  const begun = { root, data, t, placed: [], selected: -1, from: null, moved: false, timer: undefined }
  const s = /** @type {State} */ (Object.assign(begun, { sent: data.revision, width: 0 }))
  build(s)
  listenToHand(s, drawPage)
  const resize = new ResizeObserver(() => {
    if (root.clientWidth !== s.width) drawPage(s)
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
  const page = h("canvas", { class: "page" })
  const keys = t("a number adds a digit, Page Up and Page Down select one, Delete removes it, arrows move it")
  page.setAttribute("aria-label", `${t("Arrange digits on the page")}: ${keys}`)
  s.el = {
    page,
    add: [...new Set(data.names)].map((name) => button(s, name, t("Add a {name}", { name }), () => add(s, name))),
    remove: button(s, t("Delete"), "", () => removeSelected(s)),
    clear: button(s, t("Clear"), "", () => removeAll(s)),
    said: h("p", { class: "said", role: "status" }),
  }
  s.root.replaceChildren(
    h("div", { class: "buttons" }, ...s.el.add, s.el.remove, s.el.clear),
    h("div", { class: "paper" }, page),
    s.el.said,
  )
}

/**
 * @param {State} s
 * @param {string} label
 * @param {string} name  for those who do not see it; the label if empty
 * @param {() => void} act
 */
function button(s, label, name, act) {
  const onclick = () => {
    act()
    drawPage(s)
  }
  return h("button", { type: "button", onclick, "aria-label": name || null, title: name || null }, label)
}
