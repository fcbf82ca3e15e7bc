// What the lecturer projects: the code of the room, its link and the link as a QR code, for the last row.

import { copy } from "../javascript/copying.js"
import { h, place } from "../javascript/elements.js"
import { followersSaid } from "../javascript/followers.js"
import { hyphened } from "./state.js"

/** @import {State} from "./state.js" */

const SAID_MS = 4000

/**
 * @typedef {object} Steps  what the lecturer can do with the room
 * @property {(paused: boolean) => void} pause
 * @property {() => void} end
 */

/**
 * @param {State} s
 * @param {Steps} steps
 */
export function drawDialog(s, steps) {
  const { dialog } = s.el
  const { code, told, t, problem } = s
  place(dialog, JSON.stringify([code, problem, told.paused, s.data.language]), () => [
    code ? qr(s) : null,
    h("div", { class: "words" }, ...(code ? invitation(s) : [waiting(s)]), tools(s, steps)),
  ])
  const count = dialog.querySelector(".count")
  if (count) count.textContent = followersSaid(t, told.followers)
}

/**
 * @param {State} s
 */
export function toggleDialog({ el: { dialog } }) {
  if (dialog.open) dialog.close()
  else dialog.showModal()
}

/** @param {State} s */
function waiting({ t, problem }) {
  return h("p", { role: "status" }, problem || t("Opening the room …"))
}

/** @param {State} s */
function qr({ t, code }) {
  const image = h("img", { src: `qr?text=${encodeURIComponent(linkTo(code))}`, alt: t("QR code of the link") })
  return h("div", { class: "qr" }, image)
}

/** @param {State} s */
function invitation({ t, code }) {
  const own = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname)
  const onlyHere = t("This address works on this computer only. Open the lab by this computer's name in the network.")
  return [
    h("h2", {}, t("Follow on your own screen")),
    h("p", { class: "code" }, hyphened(code)),
    h("p", { class: "link" }, linkTo(code).replace(/^https?:\/\//, "")),
    h("p", { class: "how" }, own ? onlyHere : t("Scan it, open the address, or type the code under “Join a room”.")),
    h("p", { class: "count" }),
  ]
}

/**
 * @param {State} s
 * @param {Steps} steps
 */
function tools(s, { pause, end }) {
  const { t, code, secret, told } = s
  const close = button(t("Close"), () => s.el.dialog.close())
  if (!code) return h("div", { class: "tools" }, close)
  const field = h("input", { class: "hidden", readonly: true, hidden: true, "aria-hidden": "true", tabindex: "-1" })
  const said = h("p", { class: "said", role: "status" })
  const copying = async (/** @type {string} */ text, /** @type {string} */ done) => {
    const copied = await copy(text, field)
    field.hidden = true
    field.value = ""
    sayFor(said, copied ? done : t("This browser does not let the page copy."))
  }
  const second = t("Copied. Whoever has this link leads the room: keep it to yourself.")
  return h(
    "div",
    {},
    h(
      "div",
      { class: "tools" },
      button(told.paused ? t("Go on") : t("Pause"), () => pause(!told.paused)),
      button(t("Copy link"), () => copying(linkTo(code), t("Link copied."))),
      button(t("Link for my second device"), () => copying(leadingLink(secret), second)),
      ending(t("End the room"), t("End it for everybody?"), end),
      close,
    ),
    said,
    field,
  )
}

/**
 * @param {string} label
 * @param {() => void} onclick
 */
function button(label, onclick) {
  return h("button", { type: "button", onclick }, label)
}

/**
 * A button that asks before it acts.
 * @param {string} label
 * @param {string} question
 * @param {() => void} act
 */
function ending(label, question, act) {
  let asked = false
  const each = button(label, () => {
    if (asked) return act()
    asked = true
    each.textContent = question
    setTimeout(() => {
      asked = false
      each.textContent = label
    }, SAID_MS)
  })
  return each
}

/**
 * @param {HTMLElement} place
 * @param {string} text
 */
function sayFor(place, text) {
  place.textContent = text
  setTimeout(() => place.replaceChildren(), SAID_MS)
}

/**
 * The address that followers open.
 * @param {string} code
 */
export function linkTo(code) {
  return new URL(`./?room=${code}`, location.href).href
}

/**
 * The address for a second device of the lecturer; the secret is in the fragment, which is not sent to any server.
 * @param {string} secret
 */
export function leadingLink(secret) {
  return new URL(`./#lead=${secret}`, location.href).href
}
