import assert from "node:assert/strict"
import { test } from "node:test"
import { Commits } from "../../viz/ui/canvas/commits.js"
import { Clock } from "./clock.js"

function world(revision = 7) {
  const clock = new Clock()
  /** @type {number[]} */
  const sent = []
  const commits = new Commits({ ...clock.effects, commit: (number) => sent.push(number) }, revision)
  return { clock, commits, sent }
}

test("a commit carries the next revision, and its answer ends it", () => {
  const { commits, sent } = world()
  commits.commitAfterDrawing(false)
  assert.deepEqual([sent, commits.open], [[8], true])
  assert.equal(commits.answered(7), false, "an older answer")
  assert.equal(commits.open, true)
  assert.equal(commits.answered(8), true)
  assert.equal(commits.open, false)
})

test("one commit is in flight, and the newest waits", () => {
  const { commits, sent } = world()
  for (const _ of [1, 2, 3]) commits.commit()
  assert.deepEqual(sent, [8])
  assert.equal(commits.answered(8), false, "what waited is in flight now")
  assert.deepEqual(sent, [8, 10])
  assert.equal(commits.answered(9), false)
  assert.equal(commits.answered(10), true)
  assert.deepEqual(sent, [8, 10])
})

test("an answer that never comes is not waited for", () => {
  const { clock, commits, sent } = world()
  commits.commit()
  clock.pass(4999)
  commits.commit()
  assert.deepEqual(sent, [8])
  clock.pass(1)
  commits.commit()
  assert.deepEqual(sent, [8, 10])
})

test("maps that are on their way are painted first", () => {
  const { clock, commits, sent } = world()
  commits.commitAfterDrawing(true)
  assert.deepEqual([sent, commits.open], [[], true])
  assert.equal(commits.answered(7), false, "values of before may not come back")
  commits.commitIfDue()
  assert.deepEqual(sent, [8])
  commits.answered(8)
  clock.pass(1000)
  commits.commitIfDue()
  assert.deepEqual(sent, [8], "once")
})

test("but they are not waited for long", () => {
  const { clock, commits, sent } = world()
  commits.commitAfterDrawing(true)
  clock.pass(200)
  commits.commitAfterDrawing(true)
  clock.pass(299)
  assert.deepEqual(sent, [])
  clock.pass(1)
  assert.deepEqual(sent, [8])
})

test("another session begins anew, with numbers it has not seen", () => {
  const { commits, sent } = world()
  commits.commit()
  commits.commit()
  commits.begin(3)
  assert.equal(commits.open, false)
  commits.commit()
  assert.deepEqual(sent, [8, 10])
  commits.begin(20)
  commits.commit()
  assert.deepEqual(sent, [8, 10, 21])
  assert.equal(commits.answered(21), true)
  assert.deepEqual(sent, [8, 10, 21], "nothing of before is said again")
})

test("a lost connection answers nothing", () => {
  const { commits, sent } = world()
  commits.commit()
  commits.forget()
  assert.equal(commits.answered(7), false, "what comes now is of before")
  commits.commit()
  assert.deepEqual(sent, [8, 9])
})

test("a commit with time to spare is not hurried by maps, and comes once", () => {
  const { clock, commits, sent } = world()
  commits.commitLater(2000)
  assert.equal(commits.open, true, "Python's values are old until then")
  commits.commitIfDue()
  clock.pass(1999)
  assert.deepEqual(sent, [])
  clock.pass(1)
  assert.deepEqual(sent, [8])
  commits.answered(8)
  clock.pass(9000)
  assert.deepEqual([sent, commits.open], [[8], false])
})

test("what is held is committed with the next commit, and no second time", () => {
  const { clock, commits, sent } = world()
  commits.commitLater(2000)
  commits.hold()
  clock.pass(9000)
  assert.deepEqual([sent, commits.open], [[], true])
  commits.commitAfterDrawing(false)
  commits.answered(8)
  commits.commitIfDue()
  clock.pass(9000)
  assert.deepEqual([sent, commits.open], [[8], false])
})
