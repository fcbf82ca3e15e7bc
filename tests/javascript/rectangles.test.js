import assert from "node:assert/strict"
import { test } from "node:test"
import { between, boxAt, freshBox, isDrawn, movedBox, STEP } from "../../viz/ui/painting/rectangles.js"

/** @import {Box} from "../../viz/ui/painting/state.js" */

test("a rectangle is the same from whichever corner it is drawn", () => {
  const wanted = [1, 100, 300, 250, 700]
  assert.deepEqual(between(1, [100, 300], [250, 700]), wanted)
  assert.deepEqual(between(1, [250, 700], [100, 300]), wanted)
  assert.deepEqual(between(1, [100, 700], [250, 300]), wanted)
})

test("edges are ordered as numbers, not as words", () => {
  assert.deepEqual(between(0, [90, 1000], [100, 200]), [0, 90, 200, 100, 1000])
})

test("what is too small or too thin is a click", () => {
  assert.ok(isDrawn([0, 0, 0, 8, 8]))
  assert.ok(!isDrawn([0, 0, 0, 7, 900]))
  assert.ok(!isDrawn([0, 0, 0, 900, 7]))
})

test("of rectangles that cover one another the last painted is found", () => {
  /** @type {Box[]} */
  const boxes = [
    [0, 0, 0, 500, 500],
    [1, 400, 400, 900, 900],
    [0, 0, 0, 100, 100],
  ]
  const found = [
    [450, 450],
    [50, 50],
    [300, 300],
    [950, 10],
    [450, 950],
    [950, 450],
  ].map(([row, column]) => boxAt(boxes, [row, column]))
  assert.deepEqual(found, [1, 2, 0, -1, -1, -1])
})

test("keys move a rectangle, and with Shift only its lower right corner", () => {
  /** @type {Box} */
  const box = [1, 100, 200, 300, 400]
  assert.deepEqual(movedBox(box, [1, -1], false), [1, 100 + STEP, 200 - STEP, 300 + STEP, 400 - STEP])
  assert.deepEqual(movedBox(box, [-1, 1], true), [1, 100, 200, 300 - STEP, 400 + STEP])
})

test("a rectangle stays within the photo and keeps its size", () => {
  /** @type {Box} */
  const box = [0, 5, 900, 105, 995]
  assert.deepEqual(movedBox(box, [-1, 1], false), [0, 0, 905, 100, 1000])
  assert.deepEqual(movedBox([0, 895, 5, 995, 100], [1, -1], false), [0, 900, 0, 1000, 95])
  assert.deepEqual(movedBox(box, [0, 1], true), [0, 5, 900, 105, 1000])
})

test("a corner never passes the other one", () => {
  /** @type {Box} */
  const thin = [0, 0, 990, 10, 1000]
  const [, top, left, bottom, right] = movedBox(thin, [-1, -1], true)
  assert.ok(top < bottom && left < right && bottom <= 1000 && right <= 1000)
})

test("a key adds a rectangle in the middle, or beside the selected one, always within the photo", () => {
  assert.deepEqual(freshBox(1, undefined), [1, 440, 440, 560, 560])
  assert.deepEqual(freshBox(0, [1, 100, 200, 900, 900]), [0, 120, 220, 240, 340])
  assert.deepEqual(freshBox(0, [1, 980, 990, 1000, 1000]), [0, 880, 880, 1000, 1000])
})
