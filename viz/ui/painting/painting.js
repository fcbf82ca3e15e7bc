// Rectangles of several classes that the visitor draws on the photo.

import { fromBase64, unpack } from "../javascript/buffer.js"
import { handButtons, mountByHand, removeAll, removeSelected } from "../javascript/by_hand.js"
import { h } from "../javascript/elements.js"
import { Stack } from "../javascript/stack.js"
import { drawBoxes, drawPainting } from "./draw.js"
import { listenToHand } from "./hand.js"

/** @import {Told} from "../javascript/by_hand.js" */
/** @import {Box, Data, State} from "./state.js" */

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data, setStateValue: (name: string, value: Told<Box>) => void}} component
 */
export default function painting(component) {
  return mountByHand(component, ".painting", { build, take, draw: drawPainting })
}

/**
 * @param {State} s
 * @param {Data} data
 */
function take(s, data) {
  if (data.buffer !== s.data.buffer) s.photo = photoIn(data)
}

/** @param {Data} data */
function photoIn({ buffer }) {
  const header = unpack(fromBase64(buffer))
  return header.blocks[header.panels[0].block]
}

/** @param {State} s */
function build(s) {
  const { t, data } = s
  s.photo = photoIn(data)
  s.kind = 0
  s.drawn = null
  s.stack = new Stack(h("canvas", { "aria-hidden": "true" }), h("canvas", { class: "overlay" }))
  const keys = t("Enter adds a rectangle, Page Up and Page Down select one, Delete removes it,")
  const moves = t("arrows move it, and with Shift its lower right corner")
  s.stack.overlay.setAttribute("aria-label", `${t("Paint rectangles on the photo")}: ${keys} ${moves}`)
  const button = handButtons(s, drawBoxes)
  s.el = {
    classes: data.classes.map((name, kind) => button(t("Class {name}", { name }), () => paintWith(s, kind))),
    remove: button(t("Delete"), () => removeSelected(s)),
    clear: button(t("Clear"), () => removeAll(s)),
    said: h("p", { class: "said", role: "status" }),
  }
  for (const each of s.el.classes) each.classList.add("class")
  s.root.replaceChildren(
    h("div", { class: "buttons" }, ...s.el.classes, s.el.remove, s.el.clear),
    h("div", { class: "stack" }, s.stack.canvas, s.stack.overlay),
    s.el.said,
  )
  listenToHand(s, drawBoxes)
}

/**
 * @param {State} s
 * @param {number} kind
 */
function paintWith(s, kind) {
  s.kind = kind
}
