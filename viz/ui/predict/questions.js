// Questions: what is read before the answer, what is true, and what a class is sent.

/**
 * @typedef {[row: number, column: number]} Cell
 * @typedef {number | Cell} Answer  the place of an option, a number, or a cell of the grid
 *
 * @typedef {object} Said  what is read of a question, in one language
 * @property {string} ask
 * @property {string} why
 * @property {string | string[]} instead  of each option, if there are some
 * @property {string[]} [options]
 * @property {string} [unit]
 *
 * @typedef {object} Form  what can be answered; the same in every language
 * @property {"one" | "number" | "where"} kind
 * @property {number} [low]
 * @property {number} [high]
 * @property {"photo" | "maps"} [on]
 * @property {Cell} [grid]  rows and columns
 *
 * @typedef {object} Right  what is right; the same in every language
 * @property {number | Cell[]} right
 * @property {number} [within]
 *
 * @typedef {Form & Right & {name: string, fields: Record<string, string>, said: Record<string, Said>}} Question
 *
 * @typedef {Form & {slug: string, ask: string, options?: string[], unit?: string}} Face
 *   what can be read of a question before it is answered
 * @typedef {Right & {why: string, instead: string | string[]}} Truth
 */

/**
 * @template T
 * @param {Record<string, T>} said
 * @param {string} language
 */
export function inLanguage(said, language) {
  return said[language] ?? said.en ?? Object.values(said)[0]
}

/**
 * @param {Question} question
 * @param {string} language
 * @param {string} slug
 * @returns {Face}
 */
export function faceOf({ kind, low, high, on, grid, said }, language, slug) {
  const { ask, options, unit } = inLanguage(said, language)
  return { kind, low, high, on, grid, slug, ask, options, unit }
}

/**
 * @param {Question} question
 * @param {string} language
 * @returns {Truth}
 */
export function truthOf({ right, within, said }, language) {
  const { why, instead } = inLanguage(said, language)
  return { right, within, why, instead }
}

/**
 * What a class is sent: the question now, and the truth that stays on the server until it is closed.
 * @param {Question} question
 * @param {string} slug
 * @param {number} attempt
 */
export function roundOf(question, slug, attempt) {
  const languages = Object.keys(question.said)
  const each = (/** @type {(language: string) => unknown} */ of) =>
    Object.fromEntries(languages.map((language) => [language, of(language)]))
  const { right, within } = question
  return {
    question: each((language) => faceOf(question, language, slug)),
    truth: { right, within, ...each((language) => truthOf(question, language)) },
    attempt,
  }
}

/**
 * @param {Answer} answer
 * @param {Truth} truth
 */
export function isRight(answer, { right, within = 0 }) {
  if (typeof answer !== "number") return isIn(answer, /** @type {Cell[]} */ (right))
  return Math.abs(answer - Number(right)) <= within
}

/**
 * @param {Cell} cell
 * @param {Cell[]} cells
 */
function isIn([row, column], cells) {
  return cells.some(([r, c]) => r === row && c === column)
}

/**
 * Why an answer is wrong.
 * @param {Answer} answer
 * @param {Truth} truth
 */
export function insteadOf(answer, { instead }) {
  const reason = Array.isArray(instead) ? instead[Number(answer)] : instead
  return reason.replaceAll("{said}", typeof answer === "number" ? plain(answer) : "")
}

/**
 * An answer in words; a place on the photo has none.
 * @param {Answer} answer
 * @param {Face} face
 */
export function wordsFor(answer, { kind, options, unit }) {
  if (kind === "one") return options?.[Number(answer)] ?? ""
  return kind === "number" ? [plain(Number(answer)), unit].filter(Boolean).join(" ") : ""
}

/**
 * The right answer in words.
 * @param {Truth} truth
 * @param {Face} face
 */
export function rightWords({ right }, face) {
  return Array.isArray(right) ? "" : wordsFor(right, face)
}

/**
 * A number as it is written, without rounding.
 * @param {number} value
 */
export function plain(value) {
  return value.toLocaleString("en-US", { maximumFractionDigits: 6 }).replace("-", "−")
}
