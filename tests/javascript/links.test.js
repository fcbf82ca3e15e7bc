import assert from "node:assert/strict"
import { test } from "node:test"
import { linked } from "../../viz/ui/canvas/links.js"

const NOTHING = { kernels: [], maps: [], inputs: [] }
const BANK = { feeds: [[0], [1], [2], [3]], input_feeds: [], blocks: {} }

// A pool over orientations: the first and third kernel, the second and fourth.
const POOL = {
  feeds: [
    [0, 2],
    [1, 3],
  ],
  input_feeds: [[0], [1], [2], [3]],
  groups: { order: [0, 2, 1, 3], size: 2 },
  blocks: {},
}

/** Two maps of three inputs; the bytes are the weights from −1 to 1, 0 the nearest to nothing. */
const MIX = {
  feeds: [[4, 5, 0, 1], [2]],
  input_feeds: [
    [0, 1],
    [2, 3],
    [4, 5],
  ],
  blocks: { matrix: { shape: [1, 2, 3], low: [-1], high: [1], pixels: Uint8Array.from([10, 127, 255, 128, 30, 127]) } },
}

test("nothing is linked while nothing is pointed at", () => {
  assert.deepEqual(linked(BANK, null), NOTHING)
})

test("a map has the kernels that feed it, and a kernel the maps that it feeds", () => {
  assert.deepEqual(linked(BANK, { part: "map", index: 2 }), { kernels: [2], maps: [2], inputs: [] })
  assert.deepEqual(linked(POOL, { part: "map", index: 1 }), { kernels: [1, 3], maps: [1], inputs: [] })
  assert.deepEqual(linked(POOL, { part: "kernel", index: 2 }), { kernels: [2], maps: [0], inputs: [2] })
  assert.deepEqual(linked(MIX, { part: "output", index: 0 }), { kernels: [4, 5, 0, 1], maps: [0], inputs: [] })
})

test("a bar has its kernel and the map of its group", () => {
  assert.deepEqual(linked(POOL, { part: "input", index: 2, output: 0 }), { kernels: [2], maps: [0], inputs: [2] })
  assert.deepEqual(linked(POOL, { part: "input", index: 1 }), { kernels: [1], maps: [1], inputs: [1] })
})

test("a column has its kernels and the maps with a weight for it, a cell the map of its row", () => {
  assert.deepEqual(linked(MIX, { part: "input", index: 0 }), { kernels: [0, 1], maps: [0], inputs: [0] })
  assert.deepEqual(linked(MIX, { part: "input", index: 1 }), { kernels: [2, 3], maps: [1], inputs: [1] })
  assert.deepEqual(linked(MIX, { part: "input", index: 2, output: 1 }), { kernels: [4, 5], maps: [1], inputs: [2] })
})

test("a row of the matrix has all maps that it gives", () => {
  const twice = { ...MIX, row_names: ["a", "b"], names: ["a", "b", "a′", "b′"], feeds: [[4], [2], [4], [2]] }
  assert.deepEqual(linked(twice, { part: "output", index: 1 }), { kernels: [2], maps: [1, 3], inputs: [] })
  assert.deepEqual(linked(twice, { part: "input", index: 0 }), { kernels: [0, 1], maps: [0, 2], inputs: [0] })
  assert.deepEqual(linked(twice, { part: "input", index: 2, output: 1 }).maps, [1, 3])
  assert.deepEqual(linked(twice, { part: "map", index: 3 }), { kernels: [2], maps: [3], inputs: [] })
})

test("in a linear chain a cell has the effective kernel of its row", () => {
  const linear = { ...MIX, feeds: [[0], [1]], input_feeds: [] }
  assert.deepEqual(linked(linear, { part: "input", index: 2, output: 1 }), { kernels: [1], maps: [1], inputs: [2] })
  assert.deepEqual(linked(linear, { part: "input", index: 2 }), { kernels: [], maps: [0], inputs: [2] })
})

test("of several pictures every map is the same one", () => {
  const beside = { ...BANK, side_by_side: { channel: 3 } }
  assert.deepEqual(linked(beside, { part: "map", index: 1 }), { kernels: [3], maps: [3], inputs: [] })
})
