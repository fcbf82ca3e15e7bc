import assert from "node:assert/strict"
import { test } from "node:test"
import { added, called, changed, grown, moved } from "../../viz/ui/stack_builder/layers.js"
import { vectors } from "./vectors.js"

/** @import {Layer} from "../../viz/ui/stack_builder/state.js" */

const MOST = [15, 8, 14, 14, 12]

/** @type {Layer} */
const CONV = ["c", 3, 1, 1, 1, 1]
/** @type {Layer} */
const POINT = ["c", 1, 1, 0, 0, 1]

for (const { layers, fields } of vectors("stacks")) {
  test(`fields of ${JSON.stringify(layers)}`, () => {
    assert.deepEqual(grown(layers), fields)
  })
}

test("a number is kept within its limits, and whatever is typed is a number", () => {
  assert.deepEqual(changed(CONV, 1, "99", MOST), ["c", 15, 1, 1, 1, 1])
  assert.deepEqual(changed(CONV, 2, "0", MOST), ["c", 3, 1, 1, 1, 1])
  assert.deepEqual(changed(CONV, 2, "x", MOST), ["c", 3, 1, 1, 1, 1])
  assert.deepEqual(changed(CONV, 5, "4.4", MOST), ["c", 3, 1, 1, 1, 4])
})

test("padding never hides a whole window", () => {
  assert.deepEqual(changed(CONV, 1, "1", MOST), POINT)
  assert.deepEqual(changed(CONV, 3, "7", MOST), ["c", 3, 1, 2, 1, 1])
  assert.deepEqual(changed(["c", 3, 1, 8, 8, 4], 5, "2", MOST), ["c", 3, 1, 4, 4, 2])
})

test("a pool is padded by at most half of its window, and never dilated", () => {
  assert.deepEqual(changed(["c", 5, 1, 4, 4, 3], 0, "m", MOST), ["m", 5, 1, 2, 2, 1])
  assert.deepEqual(changed(["a", 2, 2, 1, 0, 1], 5, "3", MOST), ["a", 2, 2, 1, 0, 1])
})

test("a layer moves by one place, and not beyond an end", () => {
  const layers = [CONV, POINT, CONV]
  assert.deepEqual(moved(layers, 0, 1), [POINT, CONV, CONV])
  assert.deepEqual(moved(layers, 2, -1), [CONV, CONV, POINT])
  assert.equal(moved(layers, 0, -1), layers)
  assert.equal(moved(layers, 2, 1), layers)
})

test("a new layer is like the one before it, and a copy", () => {
  const layers = added([CONV, POINT], 0)
  assert.deepEqual(layers, [CONV, CONV, POINT])
  assert.notEqual(layers[0], layers[1])
})

test("what a layer is called", () => {
  /** @type {Layer[]} */
  const layers = [CONV, ["d", 5, 1, 0, 0, 1], ["m", 2, 2, 0, 0, 1], ["a", 7, 1, 0, 0, 1]]
  assert.deepEqual(layers.map(called), ["3×3", "depthwise 5×5", "max 2×2", "mean 7×7"])
})
