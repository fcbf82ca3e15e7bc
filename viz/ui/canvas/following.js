// The canvas shows what another component tells it, such as the view of the lecturer, as if by hand.

import { hear } from "../javascript/between.js"
import { record, take } from "./actions.js"
import { moveSliders } from "./controls.js"
import { bringIntoView } from "./light.js"
import { LED } from "./moves.js"
import { reveal, revealCanvas, revealSection } from "./reveal.js"
import { isPageInView, whenPageInView } from "./seen.js"
import { showSpot } from "./spot.js"
import { addressed, valuesOf } from "./values.js"

/** @import {Details} from "../javascript/between.js" */
/** @import {Field, State, Values} from "./state.js" */

const STILL_MS = 1500 // after which a drag by someone else counts as ended
const GLIDE_MS = 600

// What the page beside the canvas shows at once, wherever the visitor has scrolled to.
const OF_THE_PAGE = ["part", "card", "unit", "picture", "others", "working_size_px", "device"]

let forgetPage = () => {} // what waits until it is seen

/**
 * @typedef {object} Effects  the side effects of following
 * @property {() => Values} values  the present ones
 * @property {() => Record<string, Field>} fields
 * @property {(values: Values, live: boolean) => void} take  shows values
 * @property {(before: Values, within?: number) => void} settled  they are final
 * @property {() => boolean} calm  whether the visitor asked for less motion
 * @property {(run: () => void) => void} nextFrame
 * @property {() => number} now  ms
 * @property {(run: () => void, ms: number) => number} later
 * @property {(timer: number | undefined) => void} cancel
 */

export class Following {
  /** @param {Effects} effects */
  constructor(effects) {
    this.effects = effects
    this.leads = false // whether someone else has set the present values
    /** @type {Values | null} */
    this.before = null // the values that were final last
    /** @type {number | undefined} */
    this.timer = undefined
    /** @type {number | undefined} */
    this.within = undefined // ms
    this.turn = 0 // grows with every view, so that a glide sees that it is over
  }

  /**
   * @param {Values} values  every field's
   * @param {{live?: boolean, glide?: boolean, within?: number}} manner  see `Show`
   */
  show(values, { live = false, glide = false, within }) {
    this.stop()
    this.leads = true
    this.within = within
    this.before ??= { ...this.effects.values() }
    if (glide && !this.effects.calm()) this.glide(values)
    else if (live) this.move(values)
    else this.settle(values)
  }

  /** @param {Values} values */
  move(values) {
    this.effects.take(values, true)
    this.timer = this.effects.later(() => this.settle(values), STILL_MS)
  }

  /** @param {Values} values */
  settle(values) {
    this.stop()
    const before = this.before ?? values
    this.before = null
    this.effects.take(values, false)
    this.effects.settled(before, this.within)
  }

  /**
   * Sliders run to their values, everything else is there at once.
   * @param {Values} to
   */
  glide(to) {
    const { fields, nextFrame, now, take, values } = this.effects
    const [began, turn, from] = [now(), this.turn, { ...values() }]
    const sliders = Object.keys(to).filter((name) => fields()[name]?.kind === "slider" && to[name] !== from[name])
    if (!sliders.length) return this.settle(to)
    let last = ""
    const step = () => {
      if (turn !== this.turn) return
      const share = Math.min(1, (now() - began) / GLIDE_MS)
      if (share === 1) return this.settle(to)
      const between = { ...to, ...onTheWay(fields(), sliders, from, to, share) }
      const text = JSON.stringify(between)
      if (text !== last) take(between, true)
      last = text
      nextFrame(step)
    }
    step()
  }

  // Nothing more comes of what was told before.
  stop() {
    this.turn += 1
    this.effects.cancel(this.timer)
  }

  // A hand takes over.
  end() {
    this.stop()
    this.leads = false
    this.before = null
  }
}

/**
 * Sliders on their way, each on one of its steps.
 * @param {Record<string, Field>} fields
 * @param {string[]} sliders
 * @param {Values} from
 * @param {Values} to
 * @param {number} share  of the time
 * @returns {Values}
 */
export function onTheWay(fields, sliders, from, to, share) {
  const eased = share * share * (3 - 2 * share)
  return Object.fromEntries(
    sliders.map((name) => {
      const { low, step } = fields[name]
      const [begin, end] = [Number(from[name]), Number(to[name])]
      const steps = Math.round((begin + (end - begin) * eased - low) / step)
      return [name, String(Number((low + steps * step).toFixed(6)))]
    }),
  )
}

/**
 * Listens to the components that lead the canvas; returns a function that stops it.
 * @param {State} s
 */
export function listenToLead(s) {
  const ends = [hear("show", (told) => showTold(s, told)), hear("spot", (spot) => showSpot(s, spot))]
  return () => {
    s.following.end()
    for (const end of ends) end()
  }
}

/**
 * @param {State} s
 * @param {Details["show"]} asked
 */
function showTold(s, { slug, query, home = false, ...manner }) {
  if (slug !== undefined && slug !== s.slug) return
  if (s.dragging !== null && s.dragging !== LED) return // it is in the visitor's hand
  const told = { ...valuesOf(s, query), device: s.values.device } // which is everybody's own
  const known = Object.entries(told).filter(([name]) => Object.hasOwn(s.fields, name))
  s.home = home
  s.following.show(Object.fromEntries(known), manner)
}

/**
 * @param {State} s
 * @param {Pick<Effects, "now" | "later" | "cancel">} clock
 */
export function followingOf(s, clock) {
  return new Following({
    ...clock,
    values: () => s.values,
    fields: () => s.fields,
    take: (values, live) => {
      if (values.stage !== s.values.stage) s.enlarged = s.hover = s.cell = null
      s.dragging = live ? LED : null
      if (live && s.commits.due) s.commits.hold() // until it rests
      take(s, values)
      if (live) moveSliders(s)
      s.redraw()
    },
    settled: (before, within) => settled(s, before, within),
    calm: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
    nextFrame: (run) => requestAnimationFrame(run),
  })
}

/**
 * The view is final: its address is written at once. Python is told at some time soon, and only where
 * the page shows something of it: many may follow, and each answer takes the server some time.
 * @param {State} s
 * @param {Values} before
 * @param {number} [within]
 */
function settled(s, before, within) {
  record(s)
  const changed = Object.keys(s.values).filter((name) => s.values[name] !== before[name])
  if (s.lit.length) bringIntoView(s)
  else if (s.home) revealCanvas()
  else if (changed.includes("part")) revealSection()
  else if (changed.some((name) => ["card", "unit"].includes(name) && s.values[name])) {
    reveal("opened", { keepsMaps: true })
  }
  if (within === undefined) s.commits.commitAfterDrawing(s.requests.flight !== null)
  else if (changed.length || s.commits.open) commitWithin(s, within, isPageInView() || changed.some(isOfPage))
}

/**
 * @param {State} s
 * @param {number} within
 * @param {boolean} isSeen  whether the visitor sees what depends on it
 */
function commitWithin(s, within, isSeen) {
  const { commits } = s
  const soon = () => commits.commitLater(Math.random() * within)
  forgetPage()
  writeAddress(s, "replaceState")
  if (isSeen) return soon()
  commits.hold()
  commits.unseen = true
  forgetPage = whenPageInView(() => commits.unseen && soon())
}

/** @param {string} name */
function isOfPage(name) {
  return OF_THE_PAGE.includes(name)
}

/**
 * Writes the address; only what a hand has chosen may be a new entry of the browser's history.
 * @param {State} s
 * @param {"pushState" | "replaceState"} how
 */
export function writeAddress(s, how) {
  const query = addressed(s, location.search)
  history[how](history.state, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`)
}
