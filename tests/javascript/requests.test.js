import assert from "node:assert/strict"
import { test } from "node:test"
import { Requests } from "../../viz/ui/canvas/requests.js"
import { Clock } from "./clock.js"

const SIDE = 100

/** Maps as the route answers with them. */
function mapsOf(key, { mean = 1, reduced = false } = {}) {
  const stages = { s: { shape: [1, SIDE, SIDE] } }
  return { key, stage: "s", stages, blocks: { maps: { mean_of: mean } }, reduced }
}

/** A canvas' requests, with a hand, a server and a clock that wait to be told. */
class World {
  constructor() {
    this.clock = new Clock()
    this.wish = { key: "a", shownPx: SIDE, dragging: false }
    this.flights = []
    this.said = []
    this.header = null
    const say = (what) => (value) => this.said.push([what, value])
    this.requests = new Requests({
      ...this.clock.effects,
      wish: () => this.wish,
      shown: () => this.header,
      fetch: (flight) => this.fly(flight),
      arrived: (header) => {
        this.header = header
        this.said.push(["arrived", header.key])
      },
      reached: () => this.said.push(["reached"]),
      refused: (status, error) => this.said.push(["refused", status, error]),
      lost: () => this.said.push(["lost"]),
      blocked: say("blocked"),
      progress: say("progress"),
    })
  }

  fly(flight) {
    return new Promise((answer, fail) => {
      const { signal } = flight.controller
      signal.addEventListener("abort", () => fail(signal.reason))
      this.flights.push({ ...flight, signal, answer, fail })
    })
  }

  /** Wishes for something, and asks. */
  ask(key, others = {}) {
    this.wish = { ...this.wish, key, ...others }
    this.requests.ask()
  }

  /** The flight that is under way ends. */
  async land(answer) {
    const flight = this.flights.at(-1)
    flight.answer(answer === undefined ? { header: mapsOf(flight.key) } : answer)
    await settled()
  }

  async fail(error = new Error("unreachable")) {
    this.flights.at(-1).fail(error)
    await settled()
  }

  get asked() {
    return this.flights.map(({ key }) => key)
  }

  of(what) {
    return this.said.filter(([kind]) => kind === what)
  }
}

/** All promises that can go on have gone on. */
function settled() {
  return new Promise((resolve) => setImmediate(resolve))
}

test("one request is in flight, and the newest wish alone comes next", async () => {
  const world = new World()
  for (const key of ["a", "b", "c"]) world.ask(key)
  assert.deepEqual(world.asked, ["a"])
  await world.land()
  assert.deepEqual(world.asked, ["a", "c"])
  await world.land()
  assert.deepEqual(world.asked, ["a", "c"])
  assert.deepEqual(world.of("arrived"), [
    ["arrived", "a"],
    ["arrived", "c"],
  ])
})

test("what is on its way is not asked for again", async () => {
  const world = new World()
  world.ask("a")
  world.ask("b")
  world.ask("a") // the hand came back
  await world.land()
  assert.deepEqual(world.asked, ["a"])
})

test("the same in another size is asked for", async () => {
  const world = new World()
  world.ask("a")
  world.ask("a", { shownPx: 50 })
  await world.land()
  assert.deepEqual(
    world.flights.map(({ shownPx }) => shownPx),
    [SIDE, 50],
  )
})

test("a slow request is given up for a newer wish, a quick one is not", async () => {
  const world = new World()
  world.ask("a")
  world.clock.pass(400)
  world.ask("b")
  assert.equal(world.flights[0].signal.aborted, false)
  world.clock.pass(1)
  world.ask("c")
  assert.equal(world.flights[0].signal.aborted, true)
  await settled()
  assert.deepEqual(world.asked, ["a", "c"])
  assert.equal(world.requests.failures, 0, "an end of our own is no failure")
})

test("what was drawn a moment ago comes at once, without a request", async () => {
  const world = new World()
  world.ask("a")
  await world.land()
  world.ask("b")
  await world.land()
  world.ask("a")
  assert.deepEqual(world.asked, ["a", "b"])
  assert.equal(world.header.key, "a")
  world.ask("a")
  assert.equal(world.of("arrived").length, 3, "what is shown is not drawn again")
})

test("what was drawn a moment ago ends the wish that waits", async () => {
  const world = new World()
  world.ask("a")
  await world.land()
  world.ask("b")
  world.ask("c")
  world.ask("a")
  await world.land()
  assert.deepEqual(world.asked, ["a", "b"])
})

test("maps averaged for another size are asked for anew", async () => {
  const world = new World()
  world.ask("a", { shownPx: 50 })
  await world.land({ header: mapsOf("a", { mean: 2 }) })
  world.ask("a", { shownPx: SIDE })
  assert.deepEqual(world.asked, ["a", "a"])
})

test("six are kept, and none after they are forgotten", async () => {
  const world = new World()
  for (const key of "abcdefg") {
    world.ask(key)
    await world.land()
  }
  world.ask("b")
  assert.equal(world.asked.length, 7)
  world.ask("a")
  assert.equal(world.asked.length, 8, "the oldest was dropped")
  await world.land()
  world.ask("g")
  assert.equal(world.asked.length, 8)
  world.requests.forget()
  world.ask("f")
  assert.equal(world.asked.length, 9)
})

test("a moving hand says so, one that has come to rest does not", async () => {
  const world = new World()
  world.ask("a", { dragging: true })
  assert.equal(world.flights[0].moving, true)
  await world.land({ header: mapsOf("a", { mean: 2, reduced: true }) })
  world.clock.pass(249)
  assert.equal(world.asked.length, 1)
  world.clock.pass(1)
  assert.deepEqual([world.asked, world.flights[1].moving], [["a", "a"], false])
  await world.land()
  assert.equal(world.header.reduced, false)
  world.ask("b")
  assert.equal(world.flights[2].moving, true, "it moves again")
})

test("small maps are followed by full ones when the hand rests, at once when it lets go", async () => {
  const world = new World()
  const small = (key) => ({ header: mapsOf(key, { mean: 2, reduced: true }) })
  world.ask("a", { dragging: true })
  await world.land(small("a"))
  world.clock.pass(200)
  world.ask("b")
  await world.land(small("b"))
  world.clock.pass(200)
  assert.deepEqual(world.asked, ["a", "b"], "it has not rested yet")
  world.ask("b", { dragging: false })
  assert.deepEqual([world.asked.at(-1), world.flights.at(-1).moving], ["b", false])
})

test("maps that are as fine as asked for are not small, whatever is said", async () => {
  const world = new World()
  world.ask("a", { shownPx: 50 })
  await world.land({ header: mapsOf("a", { mean: 2, reduced: true }) })
  assert.equal(world.header.reduced, false)
  world.clock.pass(1000)
  assert.deepEqual(world.asked, ["a"])
})

test("progress shows after a while, and until all is there", async () => {
  const world = new World()
  world.ask("a")
  world.clock.pass(299)
  assert.deepEqual(world.of("progress"), [])
  world.clock.pass(1)
  world.ask("b")
  await world.land()
  assert.deepEqual(world.of("progress"), [["progress", true]])
  await world.land()
  assert.deepEqual(world.of("progress"), [
    ["progress", true],
    ["progress", false],
  ])
  world.clock.pass(1000)
  assert.equal(world.of("progress").length, 2)
})

test("a route that is not reached is tried again; at the second time Python is to send the maps", async () => {
  const world = new World()
  world.ask("a")
  await world.fail()
  assert.deepEqual([world.of("blocked"), world.of("lost")], [[], []])
  world.clock.pass(1499)
  assert.equal(world.asked.length, 1)
  world.clock.pass(1)
  await world.fail()
  assert.deepEqual([world.of("blocked"), world.of("lost")], [[["blocked", SIDE]], [["lost"]]])
  world.clock.pass(1500)
  await world.fail()
  assert.deepEqual(world.of("blocked"), [["blocked", SIDE]], "it is said once")
  world.clock.pass(1500)
  await world.land()
  assert.deepEqual(world.of("blocked").at(-1), ["blocked", null])
  assert.equal(world.requests.failures, 0)
})

test("maps that cannot be drawn are a failure, not the end", async () => {
  const world = new World()
  world.requests.effects.arrived = () => {
    throw new Error("cannot be drawn")
  }
  world.ask("a")
  await world.land()
  assert.equal(world.requests.failures, 1)
  world.ask("b")
  assert.deepEqual(world.asked, ["a", "b"])
})

test("what is refused is said; a busy server is asked again", async () => {
  const world = new World()
  world.ask("a")
  await world.land({ status: 400, error: "no difference" })
  assert.deepEqual(world.of("refused"), [["refused", 400, "no difference"]])
  world.clock.pass(5000)
  assert.deepEqual(world.asked, ["a"])
  world.ask("b")
  await world.land({ status: 503, error: "busy" })
  world.clock.pass(1500)
  assert.deepEqual(world.asked, ["a", "b", "b"])
})

test("a request that a newer one replaced at the server says nothing", async () => {
  const world = new World()
  world.ask("a")
  await world.land(null)
  assert.deepEqual([world.said, world.requests.failures], [[["progress", false]], 0])
})
