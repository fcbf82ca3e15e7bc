// The exact values of the unit that is looked at. They are requested once the pointer and the maps
// are at rest: one request is in flight, and the newest wish wins.

const COLUMN_REST_MS = 80
const BUSY_MS = 1500 // after the server was busy
const KEPT_COLUMNS = 256

/**
 * @typedef {object} Column  exact values at one position; null for one that is not finite, or not there
 * @property {(number | null)[]} values  of each drawn map
 * @property {(number | null)[]} [inputs]  of each map that a pool over channels reads
 *
 * @typedef {object} Look  the wanted column
 * @property {string} key  all that the drawn maps depend on
 * @property {string} place  row and column
 *
 * @typedef {Column | "busy" | null} Answer  null if there is no such column
 *
 * @typedef {object} Effects  the side effects of columns
 * @property {() => Look | null} look  null if nothing is shown of a unit, or its column cannot be requested
 * @property {() => boolean} moving  whether other maps are about to be drawn
 * @property {(look: Look, signal: AbortSignal) => Promise<Answer>} fetch  rejects if the route cannot be reached
 * @property {() => void} arrived
 * @property {(run: () => void, ms: number) => number} later
 * @property {(timer: number | undefined) => void} cancel
 */

export class ExactColumns {
  /** @param {Effects} effects */
  constructor(effects) {
    this.effects = effects
    /** @type {Map<string, Column | null>} */
    this.kept = new Map()
    /** @type {{name: string, controller: AbortController} | null} */
    this.flight = null
    /** @type {number | undefined} */
    this.timer = undefined
  }

  /**
   * The column of the unit that is looked at, if it is here.
   * @returns {Column | null}
   */
  get column() {
    const look = this.effects.look()
    return look ? (this.kept.get(nameOf(look)) ?? null) : null
  }

  // Requests the column of what is looked at, after a rest.
  ask(ms = COLUMN_REST_MS) {
    this.effects.cancel(this.timer)
    if (this.missing()) this.timer = this.effects.later(() => this.rested(), ms)
  }

  // Drops all columns: the same address may have other maps now.
  forget() {
    this.kept.clear()
  }

  missing() {
    const look = this.effects.look()
    return look && !this.kept.has(nameOf(look)) ? look : null
  }

  rested() {
    const look = this.missing()
    if (!look || this.flight?.name === nameOf(look)) return
    if (this.effects.moving()) this.ask()
    else if (this.flight)
      this.flight.controller.abort() // the newest wish comes after it
    else this.send(look)
  }

  /** @param {Look} look */
  async send(look) {
    const controller = new AbortController()
    const name = nameOf(look)
    this.flight = { name, controller }
    try {
      this.take(name, await this.effects.fetch(look, controller.signal))
    } catch (error) {
      if (!isAbort(error)) return // the requests for maps find out what is wrong; "≈" stays
    } finally {
      this.flight = null
    }
    const next = this.missing()
    if (next && nameOf(next) !== name) this.rested()
  }

  /**
   * @param {string} name
   * @param {Answer} answer
   */
  take(name, answer) {
    if (answer === "busy") {
      this.ask(BUSY_MS)
      return
    }
    this.kept.set(name, answer)
    const [oldest] = this.kept.keys()
    if (this.kept.size > KEPT_COLUMNS) this.kept.delete(oldest)
    this.effects.arrived()
  }
}

/** @param {Look} look */
function nameOf({ key, place }) {
  return `${place} ${key}`
}

/** @param {unknown} error */
function isAbort(error) {
  return error instanceof Error && error.name === "AbortError"
}
