// What comes over the line of a room, and where it goes: to the canvas of this page, or to another page.

import { tell } from "../javascript/between.js"
import { shellNow, withShell } from "../javascript/shell.js"
import { changed, leave, tellRound } from "./acts.js"
import { eventsOf, findRoom, openRoom } from "./api.js"
import { MAIN } from "./banner.js"
import { Follower } from "./follower.js"
import { leads } from "./state.js"
import { Stream } from "./stream.js"

/** @import {Shared, State, Told} from "./state.js" */

const SPREAD_MS = 40 // for each follower: the server takes half of it to answer one page, and has time for maps

export const CLOCK = {
  now: () => performance.now(),
  later: (/** @type {() => void} */ run, /** @type {number} */ ms) => window.setTimeout(run, ms),
  cancel: (/** @type {number | undefined} */ timer) => window.clearTimeout(timer),
}

/** @param {State} s */
export function streamOf(s) {
  return new Stream({
    ...CLOCK,
    find: async (code) => (leads(s) ? openedAgain(s) : findRoom(code)),
    open: (code, heard, failed) => {
      s.follower.alone = true
      return eventsOf(code, leads(s), heard, failed)
    },
    heard: (kind, data) => heardOf(s, kind, data),
    stands: (stands) => {
      s.stands = stands
      if (stands === "ended") leave(s, "ended")
      else changed(s)
    },
    visible: () => document.visibilityState === "visible",
    random: Math.random,
  })
}

/** @param {State} s */
async function openedAgain(s) {
  const answer = await openRoom(s.secret)
  return "code" in answer ? "here" : "lost"
}

/** @param {State} s */
export function followerOf(s) {
  return new Follower({
    ...CLOCK,
    show: ({ slug, query, live }, alone) => tell("show", { slug, query, live, within: alone ? 0 : spreadOf(s) }),
    go: (view) => go(s, view),
    wait: () => Math.random() * spreadOf(s),
    point: (place) => tell("spot", place && { x: place[0], y: place[1] }),
  })
}

/**
 * The ms over which the pages of a class ask the server for what is below their canvases.
 * @param {State} s
 */
function spreadOf({ told }) {
  return told.followers * SPREAD_MS
}

/**
 * Goes to the page of a lesson as Back would, which is no entry of the history and one run of Python.
 * @param {State} s
 * @param {Shared} view
 */
function go(s, { slug, query }) {
  const to = new URL(slug === s.data.slugs[0] ? "./" : slug, location.href)
  to.search = withShell(query, shellNow())
  history.replaceState(history.state, "", to)
  dispatchEvent(new PopStateEvent("popstate"))
  document.querySelector(MAIN)?.scrollTo(0, 0)
}

/**
 * @param {State} s
 * @param {string} kind
 * @param {unknown} data
 */
function heardOf(s, kind, data) {
  if (kind === "room") {
    s.told = /** @type {Told} */ (data)
    if (s.told.ended) s.stream.end("ended")
    else changed(s)
  } else if (kind === "view") {
    const view = /** @type {Shared} */ (data)
    if (!s.data.slugs.includes(view.slug)) return
    if (!leads(s) || s.leader.isOthers(view)) s.follower.take(view)
  } else tellRound(s, kind, data)
}
