// A clock that goes only when it is told to, with what is to be done later.

export class Clock {
  constructor() {
    this.ms = 0
    this.last = 0
    /** @type {Map<number, {at: number, run: () => void}>} */
    this.waiting = new Map()
  }

  /** What a state machine takes for its clock. */
  get effects() {
    return {
      now: () => this.ms,
      later: (/** @type {() => void} */ run, /** @type {number} */ ms) => {
        this.last += 1
        this.waiting.set(this.last, { at: this.ms + ms, run })
        return this.last
      },
      cancel: (/** @type {number | undefined} */ timer) => {
        if (timer !== undefined) this.waiting.delete(timer)
      },
    }
  }

  /**
   * Lets time pass; what falls due is done in order.
   * @param {number} ms
   */
  pass(ms) {
    const until = this.ms + ms
    for (;;) {
      const due = [...this.waiting].filter(([, { at }]) => at <= until).sort((a, b) => a[1].at - b[1].at)
      if (due.length === 0) break
      const [timer, { at, run }] = due[0]
      this.waiting.delete(timer)
      this.ms = at
      run()
    }
    this.ms = until
  }
}
