import assert from "node:assert/strict"
import { test } from "node:test"
import { translated } from "../../viz/ui/javascript/translation.js"

test("a text is in the page's language, its braces filled", () => {
  const words = { "{n} maps of {name}": "{name}: {n} Karten" }
  assert.equal(translated(words, "{n} maps of {name}", { n: 3, name: "{n}" }), "{n}: 3 Karten")
  assert.equal(translated(undefined, "{n} of {all}", { n: 0 }), "0 of ")
})
