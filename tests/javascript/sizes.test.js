import assert from "node:assert/strict"
import { test } from "node:test"
import { meanFor, shownStep } from "../../viz/ui/canvas/resolution.js"
import { raggedSizes } from "../../viz/ui/canvas/units.js"
import { vectors } from "./vectors.js"

/** @param {number[]} shape */
function headerOf(shape) {
  return { stage: "s", stages: { s: { shape: [1, ...shape] } } }
}

test("as many units are averaged as the server averages", () => {
  for (const [side, shown, mean] of vectors("sizes")) {
    assert.equal(meanFor(headerOf([1, side]), shown), mean, `${side} at ${shown}`)
    assert.equal(meanFor(headerOf([side, 1]), shown), mean, `${side} at ${shown}`)
  }
})

test("maps of several pictures are as large as they are sent", () => {
  for (const [side, , mean, sent] of vectors("sizes")) {
    const beside = {
      shapes: [
        [side, 1],
        [1, side],
      ],
    }
    const header = { blocks: { maps: { mean_of: mean } }, side_by_side: beside }
    assert.deepEqual(raggedSizes(header), [
      [sent, 1],
      [1, sent],
    ])
  }
  assert.equal(raggedSizes({ blocks: { maps: { mean_of: 2 } } }), null)
})

test("sizes are asked for in steps that average as much as the room does", () => {
  const asked = new Set()
  for (let pixels = 1; pixels < 600; pixels++) {
    const header = headerOf([224, 100])
    const shown = shownStep(header, pixels)
    const room = Math.min(512, Math.max(8, pixels))
    assert.ok(shown <= room)
    assert.equal(meanFor(header, shown), meanFor(header, room), `${pixels} px`)
    asked.add(shown)
  }
  assert.ok(asked.size < 40, `${asked.size} sizes`)
})
