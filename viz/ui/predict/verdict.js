// What is said to an answer: right, or what happens instead, and why.

import { insteadOf, isRight, rightWords, wordsFor } from "./questions.js"

/** @import {Translate} from "../javascript/translation.js" */
/** @import {Answer, Face, Truth} from "./questions.js" */
/** @import {Verdict} from "./state.js" */

/**
 * @param {Answer} given
 * @param {Face} face
 * @param {Truth} truth
 * @param {Translate} t
 * @returns {Verdict}
 */
export function verdictOn(given, face, truth, t) {
  const right = isRight(given, truth)
  const words = { said: wordsFor(given, face), right: rightWords(truth, face) }
  if (face.kind === "where") {
    if (right) return { right, lead: t("Right."), rest: truth.why }
    return { right, lead: t("Not there."), rest: `${insteadOf(given, truth)} ${truth.why}` }
  }
  if (right) return { right, lead: t("Right: {right}.", words), rest: truth.why }
  return { right, lead: t("You said {said}; it is {right}.", words), rest: `${insteadOf(given, truth)} ${truth.why}` }
}

/**
 * What a class, or one who has not answered, is told.
 * @param {Face} face
 * @param {Truth} truth
 * @param {Translate} t
 * @returns {Verdict}
 */
export function solution(face, truth, t) {
  const right = rightWords(truth, face)
  return {
    right: true,
    lead: right ? t("The answer is {right}.", { right }) : t("The right place is marked on the photo."),
    rest: truth.why,
  }
}
