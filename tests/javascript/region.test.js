import assert from "node:assert/strict"
import { test } from "node:test"
import { moved } from "../../viz/ui/panels/region.js"

test("a rectangle moves within the picture", () => {
  assert.deepEqual(moved([0, 100, 300, 400], [-1, -1], false), [0, 80, 300, 380])
  assert.deepEqual(moved([690, 0, 990, 400], [1, 1], false), [700, 20, 1000, 420])
})

test("its lower right corner stays a step away from the other, and within the picture", () => {
  assert.deepEqual(moved([0, 0, 30, 990], [-1, 1], true), [0, 0, 20, 1000])
})
