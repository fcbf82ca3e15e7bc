import assert from "node:assert/strict"
import { test } from "node:test"
import { Newest } from "../../viz/ui/javascript/newest.js"
import { Clock } from "./clock.js"

const LEAST_MS = 40
const BUSY_MS = 500

/** A hand, a server and a clock that wait to be told. */
class World {
  constructor() {
    this.clock = new Clock()
    this.flights = []
    this.arrived = []
    this.newest = new Newest({
      ...this.clock.effects,
      fetch: (wish) => new Promise((answer, fail) => this.flights.push({ wish, answer, fail })),
      arrived: (wish, answer) => this.arrived.push([wish, answer]),
    })
  }

  async land(answer) {
    this.flights.at(-1).answer(answer)
    await settled()
  }

  get asked() {
    return this.flights.map(({ wish }) => wish)
  }
}

function settled() {
  return new Promise((resolve) => setImmediate(resolve))
}

test("the first wish is asked for at once, then one at a time and only the newest", async () => {
  const world = new World()
  for (const wish of ["a", "b", "c"]) world.newest.ask(wish)
  assert.deepEqual(world.asked, ["a"])
  await world.land(1)
  assert.deepEqual(world.arrived, [["a", 1]])
  world.clock.pass(LEAST_MS - 1)
  assert.deepEqual(world.asked, ["a"])
  world.clock.pass(1)
  assert.deepEqual(world.asked, ["a", "c"])
  await world.land(3)
  world.clock.pass(10 * LEAST_MS)
  assert.deepEqual(world.asked, ["a", "c"]) // it is answered
})

test("a slow server is asked no more often than it answers", async () => {
  const world = new World()
  world.newest.ask("a")
  world.newest.ask("b")
  world.clock.pass(300)
  await world.land(1)
  world.clock.pass(299)
  assert.deepEqual(world.asked, ["a"])
  world.clock.pass(1)
  assert.deepEqual(world.asked, ["a", "b"])
})

test("an answer that nobody wants any more is dropped", async () => {
  const world = new World()
  world.newest.ask("a")
  world.newest.ask(null)
  await world.land(1)
  world.clock.pass(LEAST_MS)
  assert.deepEqual([world.arrived, world.asked], [[], ["a"]])
  world.newest.ask("b")
  assert.deepEqual(world.asked, ["a", "b"])
})

test("a busy server is asked again after a while; one that refuses or is lost is not", async () => {
  const world = new World()
  world.newest.ask("a")
  await world.land("busy")
  world.clock.pass(BUSY_MS - 1)
  assert.deepEqual(world.asked, ["a"])
  world.clock.pass(1)
  assert.deepEqual(world.asked, ["a", "a"])
  await world.land(null)
  world.clock.pass(BUSY_MS)
  assert.equal(world.flights.length, 2)
  world.newest.ask("b")
  world.flights.at(-1).fail(new Error("lost"))
  await settled()
  world.clock.pass(BUSY_MS)
  assert.deepEqual([world.arrived, world.asked], [[], ["a", "a", "b"]])
})

test("after the end nothing is asked for", async () => {
  const world = new World()
  world.newest.ask("a")
  world.newest.ask("b")
  await world.land(1)
  world.newest.end()
  world.clock.pass(LEAST_MS)
  assert.deepEqual(world.asked, ["a"])
})
