import assert from "node:assert/strict"
import { test } from "node:test"
import { flowOf } from "../../viz/ui/canvas/flow_bar.js"
import { arrowBetween, gridColumns } from "../../viz/ui/javascript/flow.js"

const at = (left, top, right, bottom) => ({ left, top, right, bottom })

test("an arrow goes straight to a box on the right, at a height that both have", () => {
  assert.deepEqual(arrowBetween(at(0, 0, 10, 100), at(30, 20, 60, 40)), [10, 30, 30, 30])
})

test("and straight down to a box below, where both are", () => {
  assert.deepEqual(arrowBetween(at(0, 0, 100, 10), at(40, 30, 60, 50)), [50, 10, 50, 30])
})

test("where a strip goes on in the next line there is none", () => {
  assert.equal(arrowBetween(at(80, 0, 100, 10), at(0, 20, 30, 30)), null)
  assert.equal(arrowBetween(at(40, 0, 50, 10), at(0, 0, 30, 10)), null)
  assert.equal(arrowBetween(at(0, 0, 10, 10), at(30, 20, 40, 30)), null)
})

test("columns in which every box is tall are narrower", () => {
  const boxes = [
    { column: 0, rows: 2 },
    { column: 1, rows: 1 },
    { column: 2, rows: 2 },
    { column: 2, rows: 1 },
  ]
  assert.equal(gridColumns(boxes), "minmax(0, 1fr) minmax(0, 1.7fr) minmax(0, 1.7fr)")
})

test("a diagram is put into words, and marks the box whose maps are on screen", () => {
  const box = { row: 0, column: 0, rows: 1, branch: "", state: "path", exact: "" }
  const shown = { ...box, key: "a", title: ["{n} maps", { n: 3 }], facts: ["3 × 3"], fields: { stage: "one" } }
  const still = { ...box, key: "b", title: "1×1", facts: [], fields: {} }
  const words = { "{n} maps": "{n} Karten" }
  const t = (text, args) => words[text]?.replace("{n}", args.n) ?? text
  const s = /** @type {any} */ ({ t, header: { stage: "one" } })
  const { boxes, label } = flowOf(s, { boxes: [shown, still], arrows: [["a", "b"]], alt: ["Two boxes", {}] })
  assert.deepEqual(
    boxes.map(({ title, state, clickable }) => [title, state, clickable]),
    [
      ["3 Karten", "current", true],
      ["1×1", "path", false],
    ],
  )
  assert.equal(label, "Two boxes")
})

test("rows that wrap are told to the page", () => {
  const s = /** @type {any} */ ({ t: String, header: {} })
  for (const wraps of [true, false]) {
    assert.equal(flowOf(s, { boxes: [], arrows: [], alt: "", wraps }).wraps, wraps)
  }
})
