import assert from "node:assert/strict"
import { test } from "node:test"
import { moodOf } from "../../viz/ui/room/banner.js"
import { Follower } from "../../viz/ui/room/follower.js"
import { Leader } from "../../viz/ui/room/leader.js"
import { newSecret } from "../../viz/ui/room/secret.js"
import { hyphened, UNTOLD } from "../../viz/ui/room/state.js"
import { Stream } from "../../viz/ui/room/stream.js"
import { Clock } from "./clock.js"

const settled = () => new Promise((done) => setTimeout(done))

/** @param {string} query */
function view(query, others = {}) {
  return { slug: "lab", query, live: false, pointer: /** @type {[number, number] | null} */ (null), ...others }
}

// ── The stream ──────────────────────────────────────────────────────────────────────────────────

function tab() {
  const clock = new Clock()
  const world = { visible: true, room: /** @type {"here" | "none" | "lost"} */ ("here"), open: 0, finds: 0 }
  /** @type {string[]} */
  const states = []
  /** @type {{heard: (kind: string, data: unknown) => void, failed: () => void}[]} */
  const lines = []
  const stream = new Stream({
    ...clock.effects,
    find: async () => {
      world.finds += 1
      return world.room
    },
    open: (_, heard, failed) => {
      world.open += 1
      lines.push({ heard, failed })
      return {
        close: () => {
          world.open -= 1
        },
      }
    },
    heard: () => {},
    stands: (state) => states.push(state),
    visible: () => world.visible,
    random: () => 0.5,
  })
  const hear = () => lines.at(-1)?.heard("room", {})
  const breaks = async () => {
    lines.at(-1)?.failed()
    await settled()
  }
  const pass = async (/** @type {number} */ ms) => {
    clock.pass(ms)
    await settled()
  }
  return { world, stream, states, hear, breaks, pass }
}

test("a tab has one stream, and none while it is hidden", async () => {
  const { world, stream, hear, pass } = tab()
  stream.begin("K7QM2FXA")
  stream.turned()
  await settled()
  hear()
  assert.equal(world.open, 1)
  const { finds } = world
  world.visible = false
  stream.turned()
  await pass(60_000)
  assert.deepEqual([world.open, world.finds], [0, finds])
  world.visible = true
  stream.turned()
  await settled()
  assert.equal(world.open, 1)
  stream.begin("AAAA0000")
  await settled()
  assert.equal(world.open, 1)
  stream.end("")
  await pass(60_000)
  assert.equal(world.open, 0)
})

test("a line that breaks is opened again after a moment, and says so meanwhile", async () => {
  const { world, stream, states, hear, breaks, pass } = tab()
  stream.begin("K7QM2FXA")
  await settled()
  hear()
  await breaks()
  assert.deepEqual([states, world.open], [["joining", "here", "lost"], 0])
  await pass(1999)
  assert.equal(world.open, 0)
  await pass(1)
  hear()
  assert.deepEqual([states.at(-1), world.open], ["here", 1])
})

test("a room that is not there yet is waited for; one that has gone has ended, but not at once", async () => {
  const { world, stream, states, hear, breaks, pass } = tab()
  world.room = "none"
  stream.begin("K7QM2FXA")
  await settled()
  for (let n = 0; n < 60; n++) await pass(2000)
  assert.deepEqual(states, ["joining", "none"])
  world.room = "here"
  await pass(2000)
  hear()
  world.room = "none"
  await breaks()
  for (let n = 0; n < 14; n++) await pass(2000)
  assert.equal(states.at(-1), "lost", "the lecturer's browser may open it again")
  for (let n = 0; n < 3; n++) await pass(2000)
  assert.equal(states.at(-1), "ended")
  const { finds } = world
  await pass(60_000)
  assert.equal(world.finds, finds)
})

// ── Who follows ─────────────────────────────────────────────────────────────────────────────────

function follower() {
  const clock = new Clock()
  const world = { wait: 0 }
  /** @type {string[]} */
  const told = []
  const each = new Follower({
    ...clock.effects,
    show: ({ query, live }) => told.push(`${live ? "live " : ""}${query}`),
    go: ({ slug }) => told.push(`go ${slug}`),
    point: (place) => told.push(place ? `at ${place}` : "nowhere"),
    wait: () => world.wait,
  })
  each.arrived("lab")
  const take = () => told.splice(0)
  return { each, clock, world, take }
}

test("a view is shown once, and the pointer moves without it", () => {
  const { each, take } = follower()
  each.take(view("stride=2", { live: true }))
  assert.deepEqual(take(), ["live stride=2", "nowhere"])
  each.take(view("stride=2", { live: true, pointer: [0.25, 0.5] }))
  assert.deepEqual(take(), ["at 0.25,0.5"])
  each.take(view("stride=2"))
  assert.deepEqual(take(), ["stride=2", "nowhere"], "a release is shown too")
})

test("who is on their own is shown nothing, and on the way back the newest view", () => {
  const { each, take } = follower()
  each.take(view("stride=2"))
  each.leave()
  take()
  each.take(view("stride=3"))
  each.take(view("stride=4"))
  assert.deepEqual(take(), [])
  each.back()
  assert.deepEqual(take(), ["stride=4", "nowhere"])
  each.leave()
  take()
  each.back()
  assert.deepEqual(take(), ["stride=4", "nowhere"], "also if nothing has come meanwhile")
})

test("the page goes to the lesson of the lecturer once, after its wait, and shows the newest there", () => {
  const { each, clock, world, take } = follower()
  each.take(view(""))
  take()
  world.wait = 3000
  each.take(view("", { slug: "strided" }))
  each.take(view("stride=3", { slug: "strided" }))
  clock.pass(2999)
  assert.deepEqual(take(), ["nowhere"])
  clock.pass(1)
  assert.deepEqual(take(), ["go strided"])
  each.take(view("stride=4", { slug: "strided" }))
  assert.deepEqual(take(), [], "it is on its way")
  each.arrived("strided")
  assert.deepEqual(take(), ["stride=4", "nowhere"])
})

test("who comes late or comes back goes at once, for the class does not go with them", () => {
  const { each, clock, world, take } = follower()
  world.wait = 3000
  each.take(view("", { slug: "strided" }))
  clock.pass(0)
  assert.deepEqual(take(), ["nowhere", "go strided"])
  each.arrived("strided")
  each.leave()
  each.take(view("", { slug: "inception" }))
  take()
  each.back()
  clock.pass(0)
  assert.deepEqual(take(), ["nowhere", "go inception"])
})

test("a page that does not come is asked for again", () => {
  const { each, clock, take } = follower()
  each.take(view("", { slug: "strided" }))
  clock.pass(7999)
  each.take(view("", { slug: "strided" }))
  clock.pass(1)
  each.take(view("", { slug: "strided" }))
  clock.pass(1)
  assert.deepEqual(
    take().filter((told) => told.startsWith("go")),
    ["go strided", "go strided"],
  )
})

for (const [how, ends] of Object.entries({
  "touches the page": (/** @type {Follower} */ each) => each.leave(),
  "sees the lecturer come back": (/** @type {Follower} */ each) => each.take(view("stride=2")),
  "leaves the room": (/** @type {Follower} */ each) => each.end(),
})) {
  test(`who ${how} before the page goes stays where they are`, () => {
    const { each, clock, world, take } = follower()
    each.take(view(""))
    world.wait = 3000
    each.take(view("", { slug: "strided" }))
    ends(each)
    clock.pass(9000)
    assert.ok(!take().some((told) => told.startsWith("go")))
  })
}

// ── Who leads ───────────────────────────────────────────────────────────────────────────────────

function lecturer() {
  const clock = new Clock()
  const world = { takes: true }
  /** @type {string[]} */
  const posted = []
  const leader = new Leader({
    ...clock.effects,
    post: async ({ query, live, pointer }) => {
      posted.push([live ? "live " : "", query, pointer ? ` at ${pointer}` : ""].join(""))
      return world.takes
    },
  })
  const move = (/** @type {string} */ query, live = false) => leader.move({ slug: "lab", query, live })
  const pass = async (/** @type {number} */ ms) => {
    await settled()
    clock.pass(ms)
    await settled()
  }
  return { leader, world, move, pass, posted }
}

test("a drag is posted nine times a second, and its end always", async () => {
  const { leader, move, pass, posted } = lecturer()
  leader.begin(false)
  for (let n = 1; n <= 60; n++) {
    move(`wave=${n}`, true)
    await pass(1000 / 60)
  }
  move("wave=60")
  await pass(200)
  assert.ok(posted.length >= 9 && posted.length <= 11, `${posted.length}`)
  assert.equal(posted.at(-1), "wave=60")
})

test("a view that the room did not take is posted again, the newest", async () => {
  const { leader, world, move, pass, posted } = lecturer()
  leader.begin(false)
  world.takes = false
  move("stride=2")
  for (const _ of [1, 2]) await pass(500)
  assert.deepEqual(posted, ["stride=2", "stride=2", "stride=2"])
  move("stride=3")
  world.takes = true
  for (const _ of [1, 2, 3]) await pass(500)
  assert.deepEqual(posted.slice(3), ["stride=3"])
})

test("nothing is posted before the tab leads or after, nor twice, nor the card with the answers", async () => {
  const { leader, move, pass, posted } = lecturer()
  move("stride=2")
  leader.point({ x: 0.5, y: 0.5 })
  await pass(200)
  assert.deepEqual(posted, [])
  leader.begin(false)
  await pass(200)
  move("stride=2&card=predict")
  await pass(200)
  leader.point({ x: 0.123456, y: 1 })
  await pass(200)
  leader.end()
  move("stride=4")
  await pass(1000)
  assert.deepEqual(posted, ["stride=2 at 0.5,0.5", "stride=2 at 0.123,1"])
})

test("a second device takes over the view of the room, and posts from its first touch on", async () => {
  const { leader, move, pass, posted } = lecturer()
  leader.begin(true)
  move("")
  await pass(200)
  assert.deepEqual(posted, [])
  assert.equal(leader.isOthers(view("stride=3")), true)
  move("stride=3")
  await pass(200)
  assert.deepEqual(posted, [], "the room has it")
  move("stride=5")
  await pass(200)
  assert.deepEqual(posted, ["stride=5"])
  assert.equal(leader.isOthers(view("stride=5")), false, "its own comes back to it")
  assert.equal(leader.isOthers(view("stride=6")), true)
})

test("after a reload the view of before is not another device's", async () => {
  const { leader, move, pass, posted } = lecturer()
  leader.begin(false)
  assert.equal(leader.isOthers(view("stride=3")), false)
  move("stride=3")
  await pass(200)
  assert.deepEqual(posted, ["stride=3"])
})

// ── What is said ────────────────────────────────────────────────────────────────────────────────

test("the strip says how it stands, and nothing to who leads", () => {
  const here = { code: "K7QM2FXA", secret: "", stands: /** @type {const} */ ("here"), told: UNTOLD }
  const [on, own] = [{ own: false }, { own: true }]
  assert.equal(moodOf({ ...here, follower: on }), "following")
  assert.equal(moodOf({ ...here, follower: own }), "own")
  assert.equal(moodOf({ ...here, follower: on, told: { ...UNTOLD, paused: true } }), "paused")
  assert.equal(moodOf({ ...here, follower: on, stands: "lost" }), "lost")
  assert.equal(moodOf({ ...here, follower: own, stands: "ended" }), "ended")
  assert.equal(moodOf({ ...here, follower: on, secret: "a" }), "")
  assert.equal(moodOf({ ...here, follower: on, stands: "" }), "")
})

test("a secret is 32 bytes, each time others, and a code is read in two halves", () => {
  const secrets = new Set(Array.from({ length: 50 }, newSecret))
  assert.equal(secrets.size, 50)
  for (const secret of secrets) assert.match(secret, /^[\w-]{43}$/)
  assert.equal(hyphened("k7qm2fxa"), "K7QM-2FXA")
  assert.equal(hyphened("K7QM-2FXA"), "K7QM-2FXA")
})
