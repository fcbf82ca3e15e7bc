// The card of questions: right and wrong, the score, what a class is sent, and its answers as bars.

import assert from "node:assert/strict"
import { test } from "node:test"
import { cellOf, movedCell } from "../../viz/ui/canvas/choosing.js"
import { read } from "../../viz/ui/predict/form.js"
import { faceOf, inLanguage, insteadOf, isRight, roundOf, truthOf } from "../../viz/ui/predict/questions.js"
import { answer, begun, isOver, revealing, score } from "../../viz/ui/predict/session.js"
import { barsOf, share } from "../../viz/ui/predict/tally.js"
import { verdictOn } from "../../viz/ui/predict/verdict.js"

const t = (text, args = {}) => text.replace(/\{(\w+)\}/g, (_, name) => String(args[name]))

const ONE = {
  name: "size",
  fields: { stride: "5", stage: "strided" },
  kind: "one",
  right: 1,
  said: {
    en: { ask: "How large?", why: "It is rounded up.", options: ["44", "45", "9"], instead: ["down", "", "twice"] },
    "zh-Hans": { ask: "多大？", why: "向上取整。", options: ["44", "45", "9"], instead: ["向下", "", "两次"] },
  },
}
const NUMBER = {
  name: "column",
  fields: {},
  kind: "number",
  right: 220,
  within: 0.5,
  low: 0,
  high: 1000,
  said: { en: { ask: "Which?", why: "It is 220.", unit: "px", instead: "{said} is not." } },
}
const WHERE = {
  name: "where",
  fields: {},
  kind: "where",
  right: [
    [0, 1],
    [3, 3],
  ],
  on: "photo",
  grid: [4, 4],
  said: { en: { ask: "Where?", why: "There.", instead: "Not here." } },
}

test("an option, a number and a place are right or wrong", () => {
  assert.deepEqual(
    [0, 1, 2].map((n) => isRight(n, ONE)),
    [false, true, false],
  )
  assert.deepEqual(
    [219.4, 219.5, 220.5, 221].map((n) => isRight(n, NUMBER)),
    [false, true, true, false],
  )
  assert.deepEqual(
    [
      [0, 1],
      [1, 0],
      [3, 3],
    ].map((cell) => isRight(cell, WHERE)),
    [true, false, true],
  )
})

test("a number is read as people type it, and nothing else is a number", () => {
  const typed = ["9", " 1,024 ", "1 024", "-2.5", "−3", "0,5", ".5", "1,234,567.8"]
  assert.deepEqual(typed.map(read), [9, 1024, 1024, -2.5, -3, 0.5, 0.5, 1234567.8])
  for (const text of ["", "-", "1e9", "Infinity", "NaN", "0x10", "12px", "1,2,3", "1..2", "٣"])
    assert.equal(read(text), null, text)
})

test("what is said to an answer names it, what happens instead, and why", () => {
  const [face, truth] = [faceOf(ONE, "en", "strided"), truthOf(ONE, "en")]
  assert.deepEqual(verdictOn(1, face, truth, t), { right: true, lead: "Right: 45.", rest: "It is rounded up." })
  assert.deepEqual(verdictOn(2, face, truth, t).lead, "You said 9; it is 45.")
  assert.deepEqual(verdictOn(2, face, truth, t).rest, "twice It is rounded up.")
  assert.equal(insteadOf(1000, truthOf(NUMBER, "en")), "1,000 is not.")
  assert.equal(verdictOn([2, 2], faceOf(WHERE, "en", "s"), truthOf(WHERE, "en"), t).lead, "Not there.")
})

test("a language that a question lacks is read in English", () => {
  assert.equal(faceOf(ONE, "zh-Hans", "s").ask, "多大？")
  assert.equal(faceOf(NUMBER, "zh-Hans", "s").ask, "Which?")
  assert.equal(inLanguage({ "zh-Hans": "哪", en: "Which?" }, "fr"), "Which?")
})

test("the score counts first answers only", () => {
  const session = begun([ONE, NUMBER, WHERE], "stride=2")
  answer(session, 0)
  answer(session, 1) // too late
  session.at = 1
  answer(session, 220)
  assert.deepEqual(score(session), { right: 1, answered: 2 })
  assert.equal(isOver(session), false)
  session.at = 3
  assert.equal(isOver(session), true)
})

test("the answer is shown on the view before, whatever was shown since", () => {
  const session = begun([ONE], "stride=2&unit=0.1.2&card=predict&showing=pinned")
  const query = new URLSearchParams(revealing(session))
  assert.deepEqual(Object.fromEntries(query), {
    stride: "5",
    unit: "0.1.2",
    card: "predict",
    showing: "now",
    stage: "strided",
  })
  assert.equal(session.before, "stride=2&unit=0.1.2&card=predict&showing=pinned")
})

test("nothing of the truth is in what a class can read before the question is closed", () => {
  for (const question of [ONE, NUMBER, WHERE]) {
    const { question: faces, truth } = roundOf(question, "strided", 1)
    for (const [language, face] of Object.entries(faces)) {
      for (const secret of ["right", "why", "instead", "within", "fields", "said"]) {
        assert.equal(secret in JSON.parse(JSON.stringify(face)), false, secret)
      }
      assert.equal(JSON.stringify(face).includes(question.said[language].why), false)
      assert.equal(truth[language].why, question.said[language].why)
    }
    assert.deepEqual(truth.right, question.right)
  }
})

test("the bars of options are all options, before and after", () => {
  const face = faceOf(ONE, "en", "s")
  const bars = barsOf(
    face,
    [
      [1, 20],
      [0, 5],
    ],
    [
      [0, 15],
      [1, 10],
    ],
    truthOf(ONE, "en"),
    t,
  )
  assert.deepEqual(
    bars.map(({ label, count, before, right }) => [label, count, before, right]),
    [
      ["44", 5, 15, false],
      ["45", 20, 10, true],
      ["9", 0, 0, false],
    ],
  )
  const hidden = barsOf(face, [[1, 20]], null, null, t)
  assert.deepEqual(
    hidden.map(({ right, before }) => [right, before]),
    Array(3).fill([false, null]),
  )
})

test("many different numbers become few bars, and no answer is lost", () => {
  const tally = [...Array(100).keys()].map((n) => [n * 3, 1 + (n % 7)])
  const all = tally.reduce((sum, [, count]) => sum + count, 0)
  const bars = barsOf(faceOf(NUMBER, "en", "s"), tally, null, truthOf(NUMBER, "en"), t)
  assert.ok(bars.length <= 7)
  assert.equal(
    bars.reduce((sum, { count }) => sum + count, 0),
    all,
  )
  assert.deepEqual(
    bars.filter(({ right }) => right).map(({ label, count }) => [label, count]),
    [["220 px", 0]],
  )
  assert.equal(bars.at(-1).others, 95)
})

test("numbers near enough are one bar with the right one, and the others stand by size", () => {
  const bars = barsOf(
    faceOf(NUMBER, "en", "s"),
    [
      [44, 3],
      [220, 2],
      [220.4, 1],
      [7, 3],
    ],
    [[44, 9]],
    truthOf(NUMBER, "en"),
    t,
  )
  assert.deepEqual(
    bars.map(({ label, count, before }) => [label, count, before]),
    [
      ["7 px", 3, 0],
      ["44 px", 3, 9],
      ["220 px", 3, 0],
    ],
  )
})

test("places are told apart by whether they are right, and not before that is told", () => {
  const face = faceOf(WHERE, "en", "s")
  const bars = barsOf(
    face,
    [
      [[0, 1], 4],
      [[3, 3], 2],
      [[1, 1], 5],
    ],
    null,
    truthOf(WHERE, "en"),
    t,
  )
  assert.deepEqual(
    bars.map(({ count, right }) => [count, right]),
    [
      [6, true],
      [5, false],
    ],
  )
  assert.deepEqual(barsOf(face, [[[0, 1], 4]], null, null, t), [])
})

test("a share of nobody is nothing", () => {
  assert.deepEqual([share(3, 8), share(0, 0)], ["3 · 38 %", "0 · 0 %"])
})

test("a place is in one cell of the grid, at its edges and beyond them too", () => {
  const shares = [
    [0, 0],
    [0.24, 0.26],
    [0.999, 1],
    [-1, 7],
  ]
  assert.deepEqual(
    shares.map(([down, along]) => cellOf([4, 4], down, along)),
    [
      [0, 0],
      [0, 1],
      [3, 3],
      [0, 3],
    ],
  )
})

test("arrows move over the cells and stop at the ends; the first one shows where they begin", () => {
  assert.deepEqual(movedCell(null, [0, 1], [4, 4]), [2, 2])
  assert.deepEqual(movedCell([2, 3], [0, 1], [4, 4]), [2, 3])
  assert.deepEqual(movedCell([0, 3], [-1, 0], [4, 4]), [0, 3])
  assert.deepEqual(movedCell([2, 2], [1, 0], [4, 4]), [3, 2])
})
