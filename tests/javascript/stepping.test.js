import assert from "node:assert/strict"
import { test } from "node:test"
import {
  everRead,
  outputAt,
  outputCount,
  resultOf,
  roundingOf,
  stepAfter,
  termsOf,
  windowOf,
} from "../../viz/ui/stepper/reading.js"

const INPUTS = [
  [
    [1, 2, 3, 4],
    [5, 6, 7, 8],
    [9, 10, 11, 12],
  ],
]

/**
 * A 2×2 kernel that steps by 2 over a row of zeros on each side: two rows and three columns come out.
 * @type {import("../../viz/ui/stepper/reading.js").Reading}
 */
const READING = {
  title: "",
  note: "",
  stride: 2,
  padding: 1,
  weights: [
    [
      [
        [1, 10],
        [100, 1000],
      ],
    ],
  ],
  outputs: [[0, 1].map(() => [0, 0, 0])],
  operation: "sum",
}

test("outputs are counted row by row, and a map with fewer stays at its last", () => {
  assert.equal(outputCount(READING), 6)
  assert.deepEqual(
    [0, 2, 3, 5, 99].map((step) => outputAt(READING, step)),
    [
      [0, 0],
      [0, 2],
      [1, 0],
      [1, 2],
      [1, 2],
    ],
  )
})

test("a map that opens complete stays so when it grows or shrinks, unless one has stepped back", () => {
  const [fresh, last, inside] = [
    { step: 0, steps: 0 },
    { step: 8, steps: 9 },
    { step: 5, steps: 9 },
  ]
  assert.deepEqual([stepAfter(fresh, 9, true), stepAfter(fresh, 9, false)], [8, 0])
  assert.deepEqual([stepAfter(last, 25, true), stepAfter(last, 4, true), stepAfter(last, 25, false)], [24, 3, 8])
  assert.deepEqual([stepAfter(inside, 25, true), stepAfter(inside, 4, true)], [5, 3])
})

test("the window is where stride and padding put it", () => {
  assert.deepEqual(
    windowOf(READING, [1, 2]).map(({ row, column, i, j }) => [row, column, i, j]),
    [
      [1, 3, 0, 0],
      [1, 4, 0, 1],
      [2, 3, 1, 0],
      [2, 4, 1, 1],
    ],
  )
})

test("every output is the sum of what its window reads, padding left out", () => {
  for (let step = 0; step < outputCount(READING); step++) {
    const at = outputAt(READING, step)
    const terms = termsOf(INPUTS, READING, 0, at)
    const brute = [0, 1].flatMap((i) =>
      [0, 1].map((j) => (INPUTS[0][2 * at[0] - 1 + i]?.[2 * at[1] - 1 + j] ?? 0) * READING.weights[0][0][i][j]),
    )
    assert.equal(
      resultOf(READING, terms),
      brute.reduce((sum, product) => sum + product, 0),
    )
    for (const {
      place: [channel, row, column],
      input,
    } of terms)
      assert.equal(input, INPUTS[channel][row][column])
  }
})

test("a pool keeps the largest number of its window, or their mean, also where all are negative", () => {
  const weights = [[[0, 1].map(() => [1, 1])]]
  const below = [INPUTS[0].map((row) => row.map((value) => -value))]
  for (const [operation, expected] of /** @type {const} */ ([
    ["max", [-1, -3]],
    ["mean", [-3.5, -5.5]],
  ])) {
    const reading = { ...READING, padding: 0, operation, weights, outputs: [[[0, 0]]] }
    const found = [0, 1].map((step) => resultOf(reading, termsOf(below, reading, 0, outputAt(reading, step))))
    assert.deepEqual(found, expected)
  }
})

test("rounding may be as large as that of float32 sums", () => {
  const term = { place: [0, 0, 0], input: -2, weight: 3 }
  assert.equal(roundingOf([term]), 4 * 1.2e-7 * 6)
  assert.equal(roundingOf(Array(5).fill(term)), 5 * 1.2e-7 * 30)
})

test("a stride larger than the kernel leaves pixels unread", () => {
  const reading = { ...READING, padding: 0, stride: 3, weights: [[[[1]]]], outputs: [[[1, 4]]] }
  assert.deepEqual(everRead(INPUTS, reading), [
    [true, false, false, true],
    [false, false, false, false],
    [false, false, false, false],
  ])
})
