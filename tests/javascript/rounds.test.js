// A round with the class: what the lecturer and a follower see at each step, and what is sent.

import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"
import { followersCard } from "../../viz/ui/predict/follower.js"
import { lecturersCard, roundCard } from "../../viz/ui/predict/lecturer.js"
import { answered } from "../../viz/ui/predict/rounds.js"
import { begun } from "../../viz/ui/predict/session.js"
import { FakePage } from "./page.js"

const t = (text, args = {}, plural = text) =>
  (args.n === 1 ? text : plural).replace(/\{(\w+)\}/g, (_, name) => String(args[name]))
const QUESTION = {
  name: "size",
  fields: { stride: "5" },
  kind: "one",
  right: 1,
  said: { en: { ask: "How large?", why: "Rounded up.", options: ["44", "45"], instead: ["down", ""] } },
}
const OTHER = { ...QUESTION, said: { en: { ...QUESTION.said.en, ask: "How wide?" } } }
const FACE = { kind: "one", slug: "strided", ask: "How large?", options: ["44", "45"] }
const OPEN = { number: 7, attempt: 1, question: { en: FACE }, open: true }
const CLOSED = {
  ...OPEN,
  open: false,
  answers: 3,
  tally: [
    [0, 2],
    [1, 1],
  ],
}
const TRUTH = { right: 1, en: { why: "Rounded up.", instead: ["down", ""] } }
const TOLD = { ...CLOSED, truth: TRUTH }
const LEADS = { code: "K7QM2FXA", secret: "s" }
const FOLLOWS = { code: "K7QM2FXA", secret: null }

let sent
let status

beforeEach(() => {
  new FakePage()
  sent = []
  status = 204
  const kept = new Map()
  globalThis.localStorage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => kept.set(name, text),
  }
  globalThis.fetch = async (path, { method, headers, body }) => {
    sent.push([method, path, headers["X-Pointwise-Secret"], body && JSON.parse(body)])
    if (status === 0) throw new TypeError("no connection")
    return { status }
  }
})

function state(changes = {}) {
  const data = { slug: "strided", language: "en", questions: [QUESTION], asked: 1 }
  const s = { data, t, session: null, shown: "", answers: 0, given: null, refused: "", sending: false }
  return Object.assign(s, { redraw: () => {}, setStateValue: () => {} }, changes)
}

const labels = (card) => card.buttons.map(({ label }) => label)

test("while a question is open, the lecturer sees how many have answered and nothing else", () => {
  const card = roundCard(state({ answers: 17, followers: 23 }), LEADS, OPEN)
  assert.equal(card.aside, "17 of 23 have answered")
  assert.deepEqual([card.bars, card.truth, card.verdict, card.answer], [null, null, null, null])
  assert.deepEqual(labels(card), ["Close the question"])
})

test("a closed question shows bars, and the truth only when the lecturer asks for it", () => {
  const s = state({ session: begun([OTHER, QUESTION], "") })
  const card = roundCard(s, LEADS, CLOSED)
  assert.deepEqual(
    card.bars.map(({ count, right }) => [count, right]),
    [
      [2, false],
      [1, false],
    ],
  )
  assert.equal(card.truth, null)
  assert.deepEqual(labels(card), ["Discuss, then ask again", "Show the answer"])
  const told = roundCard(s, LEADS, TOLD)
  assert.deepEqual(
    told.bars.map(({ right }) => right),
    [false, true],
  )
  assert.deepEqual(labels(told), ["Show it on the canvas", "Next question"])
  assert.equal(s.session.at, 1, "the round's own question, after a reload too")
  assert.deepEqual(labels(roundCard(s, LEADS, { ...CLOSED, attempt: 2 })), ["Show the answer"])
})

test("the next question is the next one, though the server has not told yet that the round is over", async () => {
  const s = state({ session: begun([QUESTION, OTHER], ""), room: LEADS, round: TOLD })
  const card = roundCard(s, LEADS, TOLD)
  await card.buttons.find(({ label }) => label === "Next question").act()
  assert.deepEqual([s.session.at, s.round], [1, null])
  assert.equal(lecturersCard(s, LEADS).ask, "How wide?")
})

test("the lecturer asks with the secret, closes in two steps, and a refusal is one sentence", async () => {
  const s = state({ session: begun([QUESTION], "") })
  const press = async (card, label) => card.buttons.find((each) => each.label === label).act()
  await press(lecturersCard(s, LEADS), "Ask the class")
  await press(roundCard(s, LEADS, OPEN), "Close the question")
  await press(roundCard(s, LEADS, CLOSED), "Show the answer")
  assert.deepEqual(
    sent.map(([method, path, secret]) => [method, path, secret]),
    [
      ["PUT", "rooms/K7QM2FXA/round", "s"],
      ["POST", "rooms/K7QM2FXA/round/closed", "s"],
      ["POST", "rooms/K7QM2FXA/round/closed", "s"],
    ],
  )
  assert.deepEqual(
    sent.slice(1).map(([, , , body]) => body.truth),
    [false, true],
  )
  assert.equal(s.refused, "")
  status = 503
  await press(lecturersCard(s, LEADS), "Ask the class")
  assert.match(lecturersCard(s, LEADS).note, /did not take/)
})

test("a follower answers once, without a secret, and then waits", async () => {
  const s = state()
  await followersCard(s, FOLLOWS, OPEN).answer(0)
  const [method, path, secret, body] = sent[0]
  assert.deepEqual([method, path, secret], ["POST", "rooms/K7QM2FXA/answers", undefined])
  assert.deepEqual([body.round, body.answer], [7, 0])
  assert.match(body.browser, /^[0-9a-f]{32}$/)
  const card = followersCard(s, FOLLOWS, OPEN)
  assert.equal(card.answer, null)
  assert.match(card.note, /Your answer: 44\./)
  assert.equal(answered(FOLLOWS, 7), 0, "a reload knows it")
  assert.equal(answered(FOLLOWS, 8), null)
  assert.equal(answered({ ...FOLLOWS, code: "00000000" }, 7), null)
})

test("an answer that is late, double or lost is said in one sentence, and does not count", async () => {
  for (const [wrong, sentence] of [
    [409, /closed, or this browser/],
    [400, /not one of/],
    [429, /has not arrived/],
    [0, /has not arrived/],
  ]) {
    status = wrong
    const s = state()
    await followersCard(s, FOLLOWS, OPEN).answer(1)
    assert.equal(s.given, null)
    assert.match(followersCard(s, FOLLOWS, OPEN).note, sentence)
    assert.equal(answered(FOLLOWS, 7), null)
  }
})

test("a follower is told right or wrong by the truth that came, also without an answer", () => {
  assert.equal(followersCard(state({ given: 1 }), FOLLOWS, TOLD).verdict.right, true)
  assert.match(followersCard(state({ given: 0 }), FOLLOWS, TOLD).verdict.rest, /^down Rounded up/)
  assert.match(followersCard(state(), FOLLOWS, TOLD).verdict.lead, /The answer is 45/)
  assert.equal(followersCard(state({ given: 0 }), FOLLOWS, CLOSED).verdict, null)
})

test("a place is only asked where the photo is the lecturer's", () => {
  const where = { kind: "where", slug: "lab", ask: "Where?", on: "photo", grid: [4, 4] }
  const card = followersCard(state(), FOLLOWS, { ...OPEN, question: { en: where } })
  assert.equal(card.answer, null)
  assert.match(card.note, /Go back to the lecturer/)
})
