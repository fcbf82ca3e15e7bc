// The card of a follower: the lecturer's question, answered once, and what the class said.

import { hintOn } from "./form.js"
import { truthIn } from "./lecturer.js"
import { EMPTY } from "./own.js"
import { inLanguage, wordsFor } from "./questions.js"
import { sendAnswer } from "./rounds.js"
import { barsOf } from "./tally.js"
import { solution, verdictOn } from "./verdict.js"

/** @import {Answer, Face} from "./questions.js" */
/** @import {Card, Room, Round, State} from "./state.js" */

/**
 * @param {State} s
 * @param {Room} room
 * @param {Round} round
 * @returns {Card}
 */
export function followersCard(s, room, round) {
  const { t, language, given } = s
  const face = inLanguage(round.question, language)
  const truth = truthIn(round, language)
  const wanted = round.open && given === null && canAnswer(s, face)
  return {
    ...EMPTY,
    key: `round ${round.number}`,
    heading: round.attempt === 1 ? t("A question to all") : t("Once more"),
    aside: round.open ? "" : t("{n} answer", { n: round.answers ?? 0 }, "{n} answers"),
    ask: face.ask,
    face,
    given,
    truth,
    answer: wanted ? (said) => sendMine(s, room, round, said) : null,
    bars: round.open ? null : barsOf(face, round.tally ?? [], round.before ?? null, truth, t),
    all: round.answers ?? 0,
    verdict: truth && (given === null ? solution(face, truth, t) : verdictOn(given, face, truth, t)),
    note: s.refused || noteOn(s, face, round),
    close: () => {
      s.dismissed = round.number
      s.redraw()
    },
  }
}

/**
 * A place is on the lecturer's photo: on another page it cannot be clicked.
 * @param {State} s
 * @param {Face} face
 */
function canAnswer({ data }, { kind, slug }) {
  return kind !== "where" || slug === data.slug
}

/**
 * @param {State} s
 * @param {Face} face
 * @param {Round} round
 */
function noteOn(s, face, { open }) {
  const { t, given } = s
  if (!open) return ""
  if (!canAnswer(s, face)) return t("Go back to the lecturer to answer.")
  if (given === null) return face.on ? hintOn(face, t) : ""
  const said = wordsFor(given, face)
  return said
    ? t("Your answer: {said}. Wait for the others.", { said })
    : t("Your answer has arrived. Wait for the others.")
}

/**
 * @param {State} s
 * @param {Room} room
 * @param {Round} round
 * @param {Answer} said
 */
async function sendMine(s, room, round, said) {
  if (s.sending) return
  s.sending = true
  const status = await sendAnswer(room, round.number, said)
  s.sending = false
  if (status === 204) s.given = said
  s.refused = refusal(s, status)
  s.redraw()
}

/**
 * @param {State} s
 * @param {number} status
 */
function refusal({ t }, status) {
  if (status === 204) return ""
  if (status === 409) return t("The question is closed, or this browser has answered already.")
  if (status === 400) return t("That is not one of the possible answers.")
  return t("Your answer has not arrived. Try once more.")
}
