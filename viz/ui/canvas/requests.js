// Requests for maps: one is in flight, and the newest wish waits.

import { meanFor } from "./resolution.js"

/** @import {Header} from "./state.js" */

const FLIGHT_PATIENCE_MS = 400 // after this a request in flight is aborted for a newer one
const RETRY_MS = 1500
const PROGRESS_MS = 300
const REST_MS = 250 // without movement, after which a drag counts as at rest
const KEPT_BUFFERS = 6

/**
 * @typedef {object} Wish  the maps wanted now
 * @property {string} key  all that the maps depend on
 * @property {number} shownPx  device pixels of the longer side of a map
 * @property {boolean} dragging  whether a slider is being dragged
 *
 * @typedef {object} Flight  a request
 * @property {string} key
 * @property {number} shownPx
 * @property {boolean} dragging
 * @property {boolean} moving  whether the drag is not at rest: smaller maps will do
 * @property {number} since
 * @property {AbortController} controller
 *
 * @typedef {{header: Header} | {status: number, error: string} | null} Answer
 *   maps, an error, or null if a newer request took its place
 *
 * @typedef {object} Effects  the side effects of requests
 * @property {() => Wish} wish
 * @property {() => Header | null} shown  the drawn maps
 * @property {(flight: Flight) => Promise<Answer>} fetch  rejects if the route cannot be reached
 * @property {(header: Header) => void} arrived
 * @property {() => void} reached  the route has answered
 * @property {(status: number, error: string) => void} refused
 * @property {() => void} lost  there is no answer, and the last maps stay
 * @property {(shownPx: number | null) => void} blocked  Python must send the maps, or with null no longer
 * @property {(on: boolean) => void} progress
 * @property {() => number} now  ms
 * @property {(run: () => void, ms: number) => number} later
 * @property {(timer: number | undefined) => void} cancel
 */

export class Requests {
  /** @param {Effects} effects */
  constructor(effects) {
    this.effects = effects
    /** @type {Flight | null} */
    this.flight = null
    this.wanted = false // whether a wish waits for the end of the flight
    this.failures = 0
    /** @type {Map<string, Header>} */
    this.recent = new Map()
    /** @type {string | null} */
    this.rested = null // the wanted key when the drag came to rest
    /** @type {number | undefined} */
    this.restTimer = undefined
  }

  // Requests the maps wanted now. Recently drawn maps are drawn again at once, so that flipping
  // takes no time.
  ask() {
    const { key, shownPx } = this.effects.wish()
    const recent = this.recent.get(key)
    if (recent && recent.blocks.maps.mean_of === meanFor(recent, shownPx)) {
      this.wanted = false
      if (recent !== this.effects.shown()) this.effects.arrived(recent)
      return
    }
    if (this.flight?.key === key && this.flight.shownPx === shownPx) {
      this.wanted = false // already requested: a release wants the same as the last step
      return
    }
    this.wanted = true
    if (!this.flight) this.send()
    else if (this.effects.now() - this.flight.since > FLIGHT_PATIENCE_MS) this.flight.controller.abort()
  }

  // Drops the recently drawn maps, which may look different now.
  forget() {
    this.recent.clear()
  }

  async send() {
    this.wanted = false
    const wish = this.effects.wish()
    const moving = wish.dragging && this.rested !== wish.key
    this.flight = { ...wish, moving, since: this.effects.now(), controller: new AbortController() }
    const progress = this.effects.later(() => this.effects.progress(true), PROGRESS_MS)
    try {
      this.take(await this.effects.fetch(this.flight), this.flight)
    } catch (error) {
      if (!(error instanceof Error && error.name === "AbortError")) this.failed()
    } finally {
      this.effects.cancel(progress)
      this.flight = null
      if (this.wanted) this.send()
      else this.effects.progress(false)
    }
  }

  /**
   * @param {Answer} answer
   * @param {Flight} flight
   */
  take(answer, flight) {
    if (!answer) return
    if ("error" in answer) {
      this.effects.refused(answer.status, answer.error)
      if (answer.status === 503) this.effects.later(() => this.ask(), RETRY_MS)
      return
    }
    const { header } = answer
    this.reached()
    header.key = flight.key
    header.reduced = header.reduced && header.blocks.maps.mean_of > meanFor(header, flight.shownPx)
    this.keep(flight.key, header)
    this.effects.arrived(header)
    if (header.reduced) this.askAtRest()
  }

  // Our route answers, so Python need not send maps any more.
  reached() {
    this.effects.reached()
    if (this.failures >= 2) this.effects.blocked(null)
    this.failures = 0
  }

  // No answer: either the server is down, and the last maps stay until it is back, or only our route
  // cannot be reached. Then Python is told and sends the buffer with its own data, which is slower.
  // The two cases differ in whether Python answers.
  failed() {
    this.failures += 1
    this.effects.later(() => this.ask(), RETRY_MS)
    if (this.failures === 2) this.effects.blocked(this.effects.wish().shownPx)
    if (this.failures >= 2) this.effects.lost()
  }

  // While many wait, a drag gets smaller maps; the full ones follow when it rests or ends.
  askAtRest() {
    this.effects.cancel(this.restTimer)
    const rest = () => {
      this.rested = this.effects.wish().key
      this.ask()
    }
    this.restTimer = this.effects.later(rest, this.effects.wish().dragging ? REST_MS : 0)
  }

  /**
   * @param {string} key
   * @param {Header} header
   */
  keep(key, header) {
    this.recent.delete(key)
    this.recent.set(key, header)
    const [oldest] = this.recent.keys()
    if (this.recent.size > KEPT_BUFFERS) this.recent.delete(oldest)
  }
}
