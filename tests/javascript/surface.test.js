import assert from "node:assert/strict"
import { test } from "node:test"
import { FLOOR, farFirst, placeOf, RISE, reachOf } from "../../viz/ui/surface/projection.js"
import { stepped, turnedAfter, wrapped } from "../../viz/ui/surface/turning.js"
import { vectors } from "./vectors.js"

for (const { rows, columns, turn, rise, floor, places, hidden } of vectors("surfaces")) {
  const view = { rows, columns, turnDegrees: turn }

  test(`where points are seen: ${rows} × ${columns} at ${turn}°`, () => {
    assert.deepEqual([RISE, FLOOR], [rise, floor])
    for (const [point, [right, up]] of places) {
      const [x, y] = placeOf(view, ...point)
      assert.ok(Math.hypot(x - right, y - up) < 1e-12, `${point}`)
    }
  })

  test(`a face that another may hide is drawn before it: ${rows} × ${columns} at ${turn}°`, () => {
    const order = farFirst(view).map(String)
    assert.equal(new Set(order).size, (rows - 1) * (columns - 1))
    for (const [far, near] of hidden) assert.ok(order.indexOf(String(far)) < order.indexOf(String(near)))
  })
}

test("all of it stays within its reach, and touches it", () => {
  const heights = Array.from({ length: 5 }, (_, row) => Array.from({ length: 9 }, (_, column) => (row * column) / 80))
  const grid = { rows: 5, columns: 9, turnDegrees: 0 }
  const { side, below, above } = reachOf(grid, heights)
  const seen = (/** @type {number[]} */ ...at) =>
    Array.from({ length: 720 }, (_, n) => placeOf({ ...grid, turnDegrees: n / 2 }, ...at))
  const floor = [-0.5, 4.5].flatMap((row) => [-0.5, 8.5].flatMap((column) => seen(row, column, FLOOR)))
  const surface = heights.flatMap((of, row) => of.flatMap((height, column) => seen(row, column, height)))
  assert.ok(Math.abs(Math.max(...floor.map(([x]) => x)) - side) < 1e-3)
  assert.ok(Math.abs(Math.min(...floor.map(([, y]) => y)) + below) < 1e-3)
  assert.ok(Math.abs(Math.max(...surface.map(([, y]) => y)) - above) < 1e-3)
})

test("an angle stays within a circle", () => {
  assert.deepEqual([-30, 0, 359.5, 360, 725].map(wrapped), [330, 0, 359.5, 0, 5])
})

test("steps go to the next whole step, also from between", () => {
  assert.deepEqual([stepped(30, 1), stepped(30, -1), stepped(31, 1), stepped(31, -1)], [45, 15, 45, 30])
  assert.deepEqual([stepped(350, 1), stepped(0, -1)], [0, 345])
})

test("it turns smoothly, and by steps where less motion is asked for", () => {
  assert.equal(turnedAfter(350, 500, false), 2)
  assert.deepEqual(
    [0, 599, 600, 1799].map((ms) => turnedAfter(30, ms, true)),
    [30, 30, 45, 60],
  )
})
