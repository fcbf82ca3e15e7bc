// Tells the other components what the canvas shows, at most once a frame, and when a hand is on it.

import { tell } from "../javascript/between.js"
import { search } from "./values.js"

/** @import {Details} from "../javascript/between.js" */
/** @import {State} from "./state.js" */

export const LED = "*" // in the place of a field that is dragged: all of them are, by someone else

export class Moves {
  /** @param {(run: () => void) => void} nextFrame */
  constructor(nextFrame) {
    this.nextFrame = nextFrame
    this.waiting = false
    this.last = ""
  }

  /** @param {() => Details["moved"]} look  at what is shown then */
  tell(look) {
    if (this.waiting) return
    this.waiting = true
    this.nextFrame(() => {
      this.waiting = false
      const moved = look()
      const text = JSON.stringify(moved)
      if (text !== this.last) tell("moved", moved)
      this.last = text
    })
  }
}

/** @param {State} s */
export function tellMoved(s) {
  s.moves.tell(() => ({ slug: s.slug, query: search(s, ""), live: s.dragging !== null }))
}

/**
 * The visitor takes the values over from whoever led them.
 * @param {State} s
 */
export function tellHand(s) {
  s.following.end()
  if (s.dragging === LED) s.dragging = null
  tell("hand", null)
}
