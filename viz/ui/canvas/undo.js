// The addresses that this tab has shown of a lesson, to go back and forward through.

const MOST_ADDRESSES = 100
const MOST_LETTERS = 300_000 // of all together: an address may hold a whole matrix
const TYPING_MS = 1000 // keystrokes that follow one another faster are one step

/**
 * @typedef {object} Effects  the side effects of steps
 * @property {() => number} now  ms
 * @property {() => boolean} typed  whether the last input came from the keyboard
 * @property {() => boolean} held  whether a slider is being dragged, from which nothing may take the value
 * @property {(lesson: string) => string | null} load  what was saved
 * @property {(lesson: string, text: string) => void} save
 * @property {(address: string) => void} restore  shows and commits an address
 * @property {() => void} changed  there are more or fewer steps to go
 */

export class Undo {
  /** @param {Effects} effects */
  constructor(effects) {
    this.effects = effects
    this.lesson = ""
    /** @type {string[]} */
    this.addresses = []
    this.at = -1 // the index of the current address
    this.stepping = false
    /** @type {{fields: string, at: number} | null} */
    this.keystroke = null // the last one, if it was the last change
  }

  get canUndo() {
    return this.at > 0
  }

  get canRedo() {
    return this.at < this.addresses.length - 1
  }

  /**
   * Takes in the current address of a lesson; one that is current already changes nothing.
   * @param {string} lesson
   * @param {string} address
   */
  record(lesson, address) {
    if (lesson !== this.lesson) this.open(lesson)
    if (this.stepping) this.addresses[this.at] = address
    else if (address !== this.addresses[this.at]) this.add(address)
    this.effects.changed()
  }

  undo() {
    if (this.canUndo && !this.effects.held()) this.step(-1)
  }

  redo() {
    if (this.canRedo && !this.effects.held()) this.step(1)
  }

  /** @param {number} by */
  step(by) {
    this.at += by
    this.keystroke = null
    this.stepping = true
    this.effects.restore(this.addresses[this.at])
    this.stepping = false
    this.save()
    this.effects.changed()
  }

  /** @param {string} address */
  add(address) {
    const fields = changedFields(this.addresses[this.at] ?? "", address)
    const goesOn = this.continues(fields)
    this.keystroke = this.effects.typed() ? { fields, at: this.effects.now() } : null
    this.addresses.splice(goesOn ? this.at : this.at + 1, Number.POSITIVE_INFINITY, address)
    if (this.addresses.at(-2) === address) this.addresses.pop() // typed back to where it began
    this.trim()
    this.at = this.addresses.length - 1
    this.save()
  }

  /**
   * Whether a change is another keystroke on the same control, shortly after the last one.
   * @param {string} fields
   */
  continues(fields) {
    const last = this.keystroke
    const soon = last !== null && this.effects.now() - last.at < TYPING_MS
    return soon && this.effects.typed() && last.fields === fields && this.canUndo
  }

  trim() {
    let letters = this.addresses.reduce((sum, { length }) => sum + length, 0)
    while (this.addresses.length > 1 && (this.addresses.length > MOST_ADDRESSES || letters > MOST_LETTERS)) {
      letters -= this.addresses.shift()?.length ?? 0
    }
  }

  /** @param {string} lesson */
  open(lesson) {
    this.lesson = lesson
    this.keystroke = null
    ;[this.addresses, this.at] = read(this.effects.load(lesson))
  }

  save() {
    this.effects.save(this.lesson, JSON.stringify([this.addresses, this.at]))
  }
}

/**
 * What `save` wrote; nothing where it is damaged.
 * @param {string | null} text
 * @returns {[addresses: string[], at: number]}
 */
function read(text) {
  try {
    const [addresses, at] = JSON.parse(text ?? "")
    const sound = Array.isArray(addresses) && addresses.every((each) => typeof each === "string") && at in addresses
    return sound ? [addresses, at] : [[], -1]
  } catch {
    return [[], -1]
  }
}

/**
 * The names of the parameters in which two addresses differ.
 * @param {string} before
 * @param {string} after
 */
function changedFields(before, after) {
  const [a, b] = [new URLSearchParams(before), new URLSearchParams(after)]
  const names = new Set([...a.keys(), ...b.keys()])
  return [...names].filter((name) => a.get(name) !== b.get(name)).join()
}
