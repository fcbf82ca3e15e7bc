import assert from "node:assert/strict"
import { test } from "node:test"
import { fromBase64, peak, unpack, valueAt } from "../../viz/ui/javascript/buffer.js"

/** A buffer as viz/packing.py joins it: length, header, bytes of all blocks. */
function packed(header, bytes) {
  const json = new TextEncoder().encode(JSON.stringify(header))
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, json.length, true)
  return Uint8Array.from([...length, ...json, ...bytes]).buffer
}

const KERNELS = { shape: [2, 1, 1], mean_of: 1, low: [-1, 0], high: [1, 0] }
const MAPS = { shape: [2, 2, 3], mean_of: 2, low: [0, 10], high: [255, 520] }
const HEADER = { title: "µ", blocks: { kernels: KERNELS, maps: MAPS } }
const BYTES = [0, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255, 12]

test("every block has its bytes, in the header's order", () => {
  const { title, blocks } = unpack(packed(HEADER, BYTES))
  assert.equal(title, "µ")
  assert.deepEqual([...blocks.kernels.pixels], BYTES.slice(0, 2))
  assert.deepEqual([...blocks.maps.pixels], BYTES.slice(2))
  assert.deepEqual(blocks.maps.shape, MAPS.shape)
})

test("a byte stands for a value between its map's ends", () => {
  const { maps } = unpack(packed(HEADER, BYTES)).blocks
  assert.equal(valueAt(maps, 0, 1, 2), 6)
  assert.equal(valueAt(maps, 1, 0, 1), 10 + 2 * 8)
})

test("the largest of all values is in the map that reaches highest", () => {
  const { maps } = unpack(packed(HEADER, BYTES)).blocks
  assert.deepEqual(peak(maps), { map: 1, row: 1, column: 1, value: 520 })
})

test("a constant map is largest at once", () => {
  const maps = { shape: [1, 2, 2], mean_of: 1, low: [3], high: [3], pixels: new Uint8Array(4) }
  assert.deepEqual(peak(maps), { map: 0, row: 0, column: 0, value: 3 })
})

test("a buffer comes in base64 too", () => {
  const buffer = packed(HEADER, BYTES)
  const text = Buffer.from(buffer).toString("base64")
  assert.deepEqual(unpack(fromBase64(text)), unpack(buffer))
})
