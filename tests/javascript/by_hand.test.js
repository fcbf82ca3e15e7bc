import assert from "node:assert/strict"
import { test } from "node:test"
import { add, pressed, put, removeAll, select } from "../../viz/ui/javascript/by_hand.js"

/** @typedef {[number, number]} Item */

/**
 * @param {Item[]} items
 * @param {{most?: number, disabled?: boolean}} given
 */
function hand(items, { most = 3, disabled = false } = {}) {
  /** @type {{revision: number, items: Item[]}[]} */
  const told = []
  const data = { items, most, disabled, revision: 0, language: "en" }
  const begun = { data, items, selected: -1, from: null, sent: 0, timer: undefined }
  const s = /** @type {import("../../viz/ui/javascript/by_hand.js").ByHand<Item, any>} */ (
    /** @type {unknown} */ ({ ...begun, tell: told.push.bind(told) })
  )
  return { s, told }
}

/**
 * @param {ReturnType<typeof hand>["s"]} s
 * @param {string} key
 * @param {Partial<KeyboardEvent>} held
 */
function press(s, key, held = {}) {
  const event = /** @type {KeyboardEvent} */ (/** @type {unknown} */ ({ key, preventDefault: () => {}, ...held }))
  /** @type {(item: Item, steps: [number, number], isFar: boolean) => Item} */
  const moved = ([row, column], [down, along], isFar) => [
    Math.max(0, row + down * (isFar ? 4 : 1)),
    Math.max(0, column + along * (isFar ? 4 : 1)),
  ]
  return pressed(s, event, moved, (each) => (each === "n" ? () => add(s, [9, 9]) : undefined))
}

test("what is added is selected and told, but not beyond the most", () => {
  const { s, told } = hand([[0, 0]], { most: 2 })
  for (let n = 0; n < 3; n++) assert.equal(press(s, "n"), true)
  const both = [
    [0, 0],
    [9, 9],
  ]
  assert.deepEqual([s.items, s.selected], [both, 1])
  assert.deepEqual(told, [{ revision: 1, items: both }])
})

test("Page Down and Page Up go round, Escape selects none, Delete removes the selected one", () => {
  const { s, told } = hand([
    [1, 1],
    [2, 2],
  ])
  const selected = ["PageDown", "PageDown", "PageDown", "PageUp", "PageUp", "Escape", "Delete", "PageUp"].map((key) => {
    press(s, key)
    return s.selected
  })
  assert.deepEqual(selected, [0, 1, 0, 1, 0, -1, -1, 1])
  assert.deepEqual(told, [], "nothing was selected to be removed")
  press(s, "Delete")
  assert.deepEqual([s.items, s.selected, told], [[[1, 1]], -1, [{ revision: 1, items: [[1, 1]] }]])
  removeAll(s)
  assert.deepEqual(told[1], { revision: 2, items: [] })
})

test("arrows move the selected item, with Shift further, and are told once, when they rest", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  const { s, told } = hand([[5, 5]])
  press(s, "ArrowUp")
  assert.deepEqual(s.items, [[5, 5]], "none is selected")
  select(s, 0)
  press(s, "ArrowUp", { shiftKey: true })
  press(s, "ArrowRight")
  assert.deepEqual([s.items, told], [[[1, 6]], []])
  context.mock.timers.tick(1000)
  assert.deepEqual(told, [{ revision: 1, items: [[1, 6]] }])
})

test("a move that an edge stops is not told", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  const { s, told } = hand([[0, 0]])
  select(s, 0)
  assert.equal(press(s, "ArrowLeft"), true)
  context.mock.timers.tick(1000)
  assert.deepEqual(told, [])
  assert.equal(put(s, [0, 0]), false)
})

test("the page keeps its own keys, and all of them while nothing can be set", () => {
  const { s } = hand([[0, 0]])
  assert.equal(press(s, "a"), false)
  assert.equal(press(s, "Delete", { ctrlKey: true }), false)
  assert.equal(press(hand([[0, 0]], { disabled: true }).s, "n"), false)
})
