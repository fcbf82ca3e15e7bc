// Follows a hand that is faster than answers: one request at a time, always for the newest wish.

const LEAST_MS = 40 // between two requests
const BUSY_MS = 500 // after the server was busy

/**
 * @template Wish, Answer
 * @typedef {object} Effects  the side effects
 * @property {(wish: Wish) => Promise<Answer | "busy" | null>} fetch  null if there is no answer
 * @property {(wish: Wish, answer: Answer) => void} arrived
 * @property {number} [leastMs]  between two requests
 * @property {() => number} now
 * @property {(run: () => void, ms: number) => number} later
 * @property {(timer: number | undefined) => void} cancel
 */

/** @template Wish, Answer */
export class Newest {
  /** @param {Effects<Wish, Answer>} effects */
  constructor(effects) {
    this.effects = effects
    /** @type {Wish | null} */
    this.wish = null
    this.resting = true
    /** @type {number | undefined} */
    this.timer = undefined
  }

  /** @param {Wish | null} wish  null if nothing is wanted any more: an answer under way is dropped */
  ask(wish) {
    this.wish = wish
    if (wish !== null && this.resting) this.send(wish)
  }

  end() {
    this.wish = null
    this.effects.cancel(this.timer)
  }

  /** @param {Wish} wish */
  async send(wish) {
    const { fetch, arrived, later, leastMs = LEAST_MS, now } = this.effects
    this.resting = false
    const began = now()
    const answer = await fetch(wish).catch(() => null)
    const busy = answer === "busy"
    if (!busy && answer !== null && this.wish !== null) arrived(wish, answer)
    // a server with much to do answers late, and is asked the less often
    this.timer = later(() => this.rested(busy ? null : wish), busy ? BUSY_MS : Math.max(leastMs, now() - began))
  }

  /** @param {Wish | null} answered */
  rested(answered) {
    this.resting = true
    if (this.wish !== null && this.wish !== answered) this.send(this.wish)
  }
}
