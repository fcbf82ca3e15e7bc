import assert from "node:assert/strict"
import { test } from "node:test"
import { Following, onTheWay } from "../../viz/ui/canvas/following.js"
import { along } from "../../viz/ui/canvas/spot.js"
import { seen } from "../../viz/ui/javascript/boxes.js"
import { Clock } from "./clock.js"

const FIELDS = {
  stride: { kind: "slider", low: 1, step: 1 },
  gain: { kind: "slider", low: 0, step: 0.05 },
  mode: { kind: "choice" },
}

/** A canvas whose frames, clock and visitor are played. */
function canvas({ calm = false } = {}) {
  const clock = new Clock()
  /** @type {(() => void)[]} */
  const frames = []
  const world = { values: { stride: "1", gain: "0.5", mode: "max" } }
  /** @type {[string, string][]} */
  const shown = []
  /** @type {[string, string, number | undefined][]} */
  const settled = []
  const following = new Following({
    ...clock.effects,
    values: () => world.values,
    fields: () => /** @type {any} */ (FIELDS),
    take: (values, live) => {
      world.values = { ...world.values, ...values }
      shown.push([world.values.stride, live ? "live" : "final"])
    },
    settled: (before, within) => settled.push([before.stride, world.values.stride, within]),
    calm: () => calm,
    nextFrame: (run) => frames.push(run),
  })
  const show = (/** @type {object} */ values, manner = {}) => following.show({ ...world.values, ...values }, manner)
  const frame = (/** @type {number} */ ms) => {
    clock.pass(ms)
    for (const run of frames.splice(0)) run()
  }
  return { clock, following, frame, settled, show, shown, world }
}

test("a drag is shown step by step and settles once, from where it began", () => {
  const { following, settled, show, shown } = canvas()
  for (const stride of ["2", "3", "4"]) show({ stride }, { live: true, within: 900 })
  assert.equal(settled.length, 0)
  assert.equal(following.leads, true)
  show({ stride: "4" }, { within: 900 })
  assert.deepEqual(shown, [
    ["2", "live"],
    ["3", "live"],
    ["4", "live"],
    ["4", "final"],
  ])
  assert.deepEqual(settled, [["1", "4", 900]])
})

test("a drag whose end is lost settles when nothing comes any more", () => {
  const { clock, settled, show } = canvas()
  show({ stride: "2" }, { live: true, within: 900 })
  clock.pass(1400)
  show({ stride: "3" }, { live: true, within: 900 })
  clock.pass(1499)
  assert.deepEqual(settled, [])
  clock.pass(1)
  assert.deepEqual(settled, [["1", "3", 900]])
  clock.pass(5000)
  assert.equal(settled.length, 1)
})

test("a hand ends it, and nothing comes later", () => {
  const { clock, following, frame, settled, show, shown } = canvas()
  show({ stride: "2" }, { live: true })
  following.end()
  assert.equal(following.leads, false)
  clock.pass(5000)
  show({ stride: "5" }, { glide: true })
  following.end()
  frame(700)
  assert.deepEqual(settled, [])
  assert.deepEqual(shown.at(-1), ["2", "live"])
})

test("a glide runs sliders through their steps, has all else at once, and settles", () => {
  const { frame, settled, show, shown, world } = canvas()
  show({ stride: "5", mode: "mean" }, { glide: true })
  assert.equal(world.values.mode, "mean")
  for (let ms = 0; ms < 720; ms += 60) frame(60)
  const steps = shown.map(([stride]) => Number(stride))
  assert.deepEqual([...new Set(steps)], [1, 2, 3, 4, 5])
  assert.deepEqual(steps, steps.toSorted())
  assert.deepEqual(shown.at(-1), ["5", "final"])
  assert.ok(shown.slice(0, -1).every(([, how]) => how === "live"))
  assert.deepEqual(settled, [["1", "5", undefined]])
})

test("a newer view ends a glide", () => {
  const { frame, settled, show, world } = canvas()
  show({ stride: "9" }, { glide: true })
  frame(300)
  show({ stride: "2" })
  frame(300)
  frame(300)
  assert.equal(world.values.stride, "2")
  assert.equal(settled.length, 1)
})

test("who asked for less motion sees the end at once", () => {
  const { settled, show, shown } = canvas({ calm: true })
  show({ stride: "5" }, { glide: true })
  assert.deepEqual(shown, [["5", "final"]])
  assert.equal(settled.length, 1)
})

test("on the way a slider stands on its steps, and at the ends on its ends", () => {
  const [from, to] = [
    { stride: "1", gain: "0.5", mode: "max" },
    { stride: "6", gain: "1", mode: "max" },
  ]
  const at = (/** @type {number} */ share) => onTheWay(/** @type {any} */ (FIELDS), ["stride", "gain"], from, to, share)
  assert.deepEqual(at(0), { stride: "1", gain: "0.5" })
  assert.deepEqual(at(1), { stride: "6", gain: "1" })
  for (let n = 0; n <= 40; n++) {
    const { stride, gain } = at(n / 40)
    assert.ok(Number.isInteger(Number(stride)))
    assert.ok(Math.abs(Number(gain) / 0.05 - Math.round(Number(gain) / 0.05)) < 1e-9 && gain.length <= 4, gain)
  }
})

test("the spot lies in a map at the unit that sees it in the middle of its field", () => {
  const fact = /** @type {any} */ ({ shape: [8, 55, 73], size: [5, 7], stride: [2, 3], padding: [1, 0] })
  for (const axis of [0, 1]) {
    for (const unit of [0, 4, 30]) {
      const [first, last] = seen(unit, axis, fact)
      const middle = (first + last + 1) / 2 // from the edge of the picture
      assert.ok(Math.abs(along(middle, axis, fact) * fact.shape[axis + 1] - (unit + 0.5)) < 1e-9)
    }
    assert.equal(along(-99, axis, fact), 0)
    assert.equal(along(9999, axis, fact), 1)
  }
})
