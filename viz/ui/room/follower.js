// A page that goes along with the lecturer's view until its visitor takes over.

/** @import {Shared} from "./state.js" */

const GOING_MS = 8000 // after this a page that has not come is asked for again

/**
 * @typedef {object} Effects  the side effects of following
 * @property {(view: Shared, alone: boolean) => void} show  on the canvas of this page, and whether nobody else is shown it now
 * @property {(view: Shared) => void} go  to the page of another lesson
 * @property {(place: Shared["pointer"]) => void} point
 * @property {() => number} wait  ms until this page goes, because a whole class would go at once
 * @property {() => number} now  ms
 * @property {(run: () => void, ms: number) => number} later
 * @property {(timer: number | undefined) => void} cancel
 */

export class Follower {
  /** @param {Effects} effects */
  constructor(effects) {
    this.effects = effects
    this.slug = "" // of the canvas on the page
    /** @type {Shared | null} */
    this.view = null // the last one
    this.own = false // whether the visitor has taken over
    this.alone = true // whether this page takes up the view by itself, and not with the whole class
    this.shown = "" // the last view that the canvas was told
    this.going = { slug: "", until: 0 }
    /** @type {number | undefined} */
    this.timer = undefined
  }

  /** @param {Shared} view */
  take(view) {
    this.view = view
    this.apply()
    this.alone = false
  }

  /**
   * The page has the canvas of a lesson now.
   * @param {string} slug
   */
  arrived(slug) {
    if (slug === this.slug) return
    this.slug = slug
    this.forget()
    this.apply()
  }

  // The visitor takes over.
  leave() {
    this.own = true
    this.forget()
    this.effects.point(null)
  }

  back() {
    this.own = false
    this.alone = true
    this.apply()
    this.alone = false
  }

  // There is nobody to follow any more.
  end() {
    this.view = null
    this.own = false
    this.forget()
    this.effects.point(null)
  }

  // What the canvas was told does not count any more, and no other page is on its way.
  forget() {
    this.effects.cancel(this.timer)
    this.shown = this.going.slug = ""
  }

  apply() {
    const { view, own, slug, effects } = this
    if (!view || own || !slug) return
    if (view.slug !== slug) return this.goTo(view)
    if (this.going.slug) this.forget() // the lecturer has come back before this page went
    const { query, live, pointer } = view
    const shown = JSON.stringify([query, live])
    if (shown !== this.shown) effects.show(view, this.alone)
    this.shown = shown
    effects.point(pointer)
  }

  /** @param {Shared} view */
  goTo(view) {
    const { cancel, later, now, point, wait } = this.effects
    if (view.slug === this.going.slug && now() < this.going.until) return
    const ms = this.alone ? 0 : wait()
    this.going = { slug: view.slug, until: now() + ms + GOING_MS }
    point(null)
    cancel(this.timer)
    this.timer = later(() => this.effects.go(this.view ?? view), ms)
  }
}
