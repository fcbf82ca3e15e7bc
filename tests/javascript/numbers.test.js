import assert from "node:assert/strict"
import { test } from "node:test"
import { exact, magnitude, short, told } from "../../viz/ui/javascript/numbers.js"
import { vectors } from "./vectors.js"

const cases = vectors("numbers")

test("numbers of three digits, very large and very small ones with a power of ten", () => {
  for (const [value, text] of cases.three_digits) assert.equal(short(value), text, String(value))
})

test("whole numbers", () => {
  for (const [count, text] of cases.exact) assert.equal(exact(count), text)
})

test("counts have a unit from ten thousand on", () => {
  const written = [9_999, 10_000, 123_456, 1_000_000, 12_345_678_901].map(magnitude)
  assert.deepEqual(written, ["9,999", "10 k", "123.5 k", "1 M", "12.35 G"])
})

test("a number of a map has as many digits as its 256 steps carry", () => {
  const block = { low: [0, 0, 0, -1], high: [2550, 2.55, 255e-9, 1] }
  assert.equal(told(block, 0, 12.34), "12") // steps of 10
  assert.equal(told(block, 1, 1.23456), "1.23") // of 0.01
  assert.equal(told(block, 2, 0.00123), "0.00123") // too fine to say: three digits
  assert.equal(told(block, 3, -0.5), "−0.500")
  assert.equal(told(block, 3, -0.0001), "0")
})
