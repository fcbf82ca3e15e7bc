import assert from "node:assert/strict"
import { test } from "node:test"
import { TABLES } from "../../viz/ui/javascript/colours.js"
import { scaleOf, tintedBy } from "../../viz/ui/stepper/tints.js"

const SIGNED = [[[-2, 0, 1]]]
const [LIGHT, DARK] = [{ dark: false }, { dark: true }]

test("what is signed has the colours of the page, and 0 their middle", () => {
  for (const [style, table] of /** @type {const} */ ([
    [LIGHT, "activation"],
    [DARK, "activation_dark"],
  ])) {
    const scale = scaleOf([SIGNED], style)
    assert.deepEqual([scale.low, scale.high, scale.table], [-2, 2, table])
    const [lowest, zero] = tintedBy(SIGNED, scale)[0][0]
    assert.deepEqual([lowest, zero], [TABLES[table][0], TABLES[table][128]])
  }
})

test("nothing but zeros has the middle too", () => {
  const scale = scaleOf([SIGNED], DARK)
  const flat = { ...scale, low: 0, high: 0 }
  assert.equal(tintedBy([[[0]]], flat)[0][0][0], TABLES.activation_dark[128])
})

test("what is never negative has the same colours on both", () => {
  const both = [LIGHT, DARK].map((style) => scaleOf([[[[0, 3]]]], style))
  assert.deepEqual(both[0], both[1])
  assert.deepEqual(tintedBy([[[0, 3]]], both[0]), [[[TABLES.sequential[0], TABLES.sequential[255]]]])
})
