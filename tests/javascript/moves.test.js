import assert from "node:assert/strict"
import { test } from "node:test"
import { Moves } from "../../viz/ui/canvas/moves.js"
import { hear } from "../../viz/ui/javascript/between.js"
import { FakePage } from "./page.js"

function canvas() {
  const page = new FakePage()
  /** @type {[string, boolean][]} */
  const heard = []
  hear("moved", ({ query, live }) => heard.push([query, live]))
  const moves = new Moves(page.nextFrame)
  const view = { slug: "lab", query: "", live: false }
  const move = (/** @type {string} */ query, live = true) => {
    Object.assign(view, { query, live })
    moves.tell(() => ({ ...view }))
  }
  return { page, move, heard }
}

test("a frame tells the newest view once", () => {
  const { page, move, heard } = canvas()
  for (const query of ["stride=2", "stride=3", "stride=4"]) move(query)
  assert.deepEqual([heard, page.frames.length], [[], 1])
  page.frame()
  page.frame()
  assert.deepEqual(heard, [["stride=4", true]])
})

test("a release is told, and what is told already is not", () => {
  const { page, move, heard } = canvas()
  move("stride=4")
  page.frame()
  move("stride=4", false)
  page.frame()
  move("stride=4", false)
  page.frame()
  assert.deepEqual(heard, [
    ["stride=4", true],
    ["stride=4", false],
  ])
})
