// What a step reads and makes of it, in words and numbers.

const SHOWN_TERMS = 4 // longer sums are cut short
const FIRST_TERMS = 3

function say(s, { reading, read, leftOver }, n, at, terms) {
  const el = s.el[n]
  const told = reading.outputs[s.output][at[0]][at[1]]
  const sum = sumOf(terms)
  el.reads.textContent = readsInWords(s, at, terms)
  el.sum.replaceChildren(`${sumInWords(s, reading, terms)} =\u00a0`, h("strong", {}, short(tidy(sum, terms))))
  el.differs.hidden = Math.abs(sum - told) <= roundingOf(terms)
  el.differs.textContent = s.t("The layer says {value}.", { value: short(told) })
  const never = read.flat().filter((one) => !one).length
  el.never.hidden = never === 0
  el.never.textContent = neverInWords(s, read, never, leftOver)
  el.canvas.setAttribute("aria-label", describe(s, reading, el, at, tidy(sum, terms)))
  Object.assign(el.canvas.dataset, {
    step: s.step + 1, output: s.output, at: JSON.stringify(at), sum, told, never,
    sheets: JSON.stringify({ ...s.plan, outputs: s.plan.outputs[n] }),
    cells: JSON.stringify(terms.map(({ place: cell }) => cell)), // [channel, row, column]
  })
}

// The step in words, for whoever does not see it.
function describe(s, reading, el, [row, column], value) {
  const n = row * sizeOf(reading.outputs)[1] + column + 1
  const where = s.t("Output pixel {n} of {all}", { n, all: outputCount(reading) })
  const is = s.t("It is {value}.", { value: short(value) })
  return [`${s.t(reading.title)}. ${where}.`, el.reads.textContent, is, el.never.textContent].join(" ").trim()
}

// What is left of a sum that only rounding keeps from nothing is nothing.
function tidy(sum, terms) {
  return Math.abs(sum) <= roundingOf(terms) ? 0 : sum
}

function readsInWords(s, [row, column], terms) {
  const all = s.data.inputs.flat(2).length
  return s.t("Output {name}, row {row}, column {column} reads {n} of {all} numbers.", {
    row, column, name: s.data.outputs[s.output], n: terms.length, all,
  })
}

// Long sums are cut short; the zeros of the padding are counted behind them.
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

// The sign of a weight stands between the terms; the first one and inputs keep theirs, in brackets.
function termInWords({ input, weight }, first) {
  const sign = first ? "" : weight < 0 ? "− " : "+ "
  return `${sign}${bracketed(input)}\u00a0×\u00a0${bracketed(first ? weight : Math.abs(weight))}`
}

function bracketed(value) {
  return value < 0 ? `(${short(value)})` : short(value)
}

function neverInWords(s, read, never, [row, column]) {
  const [rows, columns] = [read.length, read[0].length]
  if (never === 0) return ""
  const text = s.t("{n} of {all} pixels are never read.", { n: never, all: rows * columns })
  const over = [
    [row, rows, s.t("row"), s.t("rows")],
    [column, columns, s.t("column"), s.t("columns")],
  ].filter(([from, length]) => from < length)
  if (!over.length) return text
  const named = over.map(([from, length, one, many]) => (from === length - 1 ? `${one} ${from}` : `${many} ${from}–${length - 1}`))
  return `${text} ${s.t("Left over behind the last window: {what}.", { what: named.join(", ") })}`
}
