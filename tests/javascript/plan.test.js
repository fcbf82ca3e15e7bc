import assert from "node:assert/strict"
import { test } from "node:test"
import { arranged } from "../../viz/ui/stepper/plan.js"

Object.assign(globalThis, { window: { devicePixelRatio: 1 } })

/** @import {Shape, Sheets} from "../../viz/ui/stepper/plan.js" */

const NUMBERED = 30
const THREE = {
  inputs: /** @type {Shape} */ ([1, 5, 5]),
  outputs: /** @type {Shape[]} */ ([
    [1, 5, 5],
    [1, 3, 3],
    [1, 3, 3],
  ]),
  padding: 0,
  leavesOver: false,
  label: 24,
}

/** @param {Sheets} sheets */
function edges({ x, y, rows, columns, cell }) {
  return { left: x, top: y, right: x + columns * cell, bottom: y + rows * cell }
}

test("single sheets are one above the other where their numbers could not be read side by side", () => {
  const [narrow, wide] = [278, 505].map((width) => arranged(THREE, width, 256))
  assert.deepEqual([narrow.upright, wide.upright], [true, false])
  for (const plan of [narrow, wide]) assert.ok(plan.cell >= NUMBERED, String(plan.cell))
})

test("nothing lies outside, and no output on the input or on the arrow", () => {
  for (const [leavesOver, padding] of /** @type {const} */ ([
    [false, 0],
    [true, 1],
  ])) {
    const plan = arranged({ ...THREE, leavesOver, padding }, 278, 300)
    assert.ok(plan.upright)
    const input = edges(plan.inputs)
    assert.ok(input.left - padding * plan.cell >= 0 && input.top - padding * plan.cell >= 0)
    for (const sheets of plan.outputs) {
      const output = edges(sheets)
      assert.ok(output.left >= 0 && output.right <= plan.wide && output.bottom <= plan.tall)
      assert.ok(input.bottom + padding * plan.cell <= plan.arrow && plan.arrow + plan.across <= output.top)
    }
  }
})

test("the arrow points from the middle of the input to the middle of every output", () => {
  const plan = arranged(THREE, 278, 256)
  for (const sheets of [plan.inputs, ...plan.outputs]) {
    const { left, right } = edges(sheets)
    assert.ok(Math.abs((left + right) / 2 - plan.middle) <= 1)
  }
})

test("stacks of sheets stay side by side", () => {
  const inputs = /** @type {Shape} */ ([3, 5, 5])
  assert.equal(arranged({ ...THREE, inputs }, 278, 256).upright, false)
})
