// The answers of a class as a few bars: at most seven, whatever was answered.

import { isRight, plain, wordsFor } from "./questions.js"

/** @import {Answer, Face, Truth} from "./questions.js" */

/**
 * @typedef {[answer: Answer, count: number][]} Tally
 *
 * @typedef {object} Bar
 * @property {string} label  empty for the others
 * @property {number} others  how many different answers it stands for; 0 for one that has a label
 * @property {boolean} right
 * @property {number} count
 * @property {number | null} before  in the attempt before; null if there was none
 */

const MOST = 6 // bars of numbers with a label of their own

/**
 * @param {Face} face
 * @param {Tally} tally
 * @param {Tally | null} before
 * @param {Truth | null} truth  null while it is not told
 * @param {(text: string) => string} t
 * @returns {Bar[]}
 */
export function barsOf(face, tally, before, truth, t) {
  if (face.kind === "one") return ofOptions(face, tally, before, truth)
  if (face.kind === "number") return ofNumbers(face, tally, before, truth)
  return ofPlaces(tally, before, truth, t)
}

/**
 * @param {Face} face
 * @param {Tally} tally
 * @param {Tally | null} before
 * @param {Truth | null} truth
 */
function ofOptions({ options = [] }, tally, before, truth) {
  return options.map((label, n) => bar(label, 0, [n], tally, before, truth !== null && isRight(n, truth)))
}

/**
 * The most frequent numbers by size, the right one among them, and one bar for all others.
 * @param {Face} face
 * @param {Tally} tally
 * @param {Tally | null} before
 * @param {Truth | null} truth
 */
function ofNumbers(face, tally, before, truth) {
  /** @type {Map<number, number>} */
  const votes = new Map()
  for (const [said, count] of [...tally, ...(before ?? [])]) votes.set(+said, (votes.get(+said) ?? 0) + count)
  const byVotes = [...votes].sort(([a, m], [b, n]) => n - m || a - b).map(([said]) => said)
  const right = truth === null ? [] : byVotes.filter((said) => isRight(said, truth))
  const wrong = byVotes.filter((said) => !right.includes(said))
  const own = wrong.length + Number(truth !== null) <= MOST ? wrong : wrong.slice(0, MOST - 1)
  const rest = wrong.slice(own.length)
  const bars = own.map((said) => ({ said, bar: bar(wordsFor(said, face), 0, [said], tally, before, false) }))
  if (truth !== null) {
    const said = Number(truth.right)
    bars.push({ said, bar: bar(wordsFor(said, face), 0, right, tally, before, true) })
  }
  bars.sort((a, b) => a.said - b.said)
  const others = rest.length ? [bar("", rest.length, rest, tally, before, false)] : []
  return [...bars.map((each) => each.bar), ...others]
}

/**
 * Places are told apart only by whether they are right.
 * @param {Tally} tally
 * @param {Tally | null} before
 * @param {Truth | null} truth
 * @param {(text: string) => string} t
 */
function ofPlaces(tally, before, truth, t) {
  if (truth === null) return []
  const cells = [...tally, ...(before ?? [])].map(([cell]) => cell)
  const right = cells.filter((cell) => isRight(cell, truth))
  const wrong = cells.filter((cell) => !isRight(cell, truth))
  return [
    bar(t("the right place"), 0, right, tally, before, true),
    bar(t("another place"), 0, wrong, tally, before, false),
  ]
}

/**
 * @param {string} label
 * @param {number} others
 * @param {Answer[]} answers  that it counts
 * @param {Tally} tally
 * @param {Tally | null} before
 * @param {boolean} right
 * @returns {Bar}
 */
function bar(label, others, answers, tally, before, right) {
  const wanted = new Set(answers.map(String))
  const sum = (/** @type {Tally} */ counted) =>
    counted.reduce((all, [said, count]) => all + (wanted.has(String(said)) ? count : 0), 0)
  return { label, others, right, count: sum(tally), before: before && sum(before) }
}

/**
 * A count, and its share of all in per cent.
 * @param {number} count
 * @param {number} all
 */
export function share(count, all) {
  return `${plain(count)} · ${all ? Math.round((100 * count) / all) : 0} %`
}
