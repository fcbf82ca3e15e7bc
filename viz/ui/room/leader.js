// The lecturer's tab: posts its view to the room, and takes over what a second device of the lecturer shows.

import { Newest } from "../javascript/newest.js"

/** @import {Details} from "../javascript/between.js" */
/** @import {Shared} from "./state.js" */

const PACE_MS = 110 // the server takes ten views a second
const KEPT = 40 // posted views that come back as events

/**
 * @typedef {object} Effects  the side effects of leading
 * @property {(view: Shared) => Promise<boolean>} post  whether the room has it
 * @property {() => number} now  ms
 * @property {(run: () => void, ms: number) => number} later
 * @property {(timer: number | undefined) => void} cancel
 */

export class Leader {
  /** @param {Effects} effects */
  constructor(effects) {
    this.effects = effects
    /** @type {Details["moved"] | null} */
    this.moved = null // the last view of this tab
    /** @type {Shared["pointer"]} */
    this.pointer = null
    this.leads = false
    /** @type {string | null} */
    this.last = null // the view of the room
    /** @type {string[]} */
    this.posted = []
    this.adopts = false // whether the view of the room is taken over before this tab shows its own
    this.isFirst = true // whether no view of the room has come yet
    this.posts = postsOf(effects)
  }

  /**
   * This tab leads from now on; the room gets its view.
   * @param {boolean} adopts  as a second device it takes over the view that the room has
   */
  begin(adopts) {
    this.posts = postsOf(this.effects)
    Object.assign(this, { leads: true, adopts, isFirst: !adopts })
    this.again()
  }

  end() {
    this.leads = this.adopts = false
    this.posts.end()
    this.posted = []
    this.last = null
  }

  // The room does not have the view: it was opened again, or goes on after a pause.
  again() {
    this.last = null
    if (this.moved) this.move(this.moved)
  }

  /** @param {Details["moved"]} moved */
  move(moved) {
    this.moved = shareable(moved)
    const text = JSON.stringify(this.moved)
    if (!this.leads || this.adopts || text === this.last) return
    this.last = text
    this.post()
  }

  /** @param {Details["pointed"]} spot */
  point(spot) {
    const rounded = (/** @type {number} */ share) => Math.round(share * 1000) / 1000
    this.pointer = spot && [rounded(spot.x), rounded(spot.y)]
    if (this.leads && !this.adopts && this.moved) this.post()
  }

  post() {
    if (!this.moved) return
    const view = { ...this.moved, pointer: this.pointer }
    this.posted = [...this.posted, JSON.stringify(view)].slice(-KEPT)
    this.posts.ask(view)
  }

  // The lecturer's hand is on this device.
  hand() {
    this.adopts = false
  }

  /**
   * Whether a view of the room comes from another device of the lecturer; if so, it is this tab's too.
   * @param {Shared} view
   */
  isOthers(view) {
    const { isFirst } = this // after a reload: this tab's own, from before
    this.isFirst = this.adopts = false
    if (isFirst || this.posted.includes(JSON.stringify(view))) return false
    const { slug, query, live } = view
    this.last = JSON.stringify({ slug, query, live })
    return true
  }
}

/**
 * @param {Effects} effects
 * @returns {Newest<Shared, true>}
 */
function postsOf({ post, ...clock }) {
  const fetch = async (/** @type {Shared} */ view) => ((await post(view)) ? true : "busy")
  return new Newest({ ...clock, leastMs: PACE_MS, fetch, arrived: () => {} })
}

/**
 * A view without what is the lecturer's alone: the card that holds the answer to a question.
 * @param {Details["moved"]} moved
 * @returns {Details["moved"]}
 */
function shareable({ slug, query, live }) {
  const shared = new URLSearchParams(query)
  if (shared.get("card") === "predict") shared.delete("card")
  return { slug, query: shared.toString(), live }
}
