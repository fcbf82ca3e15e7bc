import assert from "node:assert/strict"
import { test } from "node:test"
import { BRANCHES, orientationColour, PRIMARIES } from "../../viz/ui/javascript/colours.js"
import { drawMark, hueOf, profile, stands } from "../../viz/ui/javascript/marks.js"
import { Stack } from "../../viz/ui/javascript/stack.js"

/** A context that records the strokes and fills, each with its colour. */
function recorder() {
  /** @type {any} */
  const context = { marks: [], points: [], texts: [], measureText: () => ({ width: 20 }) }
  for (const name of ["beginPath", "arc"]) context[name] = () => {}
  context.fillRect = () => context.marks.push(context.fillStyle)
  for (const name of ["moveTo", "lineTo"]) context[name] = (...at) => context.points.push(at)
  context.stroke = () => context.marks.push(context.strokeStyle)
  context.fill = () => context.marks.push(context.fillStyle)
  context.fillText = (...said) => context.texts.push(said)
  return context
}

/**
 * @param {import("../../viz/ui/javascript/marks.js").Mark | undefined} mark
 * @param {string} name
 */
function named(mark, name) {
  const context = recorder()
  const style = { text: "ink", background: "", font: "", size: 15 }
  const stack = /** @type {any} */ ({ style, label: 100 })
  const tile = /** @type {any} */ ({ mark, x: 0, y: 0, tall: 50 })
  Stack.prototype.name.call(stack, context, tile, name)
  return context
}

test("a name says nothing: only a mark draws a bar", () => {
  for (const name of ["45°", "0° 90°", "R", "90"]) {
    for (const mark of [undefined, ["", 0]]) {
      const { marks, texts } = named(/** @type {any} */ (mark), name)
      assert.deepEqual(marks, [])
      assert.equal(texts[0][1], 0) // not indented
    }
  }
  const { marks, texts } = named(["orientation", 45], "any name")
  assert.deepEqual(marks, [orientationColour(45)])
  assert.ok(texts[0][1] > 0)
})

test("an orientation has its hue, a phase has none", () => {
  assert.equal(hueOf(["orientation", 45], "other"), orientationColour(45))
  for (const mark of [["phase", 45], ["colour", "red"], ["", 0], undefined]) {
    assert.equal(hueOf(/** @type {any} */ (mark), "other"), "other")
  }
})

test("a branch has its hue, in a chart as beside a name", () => {
  assert.equal(hueOf(["branch", "five"], "other"), BRANCHES.five)
  const context = recorder()
  drawMark(context, 0, 0, ["branch", "pool"], "ink")
  assert.deepEqual(context.marks, [BRANCHES.pool])
})

test("a phase is drawn as the profile of its wave in the colour of text", () => {
  const context = recorder()
  drawMark(context, 0, 0, ["phase", 0], "ink")
  assert.deepEqual(context.marks, ["ink"])
  const highest = context.points.reduce((best, at) => (at[1] < best[1] ? at : best))
  assert.equal(highest[0], 0) // bright in the middle
  for (const u of [0.5, 2, 6]) {
    assert.ok(Math.abs(profile(u, 0) - profile(-u, 0)) < 1e-12)
    assert.ok(Math.abs(profile(u, 90) + profile(-u, 90)) < 1e-12)
    assert.ok(Math.abs(profile(u, 180) + profile(u, 0)) < 1e-12)
  }
})

test("an orientation's bar leans as seen on screen, counter-clockwise from horizontal", () => {
  const context = recorder()
  drawMark(context, 0, 0, ["orientation", 30], "ink")
  const [from, to] = context.points
  assert.ok(to[0] > from[0] && to[1] < from[1])
  assert.ok(Math.abs((from[1] - to[1]) / (to[0] - from[0]) - Math.tan(Math.PI / 6)) < 1e-12)
})

test("a colour is a disc of that colour", () => {
  const context = recorder()
  drawMark(context, 0, 0, ["colour", "green"], "ink")
  assert.deepEqual(context.marks, [PRIMARIES.green])
  assert.ok(stands(["colour", "green"]))
})
