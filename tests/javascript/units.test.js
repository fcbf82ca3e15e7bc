import assert from "node:assert/strict"
import { test } from "node:test"
import { currentUnit, isInside, mapNames, pinnedUnit, pixelOf, shapeOf } from "../../viz/ui/canvas/units.js"

/** A canvas with 4 maps of 10 × 21, drawn as means of 3 × 3 units. */
function canvasOf(others = {}, header = {}) {
  const maps = { shape: [4, 4, 7], mean_of: 3 }
  const stages = { bank: { shape: [4, 10, 21] } }
  return {
    header: { stage: "bank", stages, names: ["a", "b", "c", "d"], blocks: { maps }, ...header },
    values: { unit: "" },
    ownNames: {},
    hover: null,
    ...others,
  }
}

test("the unit in the middle is looked at until one is pinned or pointed at", () => {
  assert.deepEqual(currentUnit(canvasOf()), { map: 0, row: 5, column: 10 })
  const pinned = { values: { unit: "2.9.20" } }
  assert.deepEqual(currentUnit(canvasOf(pinned)), { map: 2, row: 9, column: 20 })
  const hover = { map: 1, row: 0, column: 2 }
  assert.deepEqual(currentUnit(canvasOf({ ...pinned, hover })), { map: 1, row: 1, column: 7 })
})

test("the unit in the middle of a block that is cut off is within the map", () => {
  const hover = { map: 1, row: 3, column: 6 }
  assert.deepEqual(currentUnit(canvasOf({ hover })), { map: 1, row: 9, column: 19 })
})

test("a pin that the maps do not have any more is none", () => {
  for (const unit of ["4.0.0", "0.10.0", "0.0.21", ""]) assert.equal(pinnedUnit(canvasOf({ values: { unit } })), null)
  const beside = { side_by_side: { names: [], keys: [], shapes: [] } }
  assert.equal(pinnedUnit(canvasOf({ values: { unit: "0.0.0" } }, beside)), null)
})

test("a unit is in the pixel that stands for its block", () => {
  assert.deepEqual(pixelOf({ map: 2, row: 8, column: 9 }, 3), { map: 2, row: 2, column: 3 })
  assert.equal(isInside({ map: 3, row: 3, column: 6 }, [4, 4, 7]), true)
  for (const place of [
    { map: 4, row: 0, column: 0 },
    { map: 0, row: 4, column: 0 },
    { map: 0, row: 0, column: 7 },
  ]) {
    assert.equal(isInside(place, [4, 4, 7]), false)
  }
})

test("of several pictures each map has its picture's shape and name", () => {
  const beside = {
    names: ["coffee", "x"],
    keys: ["coffee", "f00"],
    shapes: [
      [10, 21],
      [30, 40],
    ],
  }
  const s = canvasOf({ ownNames: { f00: "mine.png" } }, { side_by_side: beside })
  assert.deepEqual(mapNames(s), ["coffee", "mine.png"])
  assert.deepEqual(shapeOf(s.header, 1), [30, 40])
  assert.deepEqual(mapNames(canvasOf()), ["a", "b", "c", "d"])
  assert.deepEqual(shapeOf(canvasOf().header, 1), [10, 21])
})
