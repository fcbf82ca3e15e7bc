// The stream of a room's events: one in a tab, closed while the tab is hidden, opened again when it breaks.

const RETRY_MS = 1000 // at least, and at most three times as long, so that a class does not come back at once
const GONE_MS = 30_000 // after which a room that is not there any more has ended: its lecturer opens it again sooner

/**
 * `joining` at first, `here` while events come, `lost` without a connection, `none` if no room has
 * this code, `ended` for good.
 * @typedef {"" | "joining" | "here" | "lost" | "none" | "ended"} StreamState
 *
 * @typedef {object} Effects  the side effects of a stream
 * @property {(code: string) => Promise<"here" | "none" | "lost">} find  whether there is such a room
 * @property {(code: string, heard: (kind: string, data: unknown) => void, failed: () => void) => {close: () => void}} open
 * @property {(kind: string, data: unknown) => void} heard
 * @property {(state: StreamState) => void} stands
 * @property {() => boolean} visible  whether the tab is
 * @property {() => number} now  ms
 * @property {() => number} random  from 0 to 1
 * @property {(run: () => void, ms: number) => number} later
 * @property {(timer: number | undefined) => void} cancel
 */

export class Stream {
  /** @param {Effects} effects */
  constructor(effects) {
    this.effects = effects
    this.code = ""
    /** @type {StreamState} */
    this.state = ""
    /** @type {{close: () => void} | null} */
    this.source = null
    this.finding = false
    this.known = false // whether events have come
    /** @type {number | null} */
    this.since = null // when it was lost
    /** @type {number | undefined} */
    this.timer = undefined
  }

  /** @param {string} code */
  begin(code) {
    this.close()
    Object.assign(this, { code, known: false, since: null })
    this.say("joining")
    this.connect()
  }

  /** @param {"" | "ended"} state */
  end(state) {
    this.close()
    this.code = ""
    this.say(state)
  }

  // The tab is shown or hidden now.
  turned() {
    this.close()
    this.connect()
  }

  close() {
    this.effects.cancel(this.timer)
    this.source?.close()
    this.source = null
  }

  async connect() {
    const { code, effects } = this
    if (!code || this.source || this.finding || !effects.visible()) return
    this.finding = true
    const found = await effects.find(code)
    this.finding = false
    if (code !== this.code) this.connect()
    else if (found !== "here") this.missed(found)
    else if (effects.visible()) this.listen()
  }

  listen() {
    const heard = (/** @type {string} */ kind, /** @type {unknown} */ data) => {
      this.known = true
      this.since = null
      this.say("here")
      this.effects.heard(kind, data)
    }
    const failed = () => {
      this.close()
      this.missed("lost")
    }
    this.source = this.effects.open(this.code, heard, failed)
  }

  /** @param {"none" | "lost"} how */
  missed(how) {
    const { later, now, random } = this.effects
    this.since ??= now()
    if (this.known && how === "none" && now() - this.since >= GONE_MS) return this.end("ended")
    this.say(this.known ? "lost" : how)
    this.timer = later(() => this.connect(), RETRY_MS * (1 + 2 * random()))
  }

  /** @param {StreamState} state */
  say(state) {
    if (state === this.state) return
    this.state = state
    this.effects.stands(state)
  }
}
