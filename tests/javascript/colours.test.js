import assert from "node:assert/strict"
import { test } from "node:test"
import {
  asPicture,
  classColour,
  colours,
  cssColour,
  lookup,
  readableOn,
  TABLES,
  themed,
} from "../../viz/ui/javascript/colours.js"
import { ranges } from "../../viz/ui/javascript/ranges.js"
import { vectors } from "./vectors.js"

const { tables, bytes, ranges: cases, classes, pictures } = vectors("colours")

/** @param {number} packed */
function hex(packed) {
  return `#${[0, 8, 16].map((shift) => ((packed >> shift) & 255).toString(16).padStart(2, "0")).join("")}`
}

test("colour maps", () => {
  for (const [name, expected] of Object.entries(tables)) {
    assert.deepEqual(Array.from(TABLES[name], hex), expected, name)
  }
})

test("a colour is packed as a canvas has it, opaque", () => {
  const [packed] = lookup(["#010203", "#000000"])
  assert.deepEqual([...new Uint8Array(Uint32Array.of(packed).buffer)], [1, 2, 3, 255])
  assert.equal(cssColour(packed), "rgb(1 2 3)")
})

for (const { low, high, scale, each, table, drawn } of cases) {
  test(`ranges and the colours in them: ${scale} ${low} to ${high}`, () => {
    const block = { low, high }
    const found = ranges(block, scale, "map")
    assert.equal(found.table, table)
    assert.equal(found.shared, scale !== "own")
    assert.deepEqual(
      found.each.map((range) => [range.low, range.high].map((end) => end + 0)),
      each.map((ends) => ends.map((end) => end + 0)),
    )
    found.each.forEach((range, i) => {
      const all = colours(block, i, range, found.table)
      assert.deepEqual(
        bytes.map((byte) => hex(all[byte])),
        drawn[i],
      )
    })
  })
}

test("weights have one range around 0, whatever the scale", () => {
  for (const scale of ["shared", "own", "symmetric"]) {
    const { each, table, shared } = ranges({ low: [0.5, 1], high: [2, 3] }, scale, "weight")
    const ends = each.map(({ low, high }) => [low, high])
    assert.deepEqual([ends, table, shared], [[0, 1].map(() => [-3, 3]), "weight", true])
  }
})

test("a range may be shared with other blocks", () => {
  const { each } = ranges({ low: [0], high: [1] }, "shared", "map", { wider: { low: [-4], high: [2] } })
  assert.deepEqual(each, [{ low: -4, high: 4, least: -4, most: 2 }])
})

test("colours of classes", () => {
  for (const expected of classes) {
    assert.deepEqual(
      expected.map((_, i) => hex(classColour(i, expected.length))),
      expected,
    )
  }
})

test("a map of classes has the colours of its classes", () => {
  for (const expected of classes) {
    const last = expected.length - 1
    const block = { low: [0], high: [last] }
    const { each, table } = ranges(block, "own", "class", { classes: expected.length })
    const all = colours(block, 0, each[0], table)
    assert.deepEqual(
      expected.map((_, i) => hex(all[last ? Math.round((255 * i) / last) : 0])),
      expected,
    )
  }
})

test("three maps as a picture", () => {
  for (const { low, high, pixels, colours: expected } of pictures) {
    const count = pixels.length
    const block = { low, high, pixels: Uint8Array.from([0, 1, 2].flatMap((i) => pixels.map((pixel) => pixel[i]))) }
    const words = new Uint32Array(count + 1)
    asPicture(block, words, 1, count)
    assert.deepEqual(Array.from(words.subarray(1), hex), expected)
    assert.equal(words[0], 0)
  }
})

test("only colour maps that diverge have a variant for dark pages", () => {
  for (const table of /** @type {const} */ (["sequential", "activation", "weight", "grey", "classes", "mask"])) {
    assert.equal(themed(table, { dark: false }), table)
    const diverges = table === "activation" || table === "weight"
    assert.equal(themed(table, { dark: true }), diverges ? `${table}_dark` : table)
  }
})

test("numbers are readable on every colour of the weights, light and dark", () => {
  const luminance = (/** @type {number} */ packed) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, k) => {
      const coded = ((packed >> (8 * k)) & 255) / 255
      return sum + weight * (coded <= 0.04045 ? coded / 12.92 : ((coded + 0.055) / 1.055) ** 2.4)
    }, 0)
  for (const table of [TABLES.weight, TABLES.weight_dark]) {
    for (const packed of table) {
      const ink = luminance(lookup([readableOn(packed), "#000000"])[0])
      const [low, high] = [luminance(packed), ink].sort((a, b) => a - b)
      assert.ok((high + 0.05) / (low + 0.05) > 4)
    }
  }
})
