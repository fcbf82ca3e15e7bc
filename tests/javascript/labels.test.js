import assert from "node:assert/strict"
import { test } from "node:test"
import { cornerFor, fitting } from "../../viz/ui/javascript/stack.js"

const context = { measureText: (/** @type {string} */ text) => ({ width: 10 * [...text].length }) }

test("a name fits in its room, or ends with an ellipsis", () => {
  assert.equal(fitting(/** @type {any} */ (context), "0° 11 px", 80), "0° 11 px")
  assert.equal(fitting(/** @type {any} */ (context), "0° 11 px", 65), "0° 11 px") // a little narrower
  for (const room of [60, 40, 20, 8]) {
    const text = fitting(/** @type {any} */ (context), "a very long name", room)
    assert.ok(text.endsWith("…"))
    assert.ok(0.8 * context.measureText(text).width <= room)
    assert.ok("a very long name".startsWith(text.slice(0, -1)))
  }
})

test("a value stands inside its tile, away from the place it belongs to", () => {
  const tile = /** @type {any} */ ({ x: 100, y: 200, wide: 80, tall: 60, rows: 30, columns: 40 })
  for (const [row, column] of [
    [0, 0],
    [29, 0],
    [0, 39],
    [29, 39],
    [14, 20],
  ]) {
    const [x, y] = cornerFor(tile, { map: 0, row, column }, 36)
    assert.ok(x >= 100 && x + 36 <= 180 && y >= 200 && y + 20 <= 260)
    assert.equal(x === 100, column >= 20)
    assert.equal(y === 200, row >= 15)
    const [px, py] = [100 + 2 * column, 200 + 2 * row]
    assert.ok(px + 2 <= x || px >= x + 36 || py + 2 <= y || py >= y + 20, `${row} ${column}`)
  }
})
