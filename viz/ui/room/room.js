// The room of a lecture: a lecturer shares the view of this tab, or this tab follows a lecturer.

import { hear, tell } from "../javascript/between.js"
import { found, h } from "../javascript/elements.js"
import { changeShell, shellNow, withShell } from "../javascript/shell.js"
import { translated } from "../javascript/translation.js"
import { isTyping } from "../javascript/typing.js"
import { endRoom, eventsOf, findRoom, openRoom, putPaused, putView } from "./api.js"
import { drawBanner, layStrip, MAIN } from "./banner.js"
import { drawDialog, toggleDialog } from "./dialog.js"
import { Follower } from "./follower.js"
import { isTouched } from "./hands.js"
import { Leader } from "./leader.js"
import { forgetSecret, keepSecret, leadsHere, newSecret, storedSecret, takeFromAddress } from "./secret.js"
import { leads, UNTOLD } from "./state.js"
import { Stream } from "./stream.js"

/** @import {Details} from "../javascript/between.js" */
/** @import {Data, Shared, State, Told} from "./state.js" */

const SPREAD_MS = 40 // for each follower: the server takes half of it to answer one page, and has time for maps

const CLOCK = {
  now: () => performance.now(),
  later: (/** @type {() => void} */ run, /** @type {number} */ ms) => window.setTimeout(run, ms),
  cancel: (/** @type {number | undefined} */ timer) => window.clearTimeout(timer),
}

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
  dialog.onkeydown = (event) => event.key.toLowerCase() !== "s" && event.stopPropagation() // not to the page behind it
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

/** @param {State} s */
function draw(s) {
  drawBanner(s, { back: () => s.follower.back(), leave: () => leave(s, "") })
  drawDialog(s, { pause: (paused) => pause(s, paused), end: () => end(s) })
}

/**
 * Draws anew and tells the other components how it stands.
 * @param {State} s
 */
function changed(s) {
  draw(s)
  const { code, secret, told } = s
  tell("room", code ? { code, secret: secret || null } : null)
  tell("shared", code ? { code, leads: leads(s), ...told } : null)
}

/** @param {State} s */
function streamOf(s) {
  return new Stream({
    ...CLOCK,
    find: async (code) => (leads(s) ? openedAgain(s) : findRoom(code)),
    open: (code, heard, failed) => {
      s.follower.alone = true
      return eventsOf(code, leads(s), heard, failed)
    },
    heard: (kind, data) => heardOf(s, kind, data),
    stands: (stands) => {
      s.stands = stands
      if (stands === "ended") leave(s, "ended")
      else changed(s)
    },
    visible: () => document.visibilityState === "visible",
    random: Math.random,
  })
}

/** @param {State} s */
async function openedAgain(s) {
  const answer = await openRoom(s.secret)
  return "code" in answer ? "here" : "lost"
}

/** @param {State} s */
function followerOf(s) {
  return new Follower({
    ...CLOCK,
    show: ({ slug, query, live }, alone) => tell("show", { slug, query, live, within: alone ? 0 : spreadOf(s) }),
    go: (view) => go(s, view),
    wait: () => Math.random() * spreadOf(s),
    point: (place) => tell("spot", place && { x: place[0], y: place[1] }),
  })
}

/**
 * The ms over which the pages of a class ask the server for what is below their canvases.
 * @param {State} s
 */
function spreadOf({ told }) {
  return told.followers * SPREAD_MS
}

/**
 * Goes to the page of a lesson as Back would, which is no entry of the history and one run of Python.
 * @param {State} s
 * @param {Shared} view
 */
function go(s, { slug, query }) {
  const to = new URL(slug === s.data.slugs[0] ? "./" : slug, location.href)
  to.search = withShell(query, shellNow())
  history.replaceState(history.state, "", to)
  dispatchEvent(new PopStateEvent("popstate"))
  document.querySelector(MAIN)?.scrollTo(0, 0)
}

/**
 * @param {State} s
 * @param {string} kind
 * @param {unknown} data
 */
function heardOf(s, kind, data) {
  if (kind === "room") {
    s.told = /** @type {Told} */ (data)
    if (s.told.ended) s.stream.end("ended")
    else changed(s)
  } else if (kind === "view") {
    const view = /** @type {Shared} */ (data)
    if (!s.data.slugs.includes(view.slug)) return
    if (!leads(s) || s.leader.isOthers(view)) s.follower.take(view)
  } else tellRound(s, kind, data)
}

/**
 * @param {State} s
 * @param {string} kind
 * @param {unknown} data
 */
function tellRound(s, kind, data) {
  if (kind === "round") {
    s.round = data
    tell("round", data)
  } else {
    s.answers = /** @type {Details["answers"]} */ (data)
    tell("answers", s.answers)
  }
}

/**
 * @param {State} s
 * @param {string} code
 */
function join(s, code) {
  Object.assign(s, { code, secret: "", told: UNTOLD })
  s.follower.end()
  s.stream.begin(code)
  keepInAddress(s, code)
}

/**
 * This tab leads the room of a secret.
 * @param {State} s
 * @param {string} secret
 * @param {boolean} adopts  whether it takes over the view that the room has
 */
async function lead(s, secret, adopts) {
  s.follower.end()
  Object.assign(s, { code: "", secret, told: UNTOLD, problem: "" })
  keepInAddress(s, "")
  draw(s)
  const answer = await openRoom(secret)
  if ("error" in answer) {
    Object.assign(s, { secret: "", problem: answer.error || s.t("The server does not answer. Please try again.") })
    return changed(s)
  }
  keepSecret(secret)
  s.code = answer.code
  s.leader.begin(adopts)
  s.stream.begin(s.code)
}

/**
 * @param {State} s
 * @param {boolean} paused
 */
async function pause(s, paused) {
  if ((await putPaused(s.code, s.secret, paused)) && !paused) s.leader.again()
}

/** @param {State} s */
async function end(s) {
  const { code, secret } = s
  if (!(await endRoom(code, secret))) return
  leave(s, "")
}

/**
 * This tab neither leads nor follows any more.
 * @param {State} s
 * @param {"" | "ended"} stands
 */
function leave(s, stands) {
  const led = leads(s)
  if (led) forgetSecret()
  if (led) s.el.dialog.close()
  s.leader.end()
  s.follower.end()
  Object.assign(s, { code: "", secret: "", told: UNTOLD })
  tellRound(s, "round", null)
  tellRound(s, "answers", null)
  s.stream.end(led ? "" : stands)
  keepInAddress(s, "")
  changed(s)
}

/**
 * @param {State} s
 * @param {string} code
 */
function keepInAddress(s, code) {
  if ((shellNow().room ?? "") === code) return
  changeShell({ room: code })
  s.setStateValue("shell", { room: code })
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
 * Opens a room, or goes on with the one of this browser; then shows its code.
 * @param {State} s
 */
function share(s) {
  if (!leads(s)) lead(s, storedSecret() || newSecret(), false)
  toggleDialog(s)
}

/**
 * @param {State} s
 * @param {KeyboardEvent} event
 */
function actOn(s, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return
  const key = event.key.toLowerCase()
  if (key === "s") share(s)
  else if (key === "r" && s.follower.own) s.follower.back()
  else return
  event.preventDefault()
  draw(s)
}
