import assert from "node:assert/strict"
import { test } from "node:test"
import { moved } from "../../viz/ui/javascript/pointing.js"
import { mirrored } from "../../viz/ui/pixel_network/patch.js"
import { activations, brief, largestProduct, MOST_UNITS, strongest } from "../../viz/ui/pixel_network/perceptron.js"
import { heights, placesOf } from "../../viz/ui/pixel_network/places.js"

test("or, and, not of the strengths 3 and 5, by hand", () => {
  const hidden = {
    matrix: [
      [1, 1],
      [1, -1],
      [-1, 1],
    ],
    rectified: true,
  } // prettier-ignore
  const outputs = {
    matrix: [
      [0.5, 0.5, 0.5],
      [0.5, -0.5, -0.5],
      [0, 1, 0],
      [0, 0, 1],
    ],
    rectified: true,
  }
  assert.deepEqual(activations([3, 5], [hidden, outputs]), [
    [3, 5],
    [8, 0, 2],
    [5, 3, 0, 2],
  ])
  const linear = { ...hidden, rectified: false }
  assert.deepEqual(activations([3, 5], [linear, outputs])[1], [8, -2, 2])
})

test("of many units the strongest are drawn, in their order", () => {
  assert.deepEqual(strongest([1, -3, 0]), [0, 1, 2])
  const values = [...Array(40).keys()].map((n) => (n % 2 ? -n : 0))
  const shown = strongest(values)
  assert.equal(shown.length, MOST_UNITS)
  assert.deepEqual(
    shown,
    [...Array(16).keys()].map((n) => 9 + 2 * n),
  ) // 9, 11, …, 39
})

test("the largest product is of the heaviest weight and the farthest activation", () => {
  const { matrix } = {
    matrix: [
      [0.5, -2],
      [1, 0],
    ],
  } // prettier-ignore
  assert.equal(largestProduct({ low: -3, high: 1 }, { matrix }), 6)
  assert.equal(largestProduct({ low: 0, high: 4 }, { matrix }), 8)
})

test("numbers fit into a unit", () => {
  assert.deepEqual([-0.126, 12.36, 12345, 0, -0.001, 9.996].map(brief), [
    "−0.13",
    "12.4",
    "12345",
    "0.00",
    "0.00",
    "10.0",
  ])
})

test("beyond a border there is a mirror, as in the layers", () => {
  const row = [-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6]
  assert.deepEqual(
    row.map((at) => mirrored(at, 3)),
    [0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2],
  )
  assert.deepEqual(
    [-2, 0, 3].map((at) => mirrored(at, 1)),
    [0, 0, 0],
  )
})

test("keys move the pixel, and not beyond the picture", () => {
  assert.deepEqual(moved([5, 5], [0, 1], 10, [3, 9, 12]), [5, 11])
  assert.deepEqual(moved([5, 5], [-1, 0], 10, [3, 9, 12]), [0, 5])
  assert.deepEqual(moved([5, 5], [1, 0], 1, [3, 9, 12]), [6, 5])
})

test("a column's units are spread evenly over all rows", () => {
  assert.deepEqual(heights(4, 4), [0, 1, 2, 3])
  assert.deepEqual(heights(2, 4), [0.5, 2.5])
  assert.deepEqual(heights(1, 3), [1])
})

for (const [width, counts] of /** @type {[number, number[]][]} */ ([
  [640, [8, 3, 4]],
  [1100, [16, 16, 16]],
  [350, [12, 8, 16]],
])) {
  test(`boxes and names stay inside ${width} px, and rows apart`, () => {
    const names = [62, 58]
    const { x, y, box, height, compared } = placesOf(width, counts, names)
    assert.ok(x[0] - box.wide / 2 - names[0] >= 0)
    assert.ok(x.at(-1) + box.wide / 2 + names[1] <= width)
    assert.equal(x.length, counts.length + (compared ? 1 : 0))
    const gaps = x.slice(1).map((at, n) => at - x[n] - box.wide)
    assert.ok(Math.min(...gaps) > 20, String(gaps))
    for (const column of y) {
      assert.ok(column.every((at, n) => n === 0 || at - column[n - 1] > box.tall))
      assert.ok(column[0] > box.tall && column.at(-1) + box.tall / 2 <= height)
    }
  })
}
