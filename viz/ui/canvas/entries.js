// The entries of the browser's history: one for every lesson, section and picture that was shown.

import { carried } from "../javascript/shell.js"

const PLACE = ["part", "picture", "others"] // what may be another section or picture

/**
 * Whether an address is another lesson, section or picture; all else is undone, and Back passes over it.
 * @param {Pick<URL, "pathname" | "search">} from
 * @param {Pick<URL, "pathname" | "search">} to
 */
export function isElsewhere(from, to) {
  const [before, after] = [from, to].map(({ search }) => new URLSearchParams(search))
  return from.pathname !== to.pathname || PLACE.some((name) => before.get(name) !== after.get(name))
}

/**
 * Makes `history.pushState` follow the rule, also when Streamlit calls it for an address from Python.
 * It lasts longer than the canvas, which is gone on the way to another lesson: there Python completes
 * the address, which is no further entry. Every address keeps the shell.
 * @param {() => string} shown  the path of the lesson on the canvas, or of the last one
 */
export function keepEntries(shown) {
  const { pushState } = History.prototype
  const push = (/** @type {unknown} */ state, /** @type {string} */ unused, /** @type {string | URL | null} */ url) => {
    const to = carried(url)
    const completes = to.pathname === location.pathname && to.pathname !== shown()
    if (isElsewhere(location, to) && !completes) pushState.call(history, state, unused, to)
    else history.replaceState(state, unused, to)
  }
  Object.assign(history, { pushState: push })
}
