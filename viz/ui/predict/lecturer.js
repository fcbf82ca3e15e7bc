// The card of the lecturer in a room: ask, close, show the answer, ask again.

import { EMPTY, goOn, ownCard, thereAndBack } from "./own.js"
import { inLanguage } from "./questions.js"
import { askClass, closeRound, endRound } from "./rounds.js"
import { isOver } from "./session.js"
import { barsOf } from "./tally.js"
import { solution } from "./verdict.js"

/** @import {Own} from "./own.js" */
/** @import {Truth} from "./questions.js" */
/** @import {Button, Card, Room, Round, State} from "./state.js" */

/**
 * The lecturer's own question, with a button that asks the class.
 * @param {Own} s
 * @param {Room} room
 * @returns {Card}
 */
export function lecturersCard(s, room) {
  if (isOver(s.session)) return ownCard(s)
  const card = ownCard(s, [askButton(s, room, s.t("Ask the class"), 1)])
  return { ...card, note: s.refused || card.note }
}

/**
 * A question that the class was asked. Nothing of its answers is shown while it is open.
 * @param {State} s
 * @param {Room} room
 * @param {Round} round
 * @returns {Card}
 */
export function roundCard(s, room, round) {
  const { t, language } = s
  const face = inLanguage(round.question, language)
  const truth = truthIn(round, language)
  const count = round.answers ?? 0
  return {
    ...EMPTY,
    key: `round ${round.number}`,
    heading: round.attempt === 1 ? t("To the class") : t("After the discussion"),
    aside: round.open ? countOf(s) : t("{n} answer", { n: count }, "{n} answers"),
    ask: face.ask,
    face,
    truth,
    bars: round.open ? null : barsOf(face, round.tally ?? [], round.before ?? null, truth, t),
    all: count,
    verdict: truth && solution(face, truth, t),
    note: s.refused || (round.open ? t("The answers stay hidden until the question is closed.") : ""),
    buttons: round.open ? openButtons(s, room) : closedButtons(s, room, round),
    close: () => sendOnce(s, () => endRound(room)),
  }
}

/** @param {State} s */
function countOf({ answers, followers, t }) {
  return t("{n} of {all} have answered", { n: answers, all: Math.max(answers, followers) })
}

/**
 * The truth in a language, once the server tells it.
 * @param {Round} round
 * @param {string} language
 * @returns {Truth | null}
 */
export function truthIn({ truth }, language) {
  if (!truth) return null
  const { right, within, ...said } = truth
  return { .../** @type {Truth} */ (inLanguage(said, language)), right, within }
}

/**
 * @param {State} s
 * @param {Room} room
 * @returns {Button[]}
 */
function openButtons(s, room) {
  return [{ label: s.t("Close the question"), act: () => sendOnce(s, () => closeRound(room, false)), main: true }]
}

/**
 * @param {State} s
 * @param {Room} room
 * @param {Round} round
 * @returns {Button[]}
 */
function closedButtons(s, room, round) {
  const own = asOwn(s, round)
  if (!round.truth) {
    const again = own && round.attempt === 1 ? [askButton(own, room, s.t("Discuss, then ask again"), 2)] : []
    return [
      ...again,
      { label: s.t("Show the answer"), act: () => sendOnce(s, () => closeRound(room, true)), main: true },
    ]
  }
  if (!own) return []
  return [thereAndBack(own), { label: s.t("Next question"), act: () => goOnWith(own, room), main: true }]
}

/**
 * The state with the lecturer's own questions, at the one of the round; null if it is none of them.
 * @param {State} s
 * @param {Round} round
 * @returns {Own | null}
 */
function asOwn(s, { question }) {
  const { ask } = inLanguage(question, "en")
  const at = s.session?.questions.findIndex(({ said }) => inLanguage(said, "en").ask === ask) ?? -1
  if (!s.session || at < 0) return null
  s.session.at = at // also after a reload
  return /** @type {Own} */ (s)
}

/**
 * @param {Own} s
 * @param {Room} room
 * @param {string} label
 * @param {number} attempt
 * @returns {Button}
 */
function askButton(s, room, label, attempt) {
  const question = s.session.questions[s.session.at]
  return { label, act: () => sendOnce(s, () => askClass(room, question, s.data.slug, attempt)), main: attempt === 1 }
}

/**
 * @param {Own} s
 * @param {Room} room
 */
async function goOnWith(s, room) {
  await sendOnce(s, () => endRound(room))
  s.round = null // it will be told so soon
  goOn(s)
}

/**
 * Sends something, once at a time; a refusal is said in a sentence.
 * @param {State} s
 * @param {() => Promise<number>} sent
 */
async function sendOnce(s, sent) {
  if (s.sending) return
  s.sending = true
  const status = await sent()
  s.sending = false
  const done = status >= 200 && status < 300
  s.refused = done || status === 404 ? "" : s.t("The server did not take this. Try once more.")
  s.redraw()
}
