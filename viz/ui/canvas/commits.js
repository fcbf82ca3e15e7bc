// Commits to Python, on release or on a click: one is in flight, and the newest waits.

const ANSWER_PATIENCE_MS = 5000 // after this a commit without an answer counts as lost
const AT_LATEST_MS = 300

/**
 * @typedef {object} Effects  the side effects of commits
 * @property {(revision: number) => void} commit  writes the address, then informs Python
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
    this.again = false // whether a newer commit waits
    this.due = false // whether a commit waits
    this.held = false // whether it waits for more than maps to be painted
    this.unseen = false // whether it waits until the visitor sees what depends on it
    /** @type {number | undefined} */
    this.timer = undefined
  }

  // Whether Python does not have the current values yet.
  get open() {
    return this.inFlight !== null || this.due
  }

  /**
   * Commits once the requested maps have been painted, so that the canvas reacts first.
   * @param {boolean} mapsOnTheirWay
   */
  commitAfterDrawing(mapsOnTheirWay) {
    if (!mapsOnTheirWay) {
      this.commit()
      return
    }
    this.clear()
    this.due = true
    this.timer = this.effects.later(() => this.commitIfDue(), AT_LATEST_MS)
  }

  // Once maps are painted.
  commitIfDue() {
    if (this.due && !this.held) this.commit()
  }

  /**
   * Commits after a time, unless something else is committed before.
   * @param {number} ms
   */
  commitLater(ms) {
    this.hold()
    this.timer = this.effects.later(() => this.commit(), ms)
  }

  // Commits only when something else is committed, or when it is told to.
  hold() {
    this.clear()
    this.due = this.held = true
  }

  clear() {
    this.due = this.held = this.unseen = false
    this.effects.cancel(this.timer)
  }

  // The address must not be ahead of the commit, or Python's answer would look like a new address.
  commit() {
    this.clear()
    this.revision += 1
    if (this.inFlight && this.effects.now() - this.inFlight.since < ANSWER_PATIENCE_MS) {
      this.again = true
      return
    }
    this.inFlight = { revision: this.revision, since: this.effects.now() }
    this.effects.commit(this.revision)
  }

  /**
   * Takes Python's answer; returns whether it is the answer to the last commit.
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

  // No answer will come.
  forget() {
    this.inFlight = null
  }

  /**
   * Starts over with a new session, which knows no earlier commits.
   * @param {number} revision
   */
  begin(revision) {
    this.revision = Math.max(this.revision, revision) // Streamlit would ignore a number that it has seen
    this.forget()
    this.again = false
  }
}
