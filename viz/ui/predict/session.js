// The questions of one visitor about one view: which is asked, what was answered, and the score.

import { isRight } from "./questions.js"

/** @import {Answer, Question, Truth} from "./questions.js" */

/**
 * @typedef {object} Session  one showing of the card
 * @property {Question[]} questions
 * @property {string} before  the address of the view that they are about
 * @property {number} at  the place of the question that is asked; beyond the last one at the end
 * @property {Map<number, Answer>} answers
 * @property {boolean} revealed  whether the canvas shows an answer instead of the view before
 */

/**
 * @param {Question[]} questions
 * @param {string} before
 * @returns {Session}
 */
export function begun(questions, before) {
  return { questions, before, at: 0, answers: new Map(), revealed: false }
}

/** @param {Session} session */
export function isOver({ at, questions }) {
  return at >= questions.length
}

/**
 * Takes an answer; a second one to the same question does not count.
 * @param {Session} session
 * @param {Answer} answer
 */
export function answer({ at, answers }, answer) {
  if (!answers.has(at)) answers.set(at, answer)
}

/**
 * How many were right, of those answered.
 * @param {Session} session
 */
export function score({ questions, answers }) {
  const right = [...answers].filter(([at, given]) =>
    isRight(given, /** @type {Truth} */ (/** @type {unknown} */ (questions[at]))),
  )
  return { right: right.length, answered: answers.size }
}

/**
 * The address that shows the answer to the present question: the view before, and what differs.
 * @param {Session} session
 */
export function revealing({ before, questions, at }) {
  const query = new URLSearchParams(before)
  query.set("showing", "now")
  for (const [name, value] of Object.entries(questions[at].fields)) query.set(name, value)
  return query.toString()
}
