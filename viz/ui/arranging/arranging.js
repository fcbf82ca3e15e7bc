// A page with small pictures on it, which the visitor drags to their places.

import { handButtons, mountByHand, removeAll, removeSelected } from "../javascript/by_hand.js"
import { h } from "../javascript/elements.js"
import { drawPage } from "./draw.js"
import { addPicture, listenToHand } from "./hand.js"

/** @import {Told} from "../javascript/by_hand.js" */
/** @import {Data, Placed, State} from "./state.js" */

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data, setStateValue: (name: string, value: Told<Placed>) => void}} component
 */
export default function arranging(component) {
  return mountByHand(component, ".arranging", { build, take: () => {}, draw: drawPage })
}

/** @param {State} s */
function build(s) {
  const { t, data } = s
  const page = h("canvas", { class: "page" })
  const keys = t("a number adds a digit, Page Up and Page Down select one, Delete removes it, arrows move it")
  page.setAttribute("aria-label", `${t("Arrange digits on the page")}: ${keys}`)
  const button = handButtons(s, drawPage)
  s.moved = false
  s.el = {
    page,
    add: [...new Set(data.names)].map((name) => button(name, () => addPicture(s, name), t("Add a {name}", { name }))),
    remove: button(t("Delete"), () => removeSelected(s)),
    clear: button(t("Clear"), () => removeAll(s)),
    said: h("p", { class: "said", role: "status" }),
  }
  s.root.replaceChildren(
    h("div", { class: "buttons" }, ...s.el.add, s.el.remove, s.el.clear),
    h("div", { class: "paper" }, page),
    s.el.said,
  )
  listenToHand(s, drawPage)
}
