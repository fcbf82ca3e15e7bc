// The card of questions above the canvas: a visitor's own, or a round with the class.

import { hear, tell } from "../javascript/between.js"
import { found } from "../javascript/elements.js"
import { translated } from "../javascript/translation.js"
import { drawCard } from "./card.js"
import { followersCard } from "./follower.js"
import { listenToKeys } from "./keys.js"
import { lecturersCard, roundCard } from "./lecturer.js"
import { leave, ownCard, presentQuery } from "./own.js"
import { answered } from "./rounds.js"
import { begun } from "./session.js"

/** @import {Choosing} from "../javascript/between.js" */
/** @import {Own} from "./own.js" */
/** @import {Card, Data, Round, State} from "./state.js" */

/** @type {WeakMap<ParentNode, {state: State, end: () => void}>} */
const INSTANCES = new WeakMap()

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data, setStateValue: State["setStateValue"]}} component
 */
export default function predict({ parentElement, data, setStateValue }) {
  const instance = INSTANCES.get(parentElement) ?? create(parentElement)
  INSTANCES.set(parentElement, instance)
  const s = instance.state
  s.setStateValue = setStateValue
  takeData(s, data)
  s.redraw()
  return () => {
    instance.end()
    INSTANCES.delete(parentElement)
  }
}

/** @param {ParentNode} parentElement */
function create(parentElement) {
  /** @type {Partial<State>} */
  const first = { root: found(parentElement, ".predict"), session: null, shown: null, room: null, round: null }
  const s = /** @type {State} */ ({
    ...first,
    answers: 0,
    followers: 0,
    dismissed: 0,
    given: null,
    refused: "",
    sending: false,
  })
  s.redraw = () => redraw(s)
  const ends = [
    hear("moved", ({ query, live }) => {
      if (!live) s.shown = query
    }),
    hear("chosen", ({ row, column }) => cardOf(s)?.answer?.([row, column])),
    hear("room", (room) => {
      s.room = room
      if (room === null) s.round = null
      s.redraw()
    }),
    hear("round", (round) => takeRound(s, /** @type {Round | null} */ (round))),
    hear("shared", (shared) => {
      s.followers = shared?.followers ?? 0
      s.redraw()
    }),
    hear("answers", (counted) => {
      if (counted) s.answers = counted.answers
      s.redraw()
    }),
    listenToKeys(() => cardOf(s)),
  ]
  const end = () => {
    for (const each of ends) each()
    show(s, null)
  }
  setTimeout(() => tell("recall", null))
  return { state: s, end }
}

/**
 * @param {State} s
 * @param {Data} data
 */
function takeData(s, data) {
  const isNew = s.data?.asked !== data.asked
  s.data = data
  s.language = data.language
  s.t = (text, args, plural) => translated(data.language, text, args, plural)
  if (!data.questions) leave(s)
  else if (isNew) s.session = begun(data.questions, presentQuery(s))
}

/**
 * @param {State} s
 * @param {Round | null} round
 */
function takeRound(s, round) {
  const isNew = round?.number !== s.round?.number
  s.round = round
  if (isNew) {
    s.given = round && s.room ? answered(s.room, round.number) : null
    s.answers = 0
    s.refused = ""
  }
  s.redraw()
}

/**
 * @param {State} s
 * @returns {Card | null}
 */
function cardOf(s) {
  const { room, round } = s
  if (room && round) {
    if (room.secret) return roundCard(s, room, round)
    if (round.number !== s.dismissed) return followersCard(s, room, round)
  }
  if (!s.session) return null
  return room?.secret ? lecturersCard(/** @type {Own} */ (s), room) : ownCard(/** @type {Own} */ (s))
}

/** @param {State} s */
function redraw(s) {
  if (!s.data) return
  const card = cardOf(s)
  drawCard(s, card)
  show(s, card)
}

/**
 * Tells the page that a question stands above the canvas, and the canvas what a click on it means.
 * @param {State} s
 * @param {Card | null} card
 */
function show(s, card) {
  document.documentElement.toggleAttribute("data-question", card !== null)
  tell("choose", card && choosingOf(card, s.data.slug))
}

/**
 * @param {Card} card
 * @param {string} slug
 * @returns {Choosing | null}
 */
function choosingOf({ face, answer, given, truth }, slug) {
  if (!face?.on || !face.grid || face.slug !== slug) return null
  const said = Array.isArray(given) ? given : null
  const right = Array.isArray(truth?.right) ? truth.right : []
  return { on: face.on, grid: face.grid, open: answer !== null, said, right }
}
