// The text of a step: the numbers that it reads, and what becomes of them.

import { h } from "../javascript/elements.js"
import { short } from "../javascript/numbers.js"
import { kernelSide, outputCount, resultOf, roundingOf, sizeOf } from "./reading.js"

/** @import {Cell, Reading, Term} from "./reading.js" */
/** @import {Part, Prepared, State} from "./state.js" */

// Longer lists are shortened to their first terms.
const PRODUCTS = { shown: 4, first: 3 }
const NUMBERS = { shown: 9, first: 8 }

/**
 * @param {State} s
 * @param {Part} part
 * @param {Prepared} prepared
 * @param {Cell} at
 * @param {Term[]} terms
 */
export function say(s, part, { reading, read, leftOver }, at, terms) {
  const told = reading.outputs[s.output][at[0]][at[1]]
  const value = resultOf(reading, terms)
  part.reads.textContent = readsInWords(s, at, terms)
  part.sum.replaceChildren(`${inWords(s, reading, terms)} =\u00a0`, h("strong", {}, short(tidy(value, terms))))
  part.differs.hidden = Math.abs(value - told) <= roundingOf(terms)
  part.differs.textContent = s.t("The layer gives {value}.", { value: short(told) })
  const never = read.flat().filter((one) => !one).length
  part.never.hidden = never === 0
  part.never.textContent = neverInWords(s, read, never, leftOver)
  part.canvas.setAttribute("aria-label", describe(s, part, reading, at, tidy(value, terms)))
  Object.assign(part.canvas.dataset, {
    step: s.step + 1,
    output: s.output,
    at: JSON.stringify(at),
    sum: value,
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
 * A value, or 0 if it differs from 0 only by rounding.
 * @param {number} value
 * @param {Term[]} terms
 */
function tidy(value, terms) {
  return Math.abs(value) <= roundingOf(terms) ? 0 : value
}

/**
 * @param {State} s
 * @param {Cell} at
 * @param {Term[]} terms
 */
function readsInWords(s, [row, column], terms) {
  const [top, left] = s.data.origin
  const { inputs, outputs } = s.data
  const place = { row: top + row, column: left + column }
  const values = { ...place, name: outputs[s.output], n: terms.length, all: inputs.flat(2).length }
  if (outputs.length === 1) return s.t("Output row {row}, column {column} reads {n} of {all} numbers.", values)
  return s.t("Output {name}, row {row}, column {column} reads {n} of {all} numbers.", values)
}

/**
 * @param {State} s
 * @param {Reading} reading
 * @param {Term[]} terms
 */
function inWords(s, reading, terms) {
  if (reading.operation === "sum") return sumInWords(s, reading, terms)
  const { shown, more } = beginning(terms, NUMBERS)
  const pieces = shown.map(({ input }) => bracketed(input))
  if (more) pieces.push(s.t("… {n} more", { n: more }))
  if (reading.operation === "max") return s.t("max({numbers})", { numbers: pieces.join(", ") })
  return terms.length === 1 ? `${pieces[0]} / 1` : `(${pieces.join(" + ")}) / ${terms.length}`
}

/**
 * @param {Term[]} terms
 * @param {{shown: number, first: number}} limits
 */
function beginning(terms, limits) {
  const shown = terms.length > limits.shown ? terms.slice(0, limits.first) : terms
  return { shown, more: terms.length - shown.length }
}

/**
 * The sum as text. Long sums are shortened; the zeros of the padding are counted after them.
 * @param {State} s
 * @param {Reading} reading
 * @param {Term[]} terms
 */
function sumInWords(s, reading, terms) {
  const { shown, more } = beginning(terms, PRODUCTS)
  const zeros = kernelSide(reading) ** 2 * s.data.inputs.length - terms.length
  return [
    ...shown.map((term, n) => termInWords(term, n === 0)),
    ...(more ? [s.t("+ … {n} more", { n: more })] : []),
    ...(zeros ? [s.t("+ {n} zero of the padding", { n: zeros }, "+ {n} zeros of the padding")] : []),
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
  const text = s.t(
    "{n} of {all} pixels is never read.",
    { n: never, all: rows * columns },
    "{n} of {all} pixels are never read.",
  )
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
