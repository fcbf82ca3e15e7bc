import assert from "node:assert/strict"
import { test } from "node:test"
import { Undo } from "../../viz/ui/canvas/undo.js"

/** A tab whose storage, clock and hand are played; every change of values is recorded, as the canvas does. */
function tab(storage = new Map()) {
  const world = { ms: 0, typed: false, held: false, address: "", storage }
  /** @type {Undo} */
  const undo = new Undo({
    now: () => world.ms,
    typed: () => world.typed,
    held: () => world.held,
    load: (lesson) => storage.get(lesson) ?? null,
    save: (lesson, text) => storage.set(lesson, text),
    restore: (address) => show(address),
    changed: () => {},
  })
  const show = (/** @type {string} */ address, lesson = "lab") => {
    world.address = address
    undo.record(lesson, address)
  }
  const type = (/** @type {string} */ address, /** @type {number} */ ms) => {
    world.ms += ms
    world.typed = true
    show(address)
    world.typed = false
  }
  const ends = () => [undo.canUndo, undo.canRedo]
  return { world, undo, show, type, ends }
}

test("every release is a step back, and every step back can be redone", () => {
  const { world, undo, show, ends } = tab()
  for (const address of ["", "stride=3", "stride=4", "stride=4&unit=0.1.2"]) show(address)
  assert.deepEqual(ends(), [true, false])
  const seen = []
  while (undo.canUndo) {
    undo.undo()
    seen.push(world.address)
  }
  assert.deepEqual(seen, ["stride=4", "stride=3", ""])
  undo.undo()
  assert.equal(world.address, "", "the end is the end")
  while (undo.canRedo) {
    undo.redo()
    seen.push(world.address)
  }
  assert.deepEqual(seen.slice(3), ["stride=3", "stride=4", "stride=4&unit=0.1.2"])
})

test("what is current already is no step, and a new step ends what could be redone", () => {
  const { world, undo, show, ends } = tab()
  for (const address of ["", "stride=3", "stride=3", "stride=4"]) show(address)
  undo.undo()
  undo.undo()
  assert.deepEqual([world.address, ...ends()], ["", false, true])
  show("groups=2")
  assert.deepEqual(ends(), [true, false])
  undo.undo()
  assert.equal(world.address, "")
})

test("keystrokes on one control within a second of one another are one step", () => {
  const { world, undo, show, type } = tab()
  show("")
  for (const [value, ms] of [
    [3, 0],
    [4, 900],
    [5, 900],
  ])
    type(`stride=${value}`, ms)
  type("stride=6", 1000)
  type("stride=6&groups=2", 10)
  const seen = []
  while (undo.canUndo) {
    undo.undo()
    seen.push(world.address)
  }
  assert.deepEqual(seen, ["stride=6", "stride=5", ""])
})

test("quick releases by the mouse are steps of their own", () => {
  const { world, undo, show, type } = tab()
  show("")
  type("stride=3", 0)
  show("stride=4")
  show("stride=5")
  undo.undo()
  assert.equal(world.address, "stride=4")
  undo.undo()
  assert.equal(world.address, "stride=3")
})

test("typing that comes back to where it began leaves no step", () => {
  const { undo, show, type, ends } = tab()
  show("")
  type("stride=3", 0)
  type("", 100)
  assert.deepEqual([undo.addresses, ...ends()], [[""], false, false])
})

test("keystrokes after a step back do not change what they came back to", () => {
  const { world, undo, show, type } = tab()
  show("")
  type("stride=3", 0)
  type("stride=4", 2000)
  undo.undo()
  type("stride=5", 10)
  undo.undo()
  assert.equal(world.address, "stride=3")
})

test("a step that is shown in another way is no new step", () => {
  const { undo, show, world } = tab()
  const shown = ["stride=3", "stride=4", "stride=5"]
  for (const address of shown) show(address)
  undo.effects.restore = (address) => show(`${address}&showing=now`)
  undo.undo()
  assert.deepEqual([undo.canUndo, undo.canRedo, world.address], [true, true, "stride=4&showing=now"])
})

test("a slider that is held keeps its value", () => {
  const { world, undo, show } = tab()
  for (const address of ["", "stride=3", "stride=4"]) show(address)
  undo.undo()
  world.held = true
  undo.undo()
  undo.redo()
  assert.equal(world.address, "stride=3")
})

test("a reload keeps the steps, each lesson has its own", () => {
  const before = tab()
  for (const address of ["", "stride=3", "stride=4"]) before.show(address)
  before.undo.undo()
  before.show("picture=brick", "strided")
  const after = tab(before.world.storage)
  after.show("stride=3")
  assert.deepEqual(after.ends(), [true, true])
  after.undo.redo()
  assert.equal(after.world.address, "stride=4")
  after.show("picture=brick", "strided")
  assert.deepEqual(after.ends(), [false, false])
})

test("another link in the same tab is a step", () => {
  const before = tab()
  for (const address of ["", "stride=3"]) before.show(address)
  const after = tab(before.world.storage)
  after.show("stride=7")
  after.undo.undo()
  assert.equal(after.world.address, "stride=3")
})

for (const text of ["", "{", "7", "[[1],0]", '[["a"],1]', '[["a"],-1]', '["a",0]']) {
  test(`damaged storage ${text} is an empty one`, () => {
    const { undo, show, ends } = tab(new Map([["lab", text]]))
    show("stride=3")
    assert.deepEqual([undo.addresses, ...ends()], [["stride=3"], false, false])
  })
}

test("there is a bound to the number and to the length of all addresses", () => {
  const { undo, show } = tab()
  for (let n = 0; n < 500; n++) show(`stride=${n}`)
  assert.equal(undo.addresses.length, 100)
  assert.equal(undo.addresses[undo.at], "stride=499")
  for (let n = 0; n < 50; n++) show(`cells=${String(n).padStart(20_000, "0")}`)
  assert.equal(undo.addresses.length, 14)
  show(`cells=${"9".repeat(400_000)}`)
  assert.equal(undo.addresses.length, 1, "the current one always stays")
})
