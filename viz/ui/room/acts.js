// What a tab does with a room: opens it, joins it, pauses, ends or leaves it, and says how it stands.

import { tell } from "../javascript/between.js"
import { changeShell, shellNow } from "../javascript/shell.js"
import { endRoom, openRoom, putPaused } from "./api.js"
import { drawBanner } from "./banner.js"
import { drawDialog, toggleDialog } from "./dialog.js"
import { forgetSecret, keepSecret, newSecret, storedSecret } from "./secret.js"
import { leads, UNTOLD } from "./state.js"

/** @import {Details} from "../javascript/between.js" */
/** @import {State} from "./state.js" */

/** @param {State} s */
export function draw(s) {
  drawBanner(s, { back: () => s.follower.back(), leave: () => leave(s, "") })
  drawDialog(s, { pause: (paused) => pause(s, paused), end: () => end(s) })
}

/**
 * Draws anew and tells the other components how it stands.
 * @param {State} s
 */
export function changed(s) {
  draw(s)
  const { code, secret, told } = s
  tell("room", code ? { code, secret: secret || null } : null)
  tell("shared", code ? { code, leads: leads(s), ...told } : null)
}

/**
 * Opens a room, or goes on with the one of this browser; then shows its code.
 * @param {State} s
 */
export function share(s) {
  if (!leads(s)) lead(s, storedSecret() || newSecret(), false)
  toggleDialog(s)
}

/**
 * @param {State} s
 * @param {string} code
 */
export function join(s, code) {
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
export async function lead(s, secret, adopts) {
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
export function leave(s, stands) {
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
 * @param {string} kind
 * @param {unknown} data
 */
export function tellRound(s, kind, data) {
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
function keepInAddress(s, code) {
  if ((shellNow().room ?? "") === code) return
  changeShell({ room: code })
  s.setStateValue("shell", { room: code })
}
