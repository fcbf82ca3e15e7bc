// Requests to the maps' route, and its answers.

import { unpack } from "../javascript/buffer.js"

/** @import {Answer as ColumnAnswer, Look} from "./exact.js" */
/** @import {Answer, Flight} from "./requests.js" */

const MAX_ADDRESS_LENGTH = 6000

/**
 * @typedef {object} Asking  the sender and the lesson
 * @property {string} slug
 * @property {string} token
 * @property {boolean} settles  whether there is more to measure at rest
 */

/**
 * @param {Asking} who
 * @param {Flight} flight
 * @returns {Promise<Answer>}
 */
export async function fetchMaps(who, flight) {
  const answer = await answerTo(who, flight)
  const type = answer.headers.get("content-type") ?? ""
  if (type.startsWith("application/octet-stream")) {
    const header = unpack(await answer.arrayBuffer())
    header.reduced = answer.headers.has("X-Pointwise-Reduced")
    return { header }
  }
  if (answer.status === 409) return null
  if (!type.startsWith("application/json")) throw new Error("not ours") // an unknown path answers with a page
  const { error } = await answer.json()
  return { status: answer.status, error }
}

/**
 * @param {Asking} who
 * @param {Flight} flight
 */
function answerTo({ slug, token, settles }, { key, shownPx, dragging, moving, controller }) {
  const size = new URLSearchParams({ shown_px: String(shownPx), ...(settles && !dragging ? { settled: "1" } : {}) })
  const query = `${key}&${size}`
  /** @type {Record<string, string>} */
  const dragged = moving ? { "X-Pointwise-Dragging": "1" } : {}
  return requested(`maps/${slug}`, query, token, controller.signal, dragged)
}

/**
 * @param {Pick<Asking, "slug" | "token">} who
 * @param {Look} look
 * @param {AbortSignal} signal
 * @returns {Promise<ColumnAnswer>}
 */
export async function fetchColumn({ slug, token }, { key, place }, signal) {
  const answer = await requested(`column/${slug}/${place}`, key, token, signal)
  const type = answer.headers.get("content-type") ?? ""
  if (!type.startsWith("application/json")) throw new Error("not ours")
  if (answer.ok) return answer.json()
  return answer.status === 503 || answer.status === 409 ? "busy" : null
}

/**
 * @param {string} path
 * @param {string} query
 * @param {string} token in a header, so that equal views have equal addresses
 * @param {AbortSignal} signal
 * @param {Record<string, string>} others other headers
 */
function requested(path, query, token, signal, others = {}) {
  const headers = { "X-Pointwise-Token": token, ...others }
  if (query.length > MAX_ADDRESS_LENGTH) return fetch(path, { method: "POST", body: query, headers, signal })
  return fetch(`${path}?${query}`, { headers, signal })
}
