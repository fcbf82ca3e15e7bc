import assert from "node:assert/strict"
import { test } from "node:test"
import { cssColour, ORIENTATIONS, orientationColour } from "../../viz/ui/javascript/colours.js"
import { brightest, colouredBy } from "../../viz/ui/orientation_map/colouring.js"
import { energies, preferredOf } from "../../viz/ui/orientation_map/responses.js"
import { vectors } from "./vectors.js"

for (const { degrees, responses, preferred, strength, selectivity } of vectors("preferences")) {
  test(`what ${responses.length} responses prefer together: ${preferred}`, () => {
    const found = preferredOf(responses, degrees)
    const apart = Math.abs(found.degrees - preferred)
    assert.ok(Math.min(apart, 180 - apart) < 1e-9)
    assert.ok(found.degrees >= 0 && found.degrees < 180)
    assert.ok(Math.abs(found.strength - strength) < 1e-12 * (1 + strength))
    assert.ok(Math.abs(found.selectivity - selectivity) < 1e-12)
  })
}

test("where nothing responds, nothing is preferred", () => {
  assert.deepEqual(preferredOf([0, 0], [0, 90]), { degrees: 0, strength: 0, selectivity: 0 })
})

test("the energy of an orientation is the mean of the squares of its own phases", () => {
  assert.deepEqual(energies([3, -4, 0, 1, 2, 2], 2), [12.5, 0.5, 4])
  assert.deepEqual(energies([3, -4], 1), [9, 16])
})

test("hue is the orientation, light dims it evenly, to black", () => {
  const [full, half, none] = colouredBy(Uint8Array.of(30, 30, 30), Uint8Array.of(255, 128, 0))
  assert.equal(cssColour(full), orientationColour(30))
  const [bright, dim] = [full, half].map((packed) => [0, 8, 16].map((shift) => (packed >> shift) & 255))
  for (const channel of [0, 1, 2]) assert.ok(Math.abs(dim[channel] - (bright[channel] * 128) / 255) <= 0.5)
  assert.equal(none >>> 0, 0xff000000)
})

test("the hues go around: 180° is 0°", () => {
  assert.equal(ORIENTATIONS[0], ORIENTATIONS[180])
  assert.equal(orientationColour(-30), orientationColour(150))
  assert.equal(orientationColour(179.7), orientationColour(0))
})

test("each square has its brightest pixel, and dark squares none", () => {
  const lights = Uint8Array.of(200, 0, 120, 30, 210, 0, 0, 40, 0, 0, 255, 0)
  const map = { shape: /** @type {[number, number]} */ ([3, 4]), hues: new Uint8Array(12), lights }
  const sorted = brightest(map, 2).map(String).sort()
  assert.deepEqual(sorted, ["0,2", "1,0", "2,2"])
})
