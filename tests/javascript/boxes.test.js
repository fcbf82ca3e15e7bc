import assert from "node:assert/strict"
import { test } from "node:test"
import { clip, neverRead, ownBoxes, reads, seen, unitAt } from "../../viz/ui/javascript/boxes.js"
import { leftOverFrom } from "../../viz/ui/stepper/reading.js"
import { vectors } from "./vectors.js"

/** The same along both axes, or along one with a single position on the other. */
function factOf({ outputs, size, stride, padding }, axis) {
  const along = (value, other) => (axis === 0 ? [value, other] : [other, value])
  const shape = [1, ...along(outputs, 1)]
  return { shape, size: along(size, 1), stride: along(stride, 1), padding: along(padding, 0) }
}

for (const expected of vectors("boxes")) {
  for (const axis of [0, 1]) {
    test(`what units see: ${JSON.stringify(expected.layers)}, axis ${axis}`, () => {
      const { length, outputs, never_read: gaps } = expected
      const fact = factOf(expected, axis)
      const intervals = Array.from({ length: outputs }, (_, unit) => seen(unit, axis, fact))
      assert.deepEqual(intervals, expected.seen)
      const inside = intervals.map((interval) => clip(interval, length))
      assert.deepEqual(
        inside.map(([first, last]) => (first <= last ? [first, last] : null)),
        expected.clipped,
      )
      const read = Array.from(reads(length, axis, fact))
      assert.deepEqual(
        read.flatMap((one, position) => (one ? [] : [position])),
        gaps,
      )
      const [height, width] = axis === 0 ? [length, 1] : [1, length]
      assert.equal(neverRead(fact, height, width), gaps.length)
    })
  }
  const [[kernel, stride, padding], ...more] = expected.layers
  if (more.length === 0) {
    test(`where the last window ends: ${kernel}, ${stride}, ${padding}`, () => {
      const weights = [[Array.from({ length: kernel }, () => new Array(kernel).fill(0))]]
      const outputs = [Array.from({ length: expected.outputs }, () => new Array(expected.outputs).fill(0))]
      const last = expected.after_last
      assert.deepEqual(leftOverFrom({ title: "", note: "", stride, padding, weights, outputs }), [last, last])
    })
  }
}

test("positions of both axes are counted", () => {
  const every = { shape: [1, 2, 3], size: [1, 1], stride: [2, 3], padding: [0, 0] }
  assert.equal(neverRead(every, 4, 9), 4 * 9 - 2 * 3)
})

test("where boxes have holes, the server says what is read", () => {
  const holed = { shape: [1, 1, 1], size: [5, 1], stride: [1, 1], padding: [0, 0], read_rows: "10101" }
  assert.deepEqual([...reads(5, 0, holed)], [1, 0, 1, 0, 1])
  assert.deepEqual([...reads(4, 0, holed)], [1, 1, 1, 1]) // of another picture: the boxes
})

test("a layer's own stride is what it adds", () => {
  const before = { shape: [1, 8, 12], size: [3, 5], stride: [2, 3], padding: [1, 2] }
  const after = { shape: [1, 4, 4], size: [7, 9], stride: [4, 9], padding: [3, 3] }
  const own = ownBoxes(after, before)
  assert.deepEqual(own, { shape: [1, 4, 4], size: [1, 1], stride: [2, 3], padding: [0, 0] })
})

test("the unit near a position has its box around it, and no unit is outside the map", () => {
  const fact = { shape: [1, 10, 12], size: [7, 5], stride: [3, 2], padding: [2, 1] }
  for (const axis of [0, 1]) {
    for (let unit = 0; unit < fact.shape[axis + 1]; unit++) {
      const [first, last] = seen(unit, axis, fact)
      for (const off of [-0.4, 0, 0.4])
        assert.equal(unitAt((first + last) / 2 + off * fact.stride[axis], axis, fact), unit)
    }
    assert.equal(unitAt(-50, axis, fact), 0)
    assert.equal(unitAt(500, axis, fact), fact.shape[axis + 1] - 1)
  }
})
