import assert from "node:assert/strict"
import { test } from "node:test"
import { distance } from "../../viz/ui/canvas/reveal.js"

const WINDOW = { top: 0, bottom: 800 }

test("what is seen whole stays where it is", () => {
  assert.equal(distance({ top: 300, bottom: 700 }, WINDOW, false), 0)
})

test("what reaches below the window is scrolled as little as shows it", () => {
  assert.equal(distance({ top: 600, bottom: 900 }, WINDOW, false), 112)
})

test("what is taller than the window starts at its top", () => {
  assert.equal(distance({ top: 600, bottom: 2000 }, WINDOW, false), 588)
  assert.equal(distance({ top: -300, bottom: 2000 }, WINDOW, false), -312)
})

test("a section goes to the top, also if it would be seen", () => {
  assert.equal(distance({ top: 500, bottom: 700 }, WINDOW, true), 488)
})
