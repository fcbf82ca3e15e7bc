import assert from "node:assert/strict"
import { test } from "node:test"
import { colours, TABLES } from "../../viz/ui/javascript/colours.js"
import { nearly, stepOf } from "../../viz/ui/javascript/nearly.js"
import { ranges } from "../../viz/ui/javascript/ranges.js"
import { vectors } from "./vectors.js"

const { cases, steps } = vectors("nearly")

/**
 * Maps of one column, in planes of the longest.
 * @param {{low: number[], high: number[], runs: [number, number][][]}} maps
 */
function blockOf({ low, high, runs }) {
  const bytes = runs.map((own) => own.flatMap(([byte, count]) => Array(count).fill(byte)))
  const rows = Math.max(...bytes.map(({ length }) => length))
  const pixels = new Uint8Array(runs.length * rows)
  for (const [map, own] of bytes.entries()) pixels.set(own, map * rows)
  /** @type {[number, number][]} */
  const sizes = bytes.map(({ length }) => [length, 1])
  /** @type {[number, number, number]} */
  const shape = [runs.length, rows, 1]
  return { sizes, block: { shape, low, high, mean_of: 1, pixels } }
}

cases.forEach((one, n) => {
  for (const [scale, expected] of Object.entries(one.each)) {
    test(`a few peaks do not set the range: ${n}, ${scale} ${one.low} to ${one.high}`, () => {
      const { block, sizes } = blockOf(one)
      const { each } = ranges(block, scale, "map", { near: nearly(block, sizes) })
      expected.forEach((ends, i) => {
        for (const [k, end] of [each[i].low, each[i].high].entries()) {
          assert.ok(Math.abs(end - ends[k]) <= 1e-12 * Math.abs(ends[k]), `${end} is not ${ends[k]}`)
        }
        assert.equal(each[i].most, scale === "own" ? one.high[i] : Math.max(...one.high))
      })
    })
  }
})

test("values of every column are counted", () => {
  for (const [shape, step] of steps) assert.equal(stepOf(...shape), step)
})

test("what lies beyond has the colour of the end", () => {
  const block = { low: [-10], high: [10] }
  const all = colours(block, 0, { low: -2, high: 2 }, "activation")
  assert.equal(all[0], TABLES.activation[0])
  assert.equal(all[90], TABLES.activation[0])
  assert.equal(all[255], TABLES.activation[255])
  assert.notEqual(all[120], TABLES.activation[0])
})

test("blocks that share a range share what nearly all of them reach", () => {
  const { block, sizes } = blockOf(cases[0])
  const other = { low: [0], high: [1] }
  const { each } = ranges(other, "shared", "map", { wider: block, near: nearly(block, sizes) })
  assert.deepEqual([each[0].low, each[0].high], cases[0].each.shared[0])
})
