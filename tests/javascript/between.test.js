import assert from "node:assert/strict"
import { test } from "node:test"
import { hear, tell } from "../../viz/ui/javascript/between.js"
import { FakePage } from "./page.js"

test("what one component tells, all that listen hear until they stop", () => {
  new FakePage()
  /** @type {unknown[]} */
  const heard = []
  const ends = [hear("pointed", (spot) => heard.push(["a", spot])), hear("pointed", (spot) => heard.push(["b", spot]))]
  hear("spot", (spot) => heard.push(["c", spot]))
  tell("pointed", { x: 0.5, y: 0.25 })
  ends[0]()
  tell("pointed", null)
  assert.deepEqual(heard, [
    ["a", { x: 0.5, y: 0.25 }],
    ["b", { x: 0.5, y: 0.25 }],
    ["b", null],
  ])
})

test("who tells learns whether somebody took it", () => {
  new FakePage()
  assert.equal(tell("forward", null), false)
  const end = hear("forward", (_, take) => take())
  assert.equal(tell("forward", null), true)
  end()
  assert.equal(tell("forward", null), false)
})
