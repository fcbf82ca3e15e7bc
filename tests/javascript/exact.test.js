import assert from "node:assert/strict"
import { test } from "node:test"
import { ExactColumns } from "../../viz/ui/canvas/exact.js"
import { Clock } from "./clock.js"

const REST_MS = 80

/** What is looked at, a server and a clock that wait to be told. */
class World {
  constructor() {
    this.clock = new Clock()
    this.look = { key: "a", place: "1.2" }
    this.moving = false
    this.flights = []
    this.arrived = 0
    this.exact = new ExactColumns({
      ...this.clock.effects,
      look: () => this.look,
      moving: () => this.moving,
      fetch: (look, signal) =>
        new Promise((answer, fail) => {
          signal.addEventListener("abort", () => fail(signal.reason))
          this.flights.push({ ...look, signal, answer, fail })
        }),
      arrived: () => {
        this.arrived += 1
      },
    })
  }

  /** Looks at a place, and lets so many milliseconds pass. */
  at(place, ms = REST_MS, key = "a") {
    this.look = place === null ? null : { key, place }
    this.exact.ask()
    this.clock.pass(ms)
  }

  async land(answer = { values: [this.flights.length] }) {
    this.flights.at(-1).answer(answer)
    await settled()
  }

  get asked() {
    return this.flights.map(({ place }) => place)
  }
}

function settled() {
  return new Promise((resolve) => setImmediate(resolve))
}

test("a column is requested after a rest, not while the pointer moves", () => {
  const world = new World()
  for (const place of ["1.1", "1.2", "1.3"]) world.at(place, REST_MS - 1)
  assert.deepEqual(world.asked, [])
  world.clock.pass(1)
  assert.deepEqual(world.asked, ["1.3"])
})

test("it is exact once it is here, and only for its own place and maps", async () => {
  const world = new World()
  world.at("1.1")
  assert.equal(world.exact.column, null)
  await world.land({ values: [0.25] })
  assert.equal(world.arrived, 1)
  assert.deepEqual(world.exact.column, { values: [0.25] })
  for (const [place, key] of [
    ["1.2", "a"],
    ["1.1", "b"],
  ]) {
    world.look = { key, place }
    assert.equal(world.exact.column, null)
  }
  world.look = null
  assert.equal(world.exact.column, null)
})

test("what is here is not requested again", async () => {
  const world = new World()
  world.at("1.1")
  await world.land()
  world.at("1.2")
  await world.land()
  world.at("1.1")
  assert.deepEqual(world.asked, ["1.1", "1.2"])
})

test("one request is in flight, and the newest wish alone comes next", async () => {
  const world = new World()
  world.at("1.1")
  world.at("1.2")
  assert.equal(world.flights[0].signal.aborted, true)
  assert.equal(world.flights.length, 1)
  world.look = { key: "a", place: "1.3" }
  await settled()
  assert.deepEqual(world.asked, ["1.1", "1.3"])
})

test("a flight to where the pointer came back is left alone", () => {
  const world = new World()
  world.at("1.1")
  world.at("1.2", REST_MS - 1)
  world.at("1.1")
  assert.deepEqual([world.asked, world.flights[0].signal.aborted], [["1.1"], false])
})

test("maps that are about to be drawn come first", async () => {
  const world = new World()
  world.moving = true
  world.at("1.1", 10 * REST_MS)
  assert.deepEqual(world.asked, [])
  world.moving = false
  world.clock.pass(REST_MS)
  assert.deepEqual(world.asked, ["1.1"])
})

test("without a unit to read nothing is requested", () => {
  const world = new World()
  world.at(null, 10 * REST_MS)
  assert.deepEqual(world.asked, [])
})

test("a place that has no column is not requested again", async () => {
  const world = new World()
  world.at("1.1")
  await world.land(null)
  world.at("1.1", 10 * REST_MS)
  assert.deepEqual([world.asked, world.exact.column], [["1.1"], null])
})

test("a busy server is asked again later", async () => {
  const world = new World()
  world.at("1.1")
  await world.land("busy")
  world.clock.pass(1499)
  assert.equal(world.flights.length, 1)
  world.clock.pass(1)
  await world.land({ values: [7] })
  assert.deepEqual(world.exact.column, { values: [7] })
})

test("an unreachable route is asked again only at the next move", async () => {
  const world = new World()
  world.at("1.1")
  world.flights[0].fail(new Error("unreachable"))
  await settled()
  world.clock.pass(60_000)
  assert.equal(world.flights.length, 1)
  world.at("1.1")
  assert.equal(world.flights.length, 2)
})

test("the oldest columns make room", async () => {
  const world = new World()
  for (let n = 0; n < 257; n++) {
    world.at(`0.${n}`)
    await world.land()
  }
  assert.equal(world.exact.kept.size, 256)
  world.at("0.0")
  assert.equal(world.asked.at(-1), "0.0")
})

test("after a forget everything is requested anew", async () => {
  const world = new World()
  world.at("1.1")
  await world.land()
  world.exact.forget()
  world.at("1.1")
  assert.equal(world.flights.length, 2)
})
