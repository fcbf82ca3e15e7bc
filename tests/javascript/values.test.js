import assert from "node:assert/strict"
import { test } from "node:test"
import { addressed, asked, asPinned, drawnValues, search } from "../../viz/ui/canvas/values.js"

/** @param {string} standard */
function field(standard, others = {}) {
  return { default: standard, kind: "slider", affects_canvas: true, ...others }
}

const FIELDS = {
  picture: field("coffee"),
  stage: field(""),
  wave: field("4"),
  mix_edits: field("", { kind: "cells" }),
  part: field("one", { affects_canvas: false }),
  scale: field("shared"),
  card: field(""),
  unit: field(""),
  others: field(""),
  channel: field("0"),
  pinned: field(""),
  showing: field("now"),
}
const VALUES = Object.fromEntries(Object.entries(FIELDS).map(([name, { default: value }]) => [name, value]))

function canvasOf(values) {
  return { fields: FIELDS, values: { ...VALUES, ...values }, mostCells: 2 }
}

test("the address says what differs from the defaults, and keeps what is of others", () => {
  const s = canvasOf({ wave: "6", scale: "own", unknown: "1" })
  assert.equal(
    search(s, "?wave=9&embed=true&embed_options=a&embed_options=b&x=1"),
    "embed=true&embed_options=a&embed_options=b&wave=6&scale=own",
  )
  assert.equal(search(canvasOf({}), ""), "")
})

test("the address holds so many weights set by hand, Python is told all", () => {
  const s = canvasOf({ mix_edits: "0.0.5_0.1.6_1.0.7" })
  assert.equal(addressed(s, ""), "mix_edits=0.0.5_0.1.6")
  assert.equal(search(s, ""), "mix_edits=0.0.5_0.1.6_1.0.7")
})

test("maps are asked for by what they depend on alone", () => {
  const looks = { scale: "own", card: "code", unit: "1.2.3", pinned: "stage=a", part: "two" }
  assert.equal(asked(canvasOf({ ...looks, wave: "6", others: "cat", channel: "3" })), "wave=6&others=cat&channel=3")
})

test("of A the pinned values are asked for, defaults where they say nothing", () => {
  const s = canvasOf({ wave: "6", picture: "cat", pinned: "picture=dog&stage=mix&unit=1.2.3", showing: "pinned" })
  assert.deepEqual(drawnValues(s), { ...VALUES, picture: "dog", stage: "mix", unit: "1.2.3" })
  assert.equal(asked(s), "picture=dog&stage=mix")
})

test("the difference is asked for with the pin", () => {
  const s = canvasOf({ wave: "6", pinned: "stage=a", showing: "difference", others: "cat", scale: "own" })
  assert.equal(asked(s), "wave=6&pinned=stage%3Da&showing=difference")
  assert.equal(drawnValues(s), s.values)
})

test("a pin is an address of what is drawn, never empty, without what is only looked at", () => {
  assert.equal(asPinned(canvasOf({}), "bank"), "picture=coffee&stage=bank")
  const s = canvasOf({ wave: "6", picture: "cat", stage: "mix", scale: "own", others: "dog", part: "two" })
  assert.equal(asPinned(s, "bank"), "picture=cat&stage=mix&wave=6")
})
