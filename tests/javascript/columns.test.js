import assert from "node:assert/strict"
import { test } from "node:test"
import { arrange } from "../../viz/ui/javascript/arrangement.js"
import { columnsFor, mapsHeight } from "../../viz/ui/javascript/columns.js"

/** @typedef {import("../../viz/ui/javascript/columns.js").Content} Content */

const GAP = 24

/**
 * @param {Partial<Content>} given
 * @returns {Content}
 */
function content(given) {
  const usual = { width: 893, height: 520, count: 4, shape: [149, 224], ratio: 1, rowLength: 1, filtersWidth: 150 }
  const needs = { filters: () => 300, field: (/** @type {number} */ width) => 80 + 0.66 * width }
  return /** @type {Content} */ ({ ...usual, ...needs, ...given })
}

const WIDTHS = [560, 640, 760, 879, 880, 893, 1080, 1556]
const HEIGHTS = [300, 520, 700, 960]
const COUNTS = [1, 3, 4, 5, 12, 16, 64]
/** @type {Content[]} */
const ALL = WIDTHS.flatMap((width) =>
  HEIGHTS.flatMap((height) => COUNTS.map((count) => content({ width, height, count }))),
)

/**
 * @param {Content} room
 * @param {number} width
 * @param {number} height
 */
function mapIn({ count, shape: [rows, columns], rowLength }, width, height) {
  return arrange({ count, rows, columns, rowLength, width, height, ratio: 1, fill: true }).wide
}

test("a phone has one column", () => {
  const { kind, filters, maps, field } = columnsFor(content({ width: 356 }))
  assert.deepEqual([kind, filters, maps, field], ["one", 356, 356, 356])
})

test("columns fill the width, and below 880 px there are never three", () => {
  for (const room of ALL) {
    const { kind, filters, maps, field } = columnsFor(room)
    const beside = { three: filters + maps + field + 2 * GAP, rail: maps + field + GAP, below: filters + field + GAP }
    assert.ok(kind !== "one" && Math.abs(beside[kind] - room.width) < 1e-6, JSON.stringify([room, kind]))
    assert.ok(kind !== "three" || room.width >= 880)
  }
})

test("filters and field are seen with the maps wherever there is room for them", () => {
  for (const room of ALL) {
    const columns = columnsFor(room)
    const [filters, field] = [room.filters(columns.filters), room.field(columns.field)]
    if (columns.kind === "below") {
      assert.ok(mapsHeight(columns, room) > 0)
      assert.ok(Math.max(filters, field) <= room.height)
    }
    if (columns.kind === "rail" && room.width >= 880) assert.ok(filters + field <= room.height)
  }
})

test("maps are about as large as three fixed columns would make them, or larger", () => {
  const fine = /** @type {[number, number]} */ ([1490, 2240]) // averaging to whole pixels costs little
  for (const room of ALL.filter(({ width }) => width >= 880).map((each) => ({ ...each, shape: fine }))) {
    const columns = columnsFor(room)
    const fixed = ((room.width - 2 * GAP) * 2.1) / 4.35
    const [now, before] = [columns.maps, fixed].map((width) => mapIn(room, width, mapsHeight(columns, room)))
    assert.ok(now >= 0.93 * before, JSON.stringify([room, columns, now, before]))
  }
})

test("without filters their column goes to the others", () => {
  const { kind, filters, maps, field } = columnsFor(content({ filters: () => 0 }))
  assert.equal(kind === "three" ? filters : 0, 0)
  assert.ok(maps + field + GAP >= 893 - 1e-6)
})

test("without filters three maps in a row are larger", () => {
  const widths = [300, 0].map((needed) => {
    const room = content({ count: 3, rowLength: 3, height: 380, filters: () => needed })
    return mapIn(room, columnsFor(room).maps, mapsHeight(columnsFor(room), room))
  })
  assert.ok(widths[1] > 1.15 * widths[0], `${widths}`)
})

test("maps that are one row are as wide in a taller window", () => {
  const wide = [400, 480, 520, 560, 640].map((height) => {
    const room = content({ count: 3, rowLength: 3, height, filters: () => 0 })
    return columnsFor(room).maps
  })
  assert.deepEqual(
    wide,
    [...wide].sort((a, b) => a - b),
  )
})

test("in a column for filters the weights of a small matrix have room", () => {
  for (const filtersWidth of [150, 184]) {
    const { kind, filters } = columnsFor(content({ filtersWidth }))
    assert.ok(kind !== "three" || filters >= filtersWidth)
  }
})

test("in a window too low for a whole photo the maps get what would not make it larger", () => {
  const square = { count: 12, shape: /** @type {[number, number]} */ ([224, 224]), rowLength: 3, filters: () => 0 }
  const room = content({ ...square, height: 347, field: (width) => width + 225 })
  const columns = columnsFor(room)
  assert.equal(columns.kind, "three")
  assert.ok(columns.field >= 170)
  assert.ok(mapIn(room, columns.maps, mapsHeight(columns, room)) > 75)
})
