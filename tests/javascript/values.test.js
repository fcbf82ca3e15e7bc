import assert from "node:assert/strict"
import { test } from "node:test"
import {
  addressed,
  asked,
  asPinned,
  drawnValues,
  isPresent,
  reopened,
  search,
  suggested,
  valuesOf,
} from "../../viz/ui/canvas/values.js"

/** @param {string} standard */
function field(standard, others = {}) {
  return { default: standard, kind: "slider", affects_canvas: true, ...others }
}

const FIELDS = {
  picture: field(""),
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

const VIEWS = [
  { label: "Longer", fields: { wave: "8" } },
  { label: "Zone plate", fields: { picture: "zone", unit: "0.1.2" } },
]
const OPENINGS = {
  "": { fields: { stage: "bank" }, picture: "coffee", views: VIEWS },
  two: { fields: { stage: "bank", wave: "6" }, picture: "zone", views: [] },
}

function canvasOf(values) {
  return { fields: FIELDS, openings: OPENINGS, values: { ...VALUES, stage: "bank", ...values }, mostCells: 2 }
}

test("the address says what differs from the defaults, and keeps what is of others", () => {
  const s = canvasOf({ wave: "6", scale: "own", unknown: "1" })
  assert.equal(
    search(s, "?wave=9&embed=true&embed_options=a&embed_options=b&x=1"),
    "embed=true&embed_options=a&embed_options=b&wave=6&scale=own",
  )
  assert.equal(search(s, "?wave=9&tour=2&embed=true&present=1"), "embed=true&present=1&tour=2&wave=6&scale=own")
  assert.equal(search(canvasOf({}), ""), "")
})

test("the address holds so many weights set by hand, Python is told all", () => {
  const s = canvasOf({ mix_edits: "0.0.5_0.1.6_1.0.7" })
  assert.equal(addressed(s, ""), "mix_edits=0.0.5_0.1.6")
  assert.equal(search(s, ""), "mix_edits=0.0.5_0.1.6_1.0.7")
})

test("maps are asked for by what they depend on alone", () => {
  const looks = { scale: "own", card: "code", unit: "1.2.3", pinned: "stage=a", part: "two" }
  assert.equal(
    asked(canvasOf({ ...looks, wave: "6", others: "cat", channel: "3" })),
    "picture=zone&wave=6&others=cat&channel=3",
  )
})

test("the picture is the chosen one, else that of the section, else that of the lesson", () => {
  const asks = (values) => new URLSearchParams(asked(canvasOf(values))).get("picture")
  assert.deepEqual([{}, { part: "two" }, { part: "two", picture: "cat" }].map(asks), ["coffee", "zone", "cat"])
})

test("an address leaves out the opening of its section, and says what was turned off in it", () => {
  const address = (values) => search(canvasOf({ part: "two", ...values }), "")
  assert.equal(address({ wave: "6" }), "part=two")
  assert.equal(address({ wave: "4" }), "wave=4&part=two")
  assert.equal(search(canvasOf({ wave: "4", stage: "" }), ""), "stage=")
})

test("an address is read against the opening of its section", () => {
  for (const values of [{}, { part: "two", wave: "6" }, { part: "two" }, { wave: "6", stage: "", picture: "cat" }]) {
    const s = canvasOf(values)
    assert.deepEqual(valuesOf(s, search(s, "")), s.values)
  }
})

test("maps are asked for without the section, whose opening they do not know", () => {
  assert.equal(asked(canvasOf({ part: "two", wave: "6" })), "picture=zone&wave=6")
  assert.equal(asked(canvasOf({ part: "two", wave: "4" })), "picture=zone")
})

test("a reset goes back to the opening of the section, and keeps picture and section", () => {
  const s = canvasOf({ part: "two", wave: "9", picture: "cat", scale: "own", stage: "" })
  assert.deepEqual(reopened(s), { ...VALUES, stage: "bank", part: "two", wave: "6", picture: "cat" })
})

test("a view to try is the opening with its own fields, and is present until one of them changes", () => {
  const [longer, plate] = VIEWS
  const s = canvasOf({ wave: "9", picture: "cat", scale: "own" })
  assert.equal(isPresent(s, longer), false)
  s.values = suggested(s, longer)
  assert.deepEqual(s.values, { ...VALUES, stage: "bank", wave: "8", picture: "cat" })
  assert.deepEqual([isPresent(s, longer), isPresent(s, plate)], [true, false])
  s.values.scale = "own"
  assert.equal(isPresent(s, longer), true, "how maps are shown is no other view")
  s.values.wave = "7"
  assert.equal(isPresent(s, longer), false)
  s.values = suggested(s, plate)
  assert.equal(isPresent(s, plate), true)
  s.values.unit = "0.0.0"
  assert.equal(isPresent(s, plate), false, "it sets the unit")
})

test("of A the pinned values are asked for, defaults where they say nothing", () => {
  const s = canvasOf({ wave: "6", picture: "cat", pinned: "picture=dog&stage=mix&unit=1.2.3", showing: "pinned" })
  assert.deepEqual(drawnValues(s), { ...VALUES, picture: "dog", stage: "mix", unit: "1.2.3" })
  assert.equal(asked(s), "picture=dog&stage=mix")
})

test("the difference is asked for with the pin", () => {
  const s = canvasOf({ wave: "6", pinned: "stage=a", showing: "difference", others: "cat", scale: "own" })
  assert.equal(asked(s), "picture=coffee&wave=6&pinned=stage%3Da&showing=difference")
  assert.equal(drawnValues(s), s.values)
})

test("a pin is an address of what is drawn, never empty, without what is only looked at", () => {
  assert.equal(asPinned(canvasOf({}), "bank"), "picture=coffee&stage=bank")
  const s = canvasOf({ wave: "6", picture: "cat", stage: "mix", scale: "own", others: "dog", part: "two" })
  assert.equal(asPinned(s, "bank"), "picture=cat&stage=mix&wave=6")
})
