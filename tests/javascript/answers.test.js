import assert from "node:assert/strict"
import { test } from "node:test"
import { isBehind, nextRevision } from "../../viz/ui/javascript/answers.js"

const AT_REST = { sent: 3, from: null, timer: undefined }

test("an answer to the last change is taken, and a newer address too", () => {
  assert.equal(isBehind(AT_REST, { revision: 3 }), false)
  assert.equal(isBehind(AT_REST, { revision: 4 }), false)
})

test("an answer to an earlier change takes no rectangle away", () => {
  assert.equal(isBehind(AT_REST, { revision: 2 }), true)
})

test("while a rectangle is drawn or moved no answer is taken", () => {
  assert.equal(isBehind({ ...AT_REST, from: [0, 0] }, { revision: 3 }), true)
  assert.equal(isBehind({ ...AT_REST, timer: 1 }, { revision: 3 }), true)
})

test("a change that is told is newer, and takes the moves that wait with it", () => {
  const hand = { sent: 3, from: null, timer: setTimeout(() => assert.fail("told twice"), 0) }
  assert.equal(nextRevision(hand), 4)
  assert.equal(isBehind(hand, { revision: 3 }), true)
  assert.equal(isBehind(hand, { revision: 4 }), false)
})
