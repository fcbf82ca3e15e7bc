// A page that goes along with the lecturer's view until its visitor takes over.

/** @import {Shared} from "./state.js" */

const GOING_MS = 8000 // after this a page that has not come is asked for again

/**
 * @typedef {object} Effects  the side effects of following
 * @property {(view: Shared) => void} show  on the canvas of this page
 * @property {(view: Shared) => void} go  to the page of another lesson
 * @property {(place: Shared["pointer"]) => void} point
 * @property {() => number} now  ms
 */

export class Follower {
  /** @param {Effects} effects */
  constructor(effects) {
    this.effects = effects
    this.slug = "" // of the canvas on the page
    /** @type {Shared | null} */
    this.view = null // the last one
    this.own = false // whether the visitor has taken over
    this.shown = "" // the last view that the canvas was told
    this.going = { slug: "", since: 0 }
  }

  /** @param {Shared} view */
  take(view) {
    this.view = view
    this.apply()
  }

  /**
   * The page has the canvas of a lesson now.
   * @param {string} slug
   */
  arrived(slug) {
    if (slug === this.slug) return
    this.slug = slug
    this.shown = this.going.slug = ""
    this.apply()
  }

  // The visitor takes over.
  leave() {
    this.own = true
    this.effects.point(null)
  }

  back() {
    this.own = false
    this.shown = this.going.slug = ""
    this.apply()
  }

  // There is nobody to follow any more.
  end() {
    this.view = null
    this.own = false
    this.shown = this.going.slug = ""
    this.effects.point(null)
  }

  apply() {
    const { view, own, slug, effects } = this
    if (!view || own || !slug) return
    if (view.slug !== slug) return this.goTo(view)
    const { query, live, pointer } = view
    const shown = JSON.stringify([query, live])
    if (shown !== this.shown) effects.show(view)
    this.shown = shown
    effects.point(pointer)
  }

  /** @param {Shared} view */
  goTo(view) {
    const now = this.effects.now()
    if (view.slug === this.going.slug && now - this.going.since < GOING_MS) return
    this.going = { slug: view.slug, since: now }
    this.effects.point(null)
    this.effects.go(view)
  }
}
