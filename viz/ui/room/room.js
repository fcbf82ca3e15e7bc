// The room of a lecture: a lecturer shares the view of this tab, or this tab follows a lecturer.

import { hear } from "../javascript/between.js"
import { found, h } from "../javascript/elements.js"
import { shellNow } from "../javascript/shell.js"
import { translated } from "../javascript/translation.js"
import { isTyping } from "../javascript/typing.js"
import { changed, draw, join, lead, share, tellRound } from "./acts.js"
import { putView } from "./api.js"
import { layStrip, MAIN } from "./banner.js"
import { isTouched } from "./hands.js"
import { Leader } from "./leader.js"
import { CLOCK, followerOf, streamOf } from "./line.js"
import { leadsHere, storedSecret, takeFromAddress } from "./secret.js"
import { leads, UNTOLD } from "./state.js"

/** @import {Data, State} from "./state.js" */

/** @type {WeakMap<ParentNode, {state: State, end: () => void}>} */
const INSTANCES = new WeakMap()

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data, setStateValue: State["setStateValue"]}} component
 */
export default function room({ parentElement, data, setStateValue }) {
  const known = INSTANCES.get(parentElement)
  const instance = known ?? create(found(parentElement, ".room"), data)
  INSTANCES.set(parentElement, instance)
  Object.assign(instance.state, { data, setStateValue })
  if (!known) begin(instance.state)
  draw(instance.state)
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
  const dialog = h("dialog", { class: "invitation" })
  dialog.onkeydown = (event) => {
    if (event.key.toLowerCase() !== "s") event.stopPropagation() // the page behind it has keys of its own
  }
  const banner = h("section", { class: "banner", role: "status", hidden: true })
  const begun = { root, data, code: "", secret: "", stands: "", told: UNTOLD, round: null, answers: null, problem: "" }
  const s = /** @type {State} */ (/** @type {unknown} */ ({ ...begun, el: { dialog, banner } }))
  s.t = (text, args, plural) => translated(s.data.language, text, args, plural)
  s.stream = streamOf(s)
  s.follower = followerOf(s)
  s.leader = new Leader({ ...CLOCK, post: (view) => putView(s.code, s.secret, view) })
  root.replaceChildren(banner, dialog)
  return { state: s, end: listen(s) }
}

/**
 * What the address or the storage of the browser say at first.
 * @param {State} s
 */
function begin(s) {
  const secret = takeFromAddress()
  if (secret || leadsHere()) lead(s, secret || storedSecret(), Boolean(secret))
  else if (shellNow().room) join(s, shellNow().room)
}

/**
 * Listens to the page; returns a function that stops it.
 * @param {State} s
 */
function listen(s) {
  const touched = () => {
    s.leader.hand()
    if (!s.code || leads(s) || s.follower.own) return
    s.follower.leave()
    draw(s)
  }
  const clicked = (/** @type {Event} */ event) => isTouched(event) && touched()
  const pressed = (/** @type {KeyboardEvent} */ event) => actOn(s, event)
  const turned = () => s.stream.turned()
  const beside = new ResizeObserver(() => layStrip(s))
  for (const place of document.querySelectorAll(MAIN)) beside.observe(place)
  document.addEventListener("click", clicked, true)
  document.addEventListener("keydown", pressed)
  document.addEventListener("visibilitychange", turned)
  const ends = [
    hear("moved", (moved) => {
      s.leader.move(moved)
      s.follower.arrived(moved.slug)
    }),
    hear("pointed", (spot) => s.leader.point(spot)),
    hear("hand", touched),
    hear("share", () => share(s)),
    hear("join", (code) => join(s, code)),
    hear("recall", () => {
      changed(s)
      tellRound(s, "round", s.round)
      tellRound(s, "answers", s.answers)
    }),
  ]
  return () => {
    s.stream.end("")
    beside.disconnect()
    document.removeEventListener("click", clicked, true)
    document.removeEventListener("keydown", pressed)
    document.removeEventListener("visibilitychange", turned)
    for (const each of ends) each()
  }
}

/**
 * @param {State} s
 * @param {KeyboardEvent} event
 */
function actOn(s, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return
  const key = event.key.toLowerCase()
  if (key === "s" && (leads(s) || !s.code)) share(s)
  else if (key === "r" && s.follower.own) s.follower.back()
  else return
  event.preventDefault()
  draw(s)
}
