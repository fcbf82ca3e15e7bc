import assert from "node:assert/strict"
import { test } from "node:test"
import { isBehind } from "../../viz/ui/painting/answers.js"

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
