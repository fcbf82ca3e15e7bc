import assert from "node:assert/strict"
import { test } from "node:test"
import { printedAddress } from "../../viz/ui/canvas/printed_address.js"
import { forLine, forType } from "../../viz/ui/javascript/type.js"
import { actOf } from "../../viz/ui/shell/clicker.js"
import { seenPlaces } from "../../viz/ui/shell/laser.js"

const NOW = { presents: true, tours: false, isBlack: false, letters: false, arrows: false }

/**
 * @param {string} key
 * @param {Partial<typeof NOW>} [now]
 * @param {object} [held]
 */
function act(key, now = {}, held = {}) {
  return actOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...held }, { ...NOW, ...now })
}

test("a clicker's keys turn pages while presenting, and in a tour", () => {
  const on = ["PageDown", "ArrowRight", "ArrowDown"]
  const back = ["PageUp", "ArrowLeft", "ArrowUp"]
  assert.deepEqual(
    [...on, ...back].map((key) => act(key)),
    [...on.map(() => "forward"), ...back.map(() => "back")],
  )
  assert.equal(act("PageDown", { presents: false }), undefined)
  assert.equal(act("PageDown", { presents: false, tours: true }), "forward")
})

test("arrows belong to a control or a map that has the focus, letters to a text", () => {
  assert.equal(act("ArrowRight", { arrows: true }), undefined)
  assert.equal(act("f", { arrows: true }), "present")
  assert.deepEqual(
    ["f", "l", "b", "."].map((key) => act(key, { letters: true })),
    Array(4).fill(undefined),
  )
})

test("F and L work anywhere, B and the point are black only while presenting", () => {
  const works = { presents: false }
  assert.deepEqual(
    ["f", "F", "l", "L"].map((key) => act(key, works)),
    ["present", "present", "laser", "laser"],
  )
  assert.deepEqual(
    ["b", "B", "."].map((key) => act(key)),
    ["black", "black", "black"],
  )
  assert.deepEqual(
    ["b", "."].map((key) => act(key, works)),
    [undefined, undefined],
  )
})

test("any key ends the black screen, and does nothing else", () => {
  for (const key of ["b", "PageDown", "f", "Escape", " ", "x"])
    assert.equal(act(key, { isBlack: true, letters: true }), "page")
})

test("the browser's keys stay the browser's", () => {
  for (const key of ["F5", "F11", "Tab", "Shift"]) assert.equal(act(key, { isBlack: true }), undefined)
  assert.equal(act("f", {}, { ctrlKey: true }), undefined)
  assert.equal(act("ArrowLeft", {}, { altKey: true }), undefined)
  assert.equal(act("Escape"), undefined, "it first releases what is pinned")
})

test("the trail of the laser is short, its spot stays, and who wants less motion sees the spot alone", () => {
  const places = [0, 100, 350, 400].map((at) => ({ x: at, y: 0, at }))
  assert.deepEqual(
    seenPlaces(places, 400, false).map(({ at }) => at),
    [100, 350, 400],
  )
  assert.deepEqual(
    seenPlaces(places, 9000, false).map(({ at }) => at),
    [400],
  )
  assert.deepEqual(
    seenPlaces(places, 400, true).map(({ at }) => at),
    [400],
  )
})

test("a sheet says the view and its language, and nothing that only this screen does", () => {
  const href = "http://a.b:8501/strided?lang=zh-Hans&present=1&room=K7QM2FXA&tour=2&stride=3&card=proof#secret"
  assert.equal(printedAddress({ href }), "http://a.b:8501/strided?lang=zh-Hans&stride=3")
  assert.equal(printedAddress({ href: "http://a.b/?present=1" }), "http://a.b/")
})

test("type is larger while presenting, and lines are thicker in high contrast", () => {
  assert.deepEqual([forType(14), forLine(3)], [14, 3])
  globalThis.document = /** @type {any} */ ({ documentElement: { dataset: { present: "1", theme: "contrast" } } })
  assert.ok(forType(14) >= 18)
  assert.ok(forLine(3) > 4)
  delete (/** @type {any} */ (globalThis).document)
})
