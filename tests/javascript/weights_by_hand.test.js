import assert from "node:assert/strict"
import { test } from "node:test"
import { edited, editOf, edits } from "../../viz/ui/canvas/weights_by_hand.js"

test("weights are read and written in thousandths", () => {
  assert.deepEqual(edits("0.1.-500_2.0.1250"), [
    [0, 1, -500],
    [2, 0, 1250],
  ])
  assert.deepEqual([edits(""), edits(undefined)], [[], []])
  assert.equal(editOf("0.1.-500_2.0.1250", [2, 0]), 1.25)
  for (const cell of [
    [1, 1],
    [0, 0],
  ])
    assert.equal(editOf("0.1.-500", cell), null)
})

test("a cell is set, set again, and given back, in the order of rows and columns", () => {
  let text = edited("", [1, 0], 0.5)
  text = edited(text, [0, 2], -1.0004)
  text = edited(text, [1, 2], 2)
  text = edited(text, [1, 0], 0.25)
  assert.equal(text, "0.2.-1000_1.0.250_1.2.2000")
  assert.equal(edited(text, [0, 2], null), "1.0.250_1.2.2000")
  assert.equal(edited(text, [0, 2], Number.NaN), "1.0.250_1.2.2000")
})

test("a weight stays within what the address can say", () => {
  assert.equal(edited("", [0, 0], 1e6), "0.0.99000")
  assert.equal(edited("", [0, 0], -1e6), "0.0.-99000")
})
