import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"
import { translated } from "../../viz/ui/javascript/translation.js"

const page = /** @type {{pointwiseWords?: Record<string, Record<string, string>>}} */ (globalThis)

beforeEach(() => {
  page.pointwiseWords = {
    "zh-Hans": { "{n} map of {name}": "{name}的{n}张图", "After {layer}": "在{layer}之后", Square: "平方" },
  }
})

test("a text is in the page's language, its braces filled", () => {
  const many = "{n} maps of {name}"
  assert.equal(translated("zh-Hans", "{n} map of {name}", { n: 3, name: "{n}" }, many), "{n}的3张图")
  assert.equal(translated("en", "{n} of {all}", { n: 0 }), "0 of ")
  assert.equal(translated(undefined, "Square"), "Square")
})

test("what has no translation is English", () => {
  assert.equal(translated("zh-Hans", "Unknown {n}", { n: 1 }), "Unknown 1")
  page.pointwiseWords = undefined
  assert.equal(translated("zh-Hans", "Square"), "Square")
})

test("one thing is counted as one", () => {
  const counted = (/** @type {unknown} */ n) => translated("en", "{n} map", { n }, "{n} maps")
  assert.deepEqual([0, 1, 2, "1", "1,024"].map(counted), ["0 maps", "1 map", "2 maps", "1 map", "1,024 maps"])
})

test("a value may be a text of its own", () => {
  assert.equal(translated("zh-Hans", "After {layer}", { layer: ["Square", {}] }), "在平方之后")
  assert.equal(translated("zh-Hans", "After {layer}", { layer: "Square" }), "在平方之后")
  assert.equal(translated("en", "After {layer}", { layer: ["{n} map", { n: 2 }, "{n} maps"] }), "After 2 maps")
})
