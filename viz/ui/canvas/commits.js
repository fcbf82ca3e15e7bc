// When Python is told what was chosen: on release, on a click; one commit in flight, the newest waits.

const ANSWER_PATIENCE_MS = 5000 // after this a commit without an answer is taken for lost
const AT_LATEST_MS = 300

/**
 * @typedef {object} Effects  what commits do to the world
 * @property {(revision: number) => void} commit  tells the address, then Python
 * @property {() => number} now  ms
 * @property {(run: () => void, ms: number) => number} later
 * @property {(timer: number | undefined) => void} cancel
 */

export class Commits {
  /**
   * @param {Effects} effects
   * @param {number} revision of the last commit
   */
  constructor(effects, revision) {
    this.effects = effects
    this.revision = revision
    /** @type {{revision: number, since: number} | null} */
    this.inFlight = null
    this.again = false // whether a newer one waits
    this.due = false // whether one waits for maps to be painted
    /** @type {number | undefined} */
    this.timer = undefined
  }

  // Whether Python does not know yet what is chosen.
  get open() {
    return this.inFlight !== null || this.due
  }

  /**
   * Commits once the maps that are on their way have been painted: what the hand did comes first.
   * @param {boolean} mapsOnTheirWay
   */
  commitAfterDrawing(mapsOnTheirWay) {
    if (!mapsOnTheirWay) {
      this.commit()
      return
    }
    this.due = true
    this.effects.cancel(this.timer)
    this.timer = this.effects.later(() => this.commitIfDue(), AT_LATEST_MS)
  }

  commitIfDue() {
    if (!this.due) return
    this.due = false
    this.effects.cancel(this.timer)
    this.commit()
  }

  // The address may not run ahead of the commit, or Python's answer would look like a new address.
  commit() {
    this.revision += 1
    if (this.inFlight && this.effects.now() - this.inFlight.since < ANSWER_PATIENCE_MS) {
      this.again = true
      return
    }
    this.inFlight = { revision: this.revision, since: this.effects.now() }
    this.effects.commit(this.revision)
  }

  /**
   * Python has answered: is it the answer to the last commit?
   * @param {number} revision
   */
  answered(revision) {
    if (this.inFlight && revision >= this.inFlight.revision) this.inFlight = null
    if (!this.inFlight && this.again) {
      this.again = false
      this.revision -= 1
      this.commit()
    }
    return !this.open && revision >= this.revision
  }

  // No answer will come any more.
  forget() {
    this.inFlight = null
  }

  /**
   * Another session: it knows nothing of what was said before.
   * @param {number} revision
   */
  begin(revision) {
    this.revision = Math.max(this.revision, revision) // a number seen twice would be no change
    this.forget()
    this.again = false
  }
}
