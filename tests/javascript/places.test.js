import assert from "node:assert/strict"
import { test } from "node:test"
import { further, movedTo, pictureAt } from "../../viz/ui/arranging/places.js"

/** @import {Placed} from "../../viz/ui/arranging/state.js" */

/** @type {{names: string[], page: [number, number], side: number}} */
const PAGE = { names: ["0", "0", "1", "1"], page: [20, 30], side: 8 }

test("of pictures that overlap the last placed is found, and none beside them", () => {
  /** @type {Placed[]} */
  const placed = [
    [0, 2, 3],
    [1, 6, 7],
  ]
  const found = [
    [2, 3],
    [6.5, 7.5],
    [9.9, 3],
    [13.9, 14.9],
    [14, 14],
    [1.9, 3],
    [2, 11],
  ].map(([y, x]) => pictureAt(placed, PAGE.side, [y, x]))
  assert.deepEqual(found, [0, 1, 0, 1, -1, -1, -1])
})

test("a picture is moved on whole pixels and stays on the page", () => {
  assert.deepEqual(movedTo([3, 0, 0], [4.4, 7.6], PAGE), [3, 4, 8])
  assert.deepEqual(movedTo([3, 0, 0], [-9, -0.4], PAGE), [3, 0, 0])
  assert.deepEqual(movedTo([3, 0, 0], [99, 99], PAGE), [3, 12, 22])
})

test("a further picture has the next handwriting of its name", () => {
  const kinds = [
    [],
    [[2, 0, 0]],
    [
      [2, 0, 0],
      [3, 0, 0],
    ],
  ].map((placed) => further(/** @type {Placed[]} */ (placed), "1", PAGE)[0])
  assert.deepEqual(kinds, [2, 3, 2])
})

test("a further picture covers no other, while there is room", () => {
  /** @type {Placed[]} */
  let placed = []
  for (let n = 0; n < 6; n++) placed = [...placed, further(placed, "0", PAGE)]
  for (const [n, [, row, column]] of placed.entries())
    for (const [, top, left] of placed.slice(0, n))
      assert.ok(Math.abs(row - top) >= 8 || Math.abs(column - left) >= 8, `${placed}`)
})

test("on a full page it lies in the middle", () => {
  /** @type {Placed[]} */
  const placed = []
  for (let row = 0; row <= 12; row += 4) for (let column = 0; column <= 22; column++) placed.push([0, row, column])
  assert.deepEqual(further(placed, "1", PAGE), [2, 6, 11])
})
