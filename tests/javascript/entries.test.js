import assert from "node:assert/strict"
import { test } from "node:test"
import { isElsewhere } from "../../viz/ui/canvas/entries.js"

const at = (/** @type {string} */ address) => new URL(address, "http://localhost/")

/** @type {[why: string, from: string, to: string, elsewhere: boolean][]} */
const CASES = [
  ["a slider", "/strided?stride=3", "/strided?stride=4", false],
  ["the first slider", "/", "/?stride=4", false],
  ["a slider of a section", "/pointwise?part=fewer", "/pointwise?part=fewer&fewer_inputs=7", false],
  ["a rectangle", "/pointwise?part=space&region=1.2.3.4", "/pointwise?part=space", false],
  ["another order", "/?picture=brick&stride=3", "/?stride=3&picture=brick", false],
  ["another lesson", "/strided", "/pointwise", true],
  ["another section", "/pointwise", "/pointwise?part=space", true],
  ["the first section again", "/pointwise?part=space&stride=2", "/pointwise?stride=2", true],
  ["another picture", "/?picture=brick", "/?picture=camera", true],
  ["pictures side by side", "/?picture=brick", "/?picture=brick&others=camera", true],
]

for (const [why, from, to, elsewhere] of CASES) {
  test(`${why} is ${elsewhere ? "an" : "no"} entry`, () => {
    assert.equal(isElsewhere(at(from), at(to)), elsewhere)
    assert.equal(isElsewhere(at(to), at(from)), elsewhere)
  })
}
