// The canvas of a lesson: stage bar, sliders, filters, maps and receptive field in one component.

import { fromBase64, unpack } from "../javascript/buffer.js"
import { emphasised } from "../javascript/elements.js"
import { standing } from "../javascript/instances.js"
import { markOld, record } from "./actions.js"
import { draw, isThemedAnew } from "./draw.js"
import { showPhoto } from "./field.js"
import { writeAddress } from "./following.js"
import { notice } from "./frame.js"
import { arrived, create } from "./instance.js"
import { tellHand, tellMoved } from "./moves.js"
import { revealSection } from "./reveal.js"

/** @import {Data, State} from "./state.js" */

/** @type {WeakMap<ParentNode, {state: State, end: () => void}>} */
const INSTANCES = new WeakMap()

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data, setStateValue: State["setStateValue"]}} component
 */
export default function canvas({ parentElement, data, setStateValue }) {
  const instance = standing(INSTANCES, parentElement, data.language) ?? create(parentElement, data)
  INSTANCES.set(parentElement, instance)
  instance.state.setStateValue = setStateValue
  update(instance.state, data)
  return () => {
    instance.end()
    INSTANCES.delete(parentElement)
  }
}

/**
 * @param {State} s
 * @param {Data} data
 */
function update(s, data) {
  const known = s.token
  takeIn(s, data)
  if (known !== data.token) {
    s.commits.begin(data.revision)
    s.requests.failures = 0
  }
  if (known && known !== data.token) {
    s.requests.ask()
    s.isNewServer = true
    s.commits.commit() // the server has restarted under an open page: send it the current values
    return
  }
  const newest = s.commits.answered(data.revision)
  if (s.commits.held) writeAddress(s, "replaceState") // Python has just written that of the commit before
  markOld(s)
  const changed = JSON.stringify(s.values) !== JSON.stringify(data.values)
  // an evicted picture stays the wanted one: its last maps stay, and no other maps replace them
  const gone = data.missing && s.header !== null && s.values.picture === data.wanted
  const cameBack = s.gone && !gone
  s.gone = gone
  if (cameBack) {
    s.requests.forget() // the same address may have maps now
    s.exact.forget()
  }
  if (s.header && data.values.part !== s.values.part) revealSection()
  const elsewhere = data.revision === s.answered && s.header !== null // it answers no commit of the canvas
  s.answered = data.revision
  if (newest && !s.dragging) {
    if (changed && elsewhere && !gone) tellHand(s) // on another control of the page
    if (changed) s.values = { ...data.values, picture: gone ? data.wanted : data.values.picture }
    record(s)
  }
  tellMoved(s)
  takeInPicture(s, data)
  s.inline = Boolean(data.buffer) && !gone
  if (s.inline && data.buffer) {
    notice(s, "")
    arrived(s, unpack(fromBase64(data.buffer)))
  } else if (!s.header || changed || cameBack) {
    s.requests.ask()
    s.redraw() // where the same maps are shown in another way
  } else if (s.style && isThemedAnew(s)) requestAnimationFrame(() => draw(s))
}

/**
 * Takes over the data of this run of Python.
 * @param {State} s
 * @param {Data} data
 */
function takeIn(s, data) {
  s.language = data.language
  if (s.slug !== data.slug) s.path = location.pathname
  s.slug = data.slug
  s.token = data.token
  s.fields = data.fields
  s.openings = data.openings
  s.mostCells = data.most_cells
  s.settles = data.settles
  s.el.title.textContent = data.title
  s.el.claim.textContent = data.claim
  s.el.lookFor.replaceChildren(...emphasised(data.look_for))
}

/**
 * @param {State} s
 * @param {Data} data
 */
function takeInPicture(s, data) {
  s.inlinePhoto = data.photo
  showPhoto(s)
  Object.assign(s.ownNames, data.own_names) // a restarted server knows none of them
  if (data.missing) return // it keeps its name
  s.pictureName = s.ownNames[data.values.picture] ?? data.picture_name
}
