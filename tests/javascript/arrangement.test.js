import assert from "node:assert/strict"
import { test } from "node:test"
import { arrange } from "../../viz/ui/javascript/arrangement.js"
import { vectors } from "./vectors.js"

const cases = vectors("arrangements").filter(({ on }) => on === "canvas")

/** @param {Partial<import("../../viz/ui/javascript/arrangement.js").Room>} room */
function arranged(room) {
  return arrange({ count: 4, rows: 100, columns: 100, width: 500, height: 500, rowLength: 1, ratio: 1, ...room })
}

test("as many columns as make maps largest, whole rows if that costs little", () => {
  assert.ok(cases.length > 50)
  for (const { row_length: rowLength, across, ...room } of cases) {
    assert.equal(arranged({ ...room, rowLength }).across, across, JSON.stringify(room))
  }
})

test("maps keep their aspect and fit in their room", () => {
  for (const { row_length: rowLength, ...room } of cases) {
    for (const ratio of [1, 1.5, 2]) {
      const { across, down, gap, scale, named, wide, tall } = arranged({ ...room, rowLength, ratio })
      assert.ok(across * down >= room.count && across * (down - 1) < room.count)
      assert.ok(across * (wide + gap) - gap <= room.width + 1e-6)
      assert.ok(down * (tall + gap + (named ? 20 : 0)) - gap <= room.height + 1e-6)
      assert.ok(Math.abs(wide - scale * room.columns) < 1e-9 && Math.abs(tall - scale * room.rows) < 1e-9)
    }
  }
})

test("pixels are whole device pixels unless a quarter would be lost", () => {
  assert.equal(arranged({ count: 1, rows: 100, columns: 100, width: 290, height: 900 }).scale, 2.9) // 2 would lose more
  assert.equal(arranged({ count: 1, rows: 100, columns: 100, width: 230, height: 900 }).scale, 2)
  assert.equal(arranged({ count: 1, rows: 100, columns: 100, width: 290, height: 900, ratio: 2 }).scale, 2.5)
  assert.equal(arranged({ count: 1, rows: 100, columns: 100, width: 230, height: 900, fill: true }).scale, 2.3)
})

test("maps that have no room stand side by side all the same", () => {
  const { across, down, wide } = arranged({ count: 3, height: 0, width: 30 })
  assert.deepEqual([across, down, wide], [3, 1, 10])
})

test("very many maps lie closer together", () => {
  const gaps = [40, 41].map((count) => arranged({ count }).gap)
  assert.ok(gaps[1] < gaps[0], String(gaps))
})
