// The strip above the page of a follower: whom they follow, or that they are on their own.

import { h, place } from "../javascript/elements.js"
import { hyphened, leads } from "./state.js"

/** @import {State} from "./state.js" */

export const MAIN = '[data-testid="stMain"]'

/**
 * @typedef {"" | "joining" | "none" | "lost" | "ended" | "own" | "interrupted" | "paused" | "following"} Mood
 *
 * @typedef {object} Acts
 * @property {() => void} back  to the lecturer
 * @property {() => void} leave  the room
 */

/**
 * How it stands for who follows; nothing is said to who leads.
 * @param {Pick<State, "code" | "secret" | "stands" | "told"> & {follower: {own: boolean}}} s
 * @returns {Mood}
 */
export function moodOf(s) {
  const { stands, told, follower } = s
  if (leads(/** @type {State} */ (s)) || !stands) return ""
  if (stands !== "here") return stands
  if (follower.own) return "own"
  if (told.interrupted) return "interrupted"
  return told.paused ? "paused" : "following"
}

/**
 * @param {State} s
 * @param {Acts} acts
 */
export function drawBanner(s, acts) {
  const { banner } = s.el
  const mood = moodOf(s)
  banner.dataset.mood = mood
  banner.hidden = !mood
  // Its place is kept on the page, which is outside of the component.
  document.querySelector(".st-key-room")?.toggleAttribute("data-strip", mood !== "")
  place(banner, JSON.stringify([mood, s.code, s.data.language]), () => (mood ? parts(s, mood, acts) : []))
}

/**
 * Lays the strip over the page and beside the sidebar.
 * @param {State} s
 */
export function layStrip({ el: { banner } }) {
  const { left, width } = document.querySelector(MAIN)?.getBoundingClientRect() ?? { left: 0, width: window.innerWidth }
  banner.style.left = `${left}px`
  banner.style.width = `${width}px`
  banner.toggleAttribute("data-alone", left < 1)
}

/**
 * @param {State} s
 * @param {Exclude<Mood, "">} mood
 * @param {Acts} acts
 */
function parts(s, mood, { back, leave }) {
  const { t } = s
  const away = h(
    "button",
    { type: "button", class: "away", "aria-label": t("Leave the room"), title: t("Leave the room"), onclick: leave },
    "✕",
  )
  const again = h(
    "button",
    { type: "button", class: "back", onclick: back },
    t("Back to the lecturer"),
    h("kbd", {}, "R"),
  )
  return [h("span", { class: "sign", "aria-hidden": "true" }), sentence(s, mood), mood === "own" ? again : null, away]
}

/**
 * Read aloud when it changes, and not at every move.
 * @param {State} s
 * @param {Exclude<Mood, "">} mood
 */
function sentence({ t, code }, mood) {
  const said = {
    joining: t("Joining the room …"),
    none: t("There is no room with this code now. It opens when the lecturer shares a view."),
    lost: t("No connection to the room. Trying again …"),
    ended: t("The lecturer has ended the room. You keep this view."),
    own: t("You are on your own."),
    interrupted: t("The room does not answer for the moment. You keep this view."),
    paused: t("The lecturer has paused. You keep this view."),
    following: t("You follow the lecturer"),
  }
  const shown =
    mood === "following" || mood === "none"
      ? h("span", { class: "code" }, t("code {code}", { code: hyphened(code) }))
      : null
  return h("p", {}, said[mood], shown)
}
