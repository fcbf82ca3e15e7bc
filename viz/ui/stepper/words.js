// The text of a step: the numbers that it reads, and their sum.

import { h } from "../javascript/elements.js"
import { short } from "../javascript/numbers.js"
import { kernelSide, outputCount, roundingOf, sizeOf, sumOf } from "./reading.js"

/** @import {Cell, Reading, Term} from "./reading.js" */
/** @import {Part, Prepared, State} from "./state.js" */

const SHOWN_TERMS = 4 // longer sums are shortened
const FIRST_TERMS = 3

/**
 * @param {State} s
 * @param {Part} part
 * @param {Prepared} prepared
 * @param {Cell} at
 * @param {Term[]} terms
 */
export function say(s, part, { reading, read, leftOver }, at, terms) {
  const told = reading.outputs[s.output][at[0]][at[1]]
  const sum = sumOf(terms)
  part.reads.textContent = readsInWords(s, at, terms)
  part.sum.replaceChildren(`${sumInWords(s, reading, terms)} =\u00a0`, h("strong", {}, short(tidy(sum, terms))))
  part.differs.hidden = Math.abs(sum - told) <= roundingOf(terms)
  part.differs.textContent = s.t("The layer gives {value}.", { value: short(told) })
  const never = read.flat().filter((one) => !one).length
  part.never.hidden = never === 0
  part.never.textContent = neverInWords(s, read, never, leftOver)
  part.canvas.setAttribute("aria-label", describe(s, part, reading, at, tidy(sum, terms)))
  Object.assign(part.canvas.dataset, {
    step: s.step + 1,
    output: s.output,
    at: JSON.stringify(at),
    sum,
    told,
    never,
    cells: JSON.stringify(terms.map(({ place }) => place)), // [channel, row, column]
  })
}

/**
 * Describes the step for screen readers.
 * @param {State} s
 * @param {Part} part
 * @param {Reading} reading
 * @param {Cell} at
 * @param {number} value
 */
function describe(s, { reads, never }, reading, [row, column], value) {
  const n = row * sizeOf(reading.outputs)[1] + column + 1
  const where = s.t("Output pixel {n} of {all}", { n, all: outputCount(reading) })
  const is = s.t("It is {value}.", { value: short(value) })
  return [`${s.t(reading.title)}. ${where}.`, reads.textContent, is, never.textContent].join(" ").trim()
}

/**
 * A sum, or 0 if it differs from 0 only by rounding.
 * @param {number} sum
 * @param {Term[]} terms
 */
function tidy(sum, terms) {
  return Math.abs(sum) <= roundingOf(terms) ? 0 : sum
}

/**
 * @param {State} s
 * @param {Cell} at
 * @param {Term[]} terms
 */
function readsInWords(s, [row, column], terms) {
  const [top, left] = s.data.origin
  return s.t("Output {name}, row {row}, column {column} reads {n} of {all} numbers.", {
    row: top + row,
    column: left + column,
    name: s.data.outputs[s.output],
    n: terms.length,
    all: s.data.inputs.flat(2).length,
  })
}

/**
 * The sum as text. Long sums are shortened; the zeros of the padding are counted after them.
 * @param {State} s
 * @param {Reading} reading
 * @param {Term[]} terms
 */
function sumInWords(s, reading, terms) {
  const shown = terms.length > SHOWN_TERMS ? terms.slice(0, FIRST_TERMS) : terms
  const more = terms.length - shown.length
  const zeros = kernelSide(reading) ** 2 * s.data.inputs.length - terms.length
  return [
    ...shown.map((term, n) => termInWords(term, n === 0)),
    ...(more ? [s.t("+ … {n} more", { n: more })] : []),
    ...(zeros ? [s.t("+ {n} zeros of the padding", { n: zeros })] : []),
  ].join(" ")
}

/**
 * A term as text. A weight's sign is the operator; the first weight and inputs keep theirs in brackets.
 * @param {Term} term
 * @param {boolean} first
 */
function termInWords({ input, weight }, first) {
  const sign = first ? "" : weight < 0 ? "− " : "+ "
  return `${sign}${bracketed(input)}\u00a0×\u00a0${bracketed(first ? weight : Math.abs(weight))}`
}

/** @param {number} value */
function bracketed(value) {
  return value < 0 ? `(${short(value)})` : short(value)
}

/**
 * @param {State} s
 * @param {boolean[][]} read
 * @param {number} never
 * @param {Cell} leftOver
 */
function neverInWords(s, read, never, [row, column]) {
  const [rows, columns] = [read.length, read[0].length]
  if (never === 0) return ""
  const text = s.t("{n} of {all} pixels are never read.", { n: never, all: rows * columns })
  const over = [
    row < rows ? positions(row, rows, s.t("row"), s.t("rows")) : "",
    column < columns ? positions(column, columns, s.t("column"), s.t("columns")) : "",
  ].filter(Boolean)
  if (!over.length) return text
  return `${text} ${s.t("Left over after the last window: {what}.", { what: over.join(", ") })}`
}

/**
 * @param {number} from
 * @param {number} length
 * @param {string} one
 * @param {string} many
 */
function positions(from, length, one, many) {
  return from === length - 1 ? `${one} ${from}` : `${many} ${from}–${length - 1}`
}
