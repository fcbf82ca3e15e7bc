// In the sidebar: share the view of this tab, or follow a lecturer by the code of the room.

import { hear, tell } from "../javascript/between.js"
import { found, h, place } from "../javascript/elements.js"
import { followersSaid } from "../javascript/followers.js"
import { SHELL } from "../javascript/shell.js"
import { translated } from "../javascript/translation.js"

/** @import {Details} from "../javascript/between.js" */
/** @import {Translate} from "../javascript/translation.js" */

/**
 * @typedef {{language: string}} Data  the data from Python, the language as its tag
 * @typedef {{root: HTMLElement, data: Data, t: Translate, shared: Details["shared"]}} State
 */

/** @type {WeakMap<ParentNode, {state: State, end: () => void}>} */
const INSTANCES = new WeakMap()

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data}} component
 */
export default function sharing({ parentElement, data }) {
  const known = INSTANCES.get(parentElement)
  const instance = known ?? create(found(parentElement, ".sharing"), data)
  INSTANCES.set(parentElement, instance)
  instance.state.data = data
  draw(instance.state)
  if (!known) tell("recall", null)
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
  /** @type {State} */
  const s = { root, data, shared: null, t: (text, args, plural) => translated(s.data.language, text, args, plural) }
  const end = hear("shared", (shared) => {
    s.shared = shared
    draw(s)
  })
  return { state: s, end }
}

/** @param {State} s */
function draw(s) {
  const { root, shared, data, t } = s
  const how = shared && (shared.leads ? "leads" : "follows")
  place(root, JSON.stringify([how, shared?.code, data.language]), () =>
    how === "leads" ? leading(s) : [share(s, t("Share this view")), joining(s)],
  )
  const count = root.querySelector(".count")
  if (count && shared) count.textContent = shared.paused ? t("paused") : followersSaid(t, shared.followers)
}

/** @param {State} s */
function leading({ shared, t }) {
  const code = (shared?.code ?? "").replace(/^(....)/, "$1-")
  const onclick = () => tell("share", null)
  const label = h("span", {}, t("Sharing"), " ", h("b", {}, code))
  return [
    h(
      "button",
      { type: "button", class: "on", onclick, title: t("Show the code (S)") },
      label,
      h("span", { class: "count", role: "status" }),
    ),
  ]
}

/**
 * @param {State} s
 * @param {string} label
 */
function share({ t }, label) {
  const onclick = () => tell("share", null)
  return h("button", { type: "button", onclick, title: t("The class follows what this tab shows (S)") }, label)
}

/** @param {State} s */
function joining({ t }) {
  const field = h("input", {
    placeholder: "K7QM-2FXA",
    "aria-label": t("Code of the room"),
    maxlength: 12,
    autocomplete: "off",
    spellcheck: "false",
  })
  const wrong = h("p", { role: "alert" })
  const onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault()
    const code = field.value.replaceAll(/[\s-]/g, "")
    const sound = SHELL.room.test(code)
    wrong.textContent = sound || !code ? "" : t("A code has eight letters and digits, such as K7QM-2FXA.")
    if (sound) tell("join", code.toUpperCase())
  }
  return h("form", { onsubmit }, field, h("button", {}, t("Join a room")), wrong)
}
