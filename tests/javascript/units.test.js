import assert from "node:assert/strict"
import { test } from "node:test"
import {
  boxesOf,
  currentUnit,
  isInside,
  mapNames,
  pinnedUnit,
  pixelOf,
  pointedPixel,
  shapeOf,
  wantedColumn,
} from "../../viz/ui/canvas/units.js"

const FIELDS = Object.fromEntries(["picture", "working_size_px"].map((name) => [name, { default: "" }]))

/** A canvas with 4 maps of 10 × 21, drawn as means of 3 × 3 units. */
function canvasOf(others = {}, header = {}) {
  const maps = { shape: [4, 4, 7], mean_of: 3, low: [-2, 0, 0, 0], high: [1, 9, 9, 9] }
  const stages = { picture: { shape: [3, 10, 21] }, bank: boxes({ shape: [4, 10, 21], size: [5, 5], padding: [2, 2] }) }
  return {
    header: { stage: "bank", stages, names: ["a", "b", "c", "d"], blocks: { maps }, rest: [5, 10], ...header },
    values: { unit: "", picture: "coffee", working_size_px: "112" },
    fields: FIELDS,
    openings: { "": { fields: {}, picture: "coffee", views: [] } },
    ownNames: {},
    hover: null,
    rest: null,
    ...others,
  }
}

function boxes(others) {
  return { stride: [1, 1], ...others }
}

test("at rest the unit stays while the maps of a picture and a stage change", () => {
  const s = canvasOf()
  s.header.rest = [7, 10]
  assert.deepEqual(currentUnit(s), { map: 0, row: 7, column: 10 })
  s.header.rest = [4, 16]
  assert.deepEqual(currentUnit(s), { map: 0, row: 7, column: 10 })
  s.header.stages.bank = boxes({ shape: [4, 5, 11], size: [5, 5], padding: [2, 2], stride: [2, 2] })
  assert.deepEqual(currentUnit(s), { map: 0, row: 4, column: 5 })
  s.values.picture = "chelsea"
  assert.deepEqual(currentUnit(s), { map: 0, row: 4, column: 10 })
})

test("a unit is at rest until one is pinned or pointed at", () => {
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

test("a column is wanted of a unit that something is shown of, if our route can be reached", () => {
  const pinned = { values: { unit: "2.9.20" } }
  const key = { key: "stage=bank" }
  assert.deepEqual(wantedColumn(canvasOf(pinned, key)), { key: "stage=bank", place: "9.20" })
  const resting = canvasOf({}, { ...key, groups: {} })
  const { row, column } = currentUnit(resting)
  assert.deepEqual(wantedColumn(resting), { key: "stage=bank", place: `${row}.${column}` })
  const hover = { map: 1, row: 3, column: 6 }
  assert.deepEqual(wantedColumn(canvasOf({ hover }, key)), { key: "stage=bank", place: "9.19" })
  assert.equal(wantedColumn(canvasOf({}, key)), null)
  assert.equal(wantedColumn(canvasOf(pinned)), null)
})

test("the pixel under the pointer is the middle of what its unit reads, of one picture", () => {
  assert.equal(pointedPixel(canvasOf()), null)
  const hover = { map: 1, row: 1, column: 4 } // means of 3 × 3: unit 4, 13
  assert.deepEqual(pointedPixel(canvasOf({ hover })), [4, 13])
  const strided = boxes({ shape: [4, 5, 11], size: [4, 4], stride: [2, 2], padding: [1, 1] })
  const header = { stage: "strided", stages: { picture: { shape: [3, 10, 21] }, strided } }
  assert.deepEqual(pointedPixel(canvasOf({ hover: { map: 0, row: 1, column: 3 } }, header)), [9, 21 - 1]) // unit 4, 10
  assert.equal(pointedPixel(canvasOf({ hover }, { side_by_side: { shapes: [], reads: [] } })), null)
})

test("each map of several branches has the box of its own branch", () => {
  const map_fields = [1, 5].map((side) => ({ size: [side, side], stride: [1, 1], padding: [0, 0] }))
  const { header } = canvasOf({}, { map_fields })
  assert.deepEqual(boxesOf(/** @type {any} */ (header), 1).size, [5, 5])
  assert.deepEqual(boxesOf(/** @type {any} */ (header), 0).size, [1, 1])
  assert.deepEqual(boxesOf(/** @type {any} */ (header), 0).shape, [4, 10, 21])
})
