// A round with the class: what the lecturer and the followers send to the server.

/** @import {Answer, Question} from "./questions.js" */
/** @import {Room} from "./state.js" */

import { roundOf } from "./questions.js"

const BROWSER = "pointwise-browser" // a random name of this browser, kept so that it answers once
const ANSWERED = "pointwise-answered"

/**
 * Asks the class; attempt 2 is the same question after a discussion.
 * @param {Room} room
 * @param {Question} question
 * @param {string} slug
 * @param {number} attempt
 */
export function askClass(room, question, slug, attempt) {
  return send(room, "PUT", "round", roundOf(question, slug, attempt))
}

/**
 * Shows the class its answers; with `truth` also which one is right.
 * @param {Room} room
 * @param {boolean} truth
 */
export function closeRound(room, truth) {
  return send(room, "POST", "round/closed", { truth })
}

/** @param {Room} room */
export function endRound(room) {
  return send(room, "DELETE", "round")
}

/**
 * A follower's answer; the status tells whether it counts.
 * @param {Room} room
 * @param {number} round
 * @param {Answer} answer
 */
export async function sendAnswer(room, round, answer) {
  const status = await send(room, "POST", "answers", { round, browser: browserName(), answer })
  if (status === 204) keep(ANSWERED, JSON.stringify([room.code, round, answer]))
  return status
}

/**
 * What this browser has answered to a round, after a reload too; null for nothing.
 * @param {Room} room
 * @param {number} round
 * @returns {Answer | null}
 */
export function answered(room, round) {
  const [code, number, answer] = JSON.parse(kept(ANSWERED) ?? "[]")
  return code === room.code && number === round ? answer : null
}

/**
 * The status of the server's reply; 0 if there is none.
 * @param {Room} room
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
async function send({ code, secret }, method, path, body) {
  /** @type {Record<string, string>} */
  const headers = { "content-type": "application/json" }
  if (secret) headers["X-Pointwise-Secret"] = secret
  try {
    const reply = await fetch(`rooms/${code}/${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    return reply.status
  } catch {
    return 0
  }
}

function browserName() {
  const known = kept(BROWSER)
  if (known) return known
  const name = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("")
  keep(BROWSER, name)
  return name
}

// A browser may refuse storage: then it answers under another name after a reload.

/** @param {string} name */
function kept(name) {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function keep(name, text) {
  try {
    localStorage.setItem(name, text)
  } catch {}
}
