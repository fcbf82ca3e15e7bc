// What the server of the rooms is asked.

/** @import {Shared} from "./state.js" */

const HEADER = "X-Pointwise-Secret"
const KINDS = ["room", "view", "round", "answers"]

/**
 * Opens the room of a secret, or goes on with it.
 * @param {string} secret
 * @returns {Promise<{code: string} | {error: string}>} an error is one sentence, or empty without an answer
 */
export async function openRoom(secret) {
  const answer = await asked("POST", "rooms", secret)
  if (!answer) return { error: "" }
  const said = await answer.json().catch(() => ({}))
  return answer.ok ? { code: String(said.code) } : { error: String(said.error ?? "") }
}

/**
 * Whether there is such a room.
 * @param {string} code
 * @returns {Promise<"here" | "none" | "lost">}
 */
export async function findRoom(code) {
  const answer = await asked("GET", `rooms/${code}`)
  if (answer?.status === 404) return "none"
  return answer?.ok ? "here" : "lost"
}

/**
 * Whether the room has the view now; it is opened again if it is not there.
 * @param {string} code
 * @param {string} secret
 * @param {Shared} view
 */
export async function putView(code, secret, view) {
  const put = () => asked("PUT", `rooms/${code}/view`, secret, view)
  const answer = await put()
  if (answer?.status !== 404) return Boolean(answer) && answer?.status !== 429 && answer?.status !== 503
  await openRoom(secret)
  return Boolean((await put())?.ok)
}

/**
 * @param {string} code
 * @param {string} secret
 * @param {boolean} paused
 */
export async function putPaused(code, secret, paused) {
  return Boolean((await asked("PUT", `rooms/${code}/paused`, secret, paused))?.ok)
}

/**
 * @param {string} code
 * @param {string} secret
 */
export async function endRoom(code, secret) {
  const answer = await asked("DELETE", `rooms/${code}`, secret)
  return Boolean(answer?.ok) || answer?.status === 404
}

/**
 * The events of a room; it does not connect again by itself.
 * @param {string} code
 * @param {boolean} leads
 * @param {(kind: string, data: unknown) => void} heard
 * @param {() => void} failed
 */
export function eventsOf(code, leads, heard, failed) {
  const source = new EventSource(`rooms/${code}/events${leads ? "?lecturer" : ""}`)
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => heard(kind, JSON.parse(event.data)))
  }
  source.onerror = failed
  return source
}

/**
 * The answer, or null if there is none.
 * @param {string} method
 * @param {string} path
 * @param {string} [secret]
 * @param {unknown} [body]
 */
async function asked(method, path, secret, body) {
  /** @type {RequestInit} */
  const request = { method, headers: secret ? { [HEADER]: secret } : {} }
  if (body !== undefined) request.body = JSON.stringify(body)
  return fetch(path, request).catch(() => null)
}
