// A component on which the visitor sets items by hand, such as rectangles on a photo: one of them is
// selected, keys do what the pointer does, and Python is told all of them after each change.

import { isBehind, nextRevision, tellSoon } from "./answers.js"
import { found, h } from "./elements.js"
import { standing } from "./instances.js"
import { translated } from "./translation.js"

/** @import {Translate} from "./translation.js" */

/**
 * @template Item
 * @typedef {object} HandData  the data from Python, beside what is of one component
 * @property {Item[]} items  a later one lies over an earlier one
 * @property {number} most  items
 * @property {boolean} disabled
 * @property {number} revision  the last one that Python has
 * @property {string} language  its tag
 */

/**
 * @template Item
 * @typedef {{revision: number, items: Item[]}} Told  what Python is told; revisions count upwards
 */

/**
 * @template Item
 * @template {HandData<Item>} Data
 * @typedef {object} ByHand  the state, beside what is of one component
 * @property {HTMLElement} root
 * @property {Data} data  the last
 * @property {Translate} t
 * @property {Item[]} items
 * @property {number} selected  index of an item; −1 for none
 * @property {[number, number] | null} from  where the pointer began, or holds the item; null if it is up
 * @property {number} sent  the last revision that Python was told
 * @property {number} width  CSS px, when last drawn
 * @property {number | undefined} timer  until the moves by keys are told
 * @property {(told: Told<Item>) => void} tell
 */

/** @typedef {ByHand<any, HandData<any>>} AnyByHand */
/** @typedef {[down: number, along: number]} Steps */

/** @type {WeakMap<ParentNode, {state: any, end: () => void}>} */
const INSTANCES = new WeakMap()

/** @type {Record<string, Steps>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

/** @type {Record<string, (s: AnyByHand) => void>} */
const KEYS = {
  Delete: removeSelected,
  Backspace: removeSelected,
  Escape: (s) => select(s, -1),
  PageDown: (s) => select(s, s.items.length ? (s.selected + 1) % s.items.length : -1),
  PageUp: (s) => select(s, s.selected > 0 ? s.selected - 1 : s.items.length - 1),
}

/**
 * What a component does at mount and when data or theme change.
 * @template {AnyByHand} State
 * @param {{parentElement: ParentNode, data: State["data"], setStateValue: (name: string, value: Told<any>) => void}} component
 * @param {string} selector  of its element
 * @param {{build: (s: State) => void, take: (s: State, data: State["data"]) => void, draw: (s: State) => void}} acts
 *   fills the element once, takes what only this component has, draws
 */
export function mountByHand({ parentElement, data, setStateValue }, selector, { build, take, draw }) {
  const instance =
    standing(INSTANCES, parentElement, data.language) ?? created(found(parentElement, selector), data, build, draw)
  INSTANCES.set(parentElement, instance)
  const s = instance.state
  s.tell = (/** @type {Told<any>} */ told) => setStateValue("told", told)
  take(s, data)
  takeItems(s, data)
  requestAnimationFrame(() => draw(s)) // also if only the theme has changed
  return () => {
    instance.end()
    INSTANCES.delete(parentElement)
  }
}

/**
 * Takes what Python says, but not items that are older than the hand.
 * @param {AnyByHand} s
 * @param {HandData<any>} data
 */
function takeItems(s, data) {
  s.data = data
  s.t = translating(data)
  if (isBehind(s, data)) return
  s.sent = data.revision
  s.items = data.items
  if (s.selected >= s.items.length) s.selected = -1
}

/**
 * @template {AnyByHand} State
 * @param {HTMLElement} root
 * @param {State["data"]} data
 * @param {(s: State) => void} build
 * @param {(s: State) => void} draw
 */
function created(root, data, build, draw) {
  const begun = { root, data, t: translating(data), items: [], selected: -1, from: null, timer: undefined }
  const s = /** @type {State} */ (/** @type {unknown} */ (Object.assign(begun, { sent: data.revision, width: 0 })))
  build(s)
  const resize = new ResizeObserver(() => {
    if (root.clientWidth !== s.width) draw(s)
  })
  resize.observe(root)
  const end = () => {
    clearTimeout(s.timer)
    resize.disconnect()
  }
  return { state: s, end }
}

/**
 * @param {HandData<any>} data
 * @returns {Translate}
 */
function translating({ language }) {
  return (text, args, plural) => translated(language, text, args, plural)
}

/**
 * Makes buttons that act and redraw.
 * @template {AnyByHand} State
 * @param {State} s
 * @param {(s: State) => void} draw
 */
export function handButtons(s, draw) {
  return (/** @type {string} */ label, /** @type {() => void} */ act, /** @type {string | null} */ name = null) => {
    const onclick = () => {
      act()
      draw(s)
    }
    return h("button", { type: "button", onclick, "aria-label": name, title: name }, label)
  }
}

/**
 * Does what a key says. Whether it was one of ours.
 * @template Item
 * @param {ByHand<Item, any>} s
 * @param {KeyboardEvent} event
 * @param {(item: Item, steps: Steps, isFar: boolean) => Item} moved
 * @param {(key: string) => (() => void) | undefined} own  what a key does here alone
 */
export function pressed(s, event, moved, own) {
  if (s.data.disabled || event.ctrlKey || event.metaKey || event.altKey) return false
  const [move, act] = [MOVES[event.key], own(event.key) ?? KEYS[event.key]]
  if (!move && !act) return false
  event.preventDefault() // the page's own keys leave alone what is handled
  const item = s.items[s.selected]
  if (act) act(s)
  else if (item && put(s, moved(item, move, event.shiftKey))) tellSoon(s, () => tellNow(s))
  return true
}

/**
 * Replaces the selected item. Whether it is another one now.
 * @template Item
 * @param {ByHand<Item, any>} s
 * @param {Item} item
 */
export function put(s, item) {
  if (String(item) === String(s.items[s.selected])) return false
  s.items = s.items.with(s.selected, item)
  return true
}

/**
 * @template Item
 * @param {ByHand<Item, any>} s
 * @param {Item} item
 */
export function add(s, item) {
  if (s.items.length >= s.data.most) return
  s.items = [...s.items, item]
  select(s, s.items.length - 1)
  tellNow(s)
}

/** @param {AnyByHand} s */
export function removeSelected(s) {
  if (s.selected < 0) return
  s.items = s.items.filter((_, n) => n !== s.selected)
  select(s, -1)
  tellNow(s)
}

/** @param {AnyByHand} s */
export function removeAll(s) {
  s.items = []
  select(s, -1)
  tellNow(s)
}

/**
 * @param {AnyByHand} s
 * @param {number} n
 */
export function select(s, n) {
  s.selected = n
}

/**
 * Tells Python all items. Its older answers, which do not have them yet, are passed over.
 * @param {AnyByHand} s
 */
export function tellNow(s) {
  s.tell({ revision: nextRevision(s), items: s.items })
}
