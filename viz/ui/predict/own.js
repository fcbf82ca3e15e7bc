// The card of a visitor alone: predict, reveal, why.

import { tell } from "../javascript/between.js"
import { hintOn } from "./form.js"
import { faceOf, truthOf } from "./questions.js"
import { answer, isOver, revealing, score } from "./session.js"
import { verdictOn } from "./verdict.js"

/** @import {Answer, Face, Truth} from "./questions.js" */
/** @import {Session} from "./session.js" */
/** @import {Button, Card, State} from "./state.js" */

/** @typedef {State & {session: Session}} Own */

/**
 * @param {Own} s
 * @param {Button[]} more  buttons for a question that is not answered yet
 * @returns {Card}
 */
export function ownCard(s, more = []) {
  const { session, t } = s
  const counted = { key: `own ${s.data.asked} ${session.at}`, aside: scoreOf(s), close: () => closeCard(s) }
  if (isOver(session)) return { ...EMPTY, ...counted, ...ending(s) }
  const given = session.answers.get(session.at) ?? null
  const [face, truth] = present(s)
  return {
    ...EMPTY,
    ...counted,
    heading: t("Question {n} of {all}", { n: session.at + 1, all: session.questions.length }),
    ask: face.ask,
    face,
    given,
    truth: given === null ? null : truth,
    answer: given === null ? (said) => takeAnswer(s, said) : null,
    verdict: given === null ? null : verdictOn(given, face, truth, t),
    note: given === null ? hintOn(face, t) : "",
    buttons: given === null ? more : [next(s), thereAndBack(s)],
  }
}

/** @type {Omit<Card, "key" | "close">} */
export const EMPTY = {
  heading: "",
  aside: "",
  ask: "",
  face: null,
  given: null,
  truth: null,
  answer: null,
  bars: null,
  all: 0,
  verdict: null,
  note: "",
  buttons: [],
}

/** @param {Own} s */
function scoreOf({ session, t }) {
  const { right, answered } = score(session)
  return answered ? t("{right} of {answered} right", { right, answered }) : ""
}

/** @param {Own} s */
function ending(s) {
  const { session, t } = s
  if (!session.questions.length) {
    return { heading: t("Predict"), ask: t("There is no question about this view. Try another picture or setting.") }
  }
  const { right, answered } = score(session)
  return {
    heading: t("That was the last question."),
    ask: t("{right} of {answered} right", { right, answered }),
    aside: "",
    buttons: [
      { label: t("Questions about this view"), act: () => s.setStateValue("anew", s.data.asked), main: true },
      { label: t("Close"), act: () => closeCard(s) },
    ],
  }
}

/**
 * @param {Own} s
 * @returns {[Face, Truth]}
 */
export function present({ session, language, data }) {
  const question = session.questions[session.at]
  return [faceOf(question, language, data.slug), truthOf(question, language)]
}

/**
 * @param {Own} s
 * @param {Answer} said
 */
function takeAnswer(s, said) {
  answer(s.session, said)
  reveal(s)
}

/**
 * Shows the answer on the canvas.
 * @param {Own} s
 */
export function reveal(s) {
  s.session.revealed = true
  tell("show", { query: revealing(s.session), glide: true })
  s.redraw()
}

/**
 * Shows the view that the questions are about, if the canvas shows an answer.
 * @param {Own} s
 */
export function goBack({ session }) {
  if (!session.revealed) return
  session.revealed = false
  tell("show", { query: session.before, glide: true, home: true })
}

/**
 * @param {Own} s
 * @returns {Button}
 */
function next(s) {
  const act = () => goOn(s)
  const last = s.session.at === s.session.questions.length - 1
  return { label: last ? s.t("To the end") : s.t("Next question"), act, main: true }
}

/** @param {Own} s */
export function goOn(s) {
  goBack(s)
  s.session.at += 1
  s.redraw()
}

/**
 * @param {Own} s
 * @returns {Button}
 */
export function thereAndBack(s) {
  const back = () => {
    goBack(s)
    s.redraw()
  }
  if (s.session.revealed) return { label: s.t("Back to where we were"), act: back }
  return { label: s.t("Show it on the canvas"), act: () => reveal(s) }
}

/**
 * Closes the card.
 * @param {State} s
 */
export function closeCard(s) {
  const query = s.session?.revealed ? s.session.before : presentQuery(s)
  s.session = null
  tell("show", { query: without(query, "card"), glide: true, home: true })
  s.redraw()
}

/**
 * The card was closed elsewhere; the canvas is as before.
 * @param {State} s
 */
export function leave(s) {
  if (s.session?.revealed) closeCard(s)
  else s.session = null
}

/**
 * @param {string} query
 * @param {string} name
 */
function without(query, name) {
  const left = new URLSearchParams(query)
  left.delete(name)
  return left.toString()
}

/**
 * The view on the canvas, as an address.
 * @param {State} s
 */
export function presentQuery({ shown }) {
  return shown ?? location.search
}
