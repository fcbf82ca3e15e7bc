import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"
import {
  aroundLesson,
  carried,
  changeShell,
  hearShell,
  shellNow,
  shellOf,
  withShell,
} from "../../viz/ui/javascript/shell.js"
import { vectors } from "./vectors.js"

/** A window with an address; the history keeps only the current one. */
class Tab extends EventTarget {
  /** @param {string} address */
  constructor(address) {
    super()
    this.location = new URL(address, "http://localhost/")
    this.history = {
      state: null,
      replaceState: (/** @type {null} */ _state, /** @type {string} */ _title, /** @type {URL} */ url) => this.go(url),
    }
  }

  /** @param {string | URL} url */
  go(url) {
    this.location.href = new URL(url, this.location).href
  }

  /** @param {string} url */
  back(url) {
    this.go(url)
    this.dispatchEvent(new Event("popstate"))
  }
}

/** @param {string} address */
function open(address) {
  const tab = new Tab(address)
  const bound = ["addEventListener", "removeEventListener", "dispatchEvent"].map((name) => [name, tab[name].bind(tab)])
  Object.assign(globalThis, Object.fromEntries(bound), { location: tab.location, history: tab.history })
  delete globalThis.pointwiseShell
  return tab
}

beforeEach(() => open("/"))

for (const [query, shell] of vectors("shells")) {
  test(`the shell in ${JSON.stringify(query)}`, () => {
    const found = shellOf(new URLSearchParams(query).toString())
    assert.deepEqual(Object.entries(found), Object.entries(shell))
  })
}

test("of a repeated parameter the last one counts, as in Python", () => {
  assert.deepEqual(shellOf("?tour=2&tour=3"), { tour: "3" })
})

test("values stand behind Streamlit's own and in front of the lesson's", () => {
  assert.equal(
    withShell("?stride=3&embed=true&tour=1&x=a%20b", { present: "1" }),
    "embed=true&present=1&stride=3&x=a+b",
  )
  assert.equal(aroundLesson("?stride=3&tour=1&embed=true&present=1&x=2"), "embed=true&present=1&tour=1")
})

test("a change is one address more, told to all, and an empty value is removed", () => {
  const tab = open("/strided?stride=3")
  const heard = []
  const stop = hearShell((shell) => heard.push(shell))
  changeShell({ present: "1", tour: "3" })
  assert.equal(tab.location.href, "http://localhost/strided?present=1&tour=3&stride=3")
  changeShell({ tour: "" })
  assert.equal(tab.location.search, "?present=1&stride=3")
  changeShell({ present: "1", tour: "nonsense" })
  stop()
  changeShell({ present: "" })
  assert.deepEqual(heard, [{ present: "1", tour: "3" }, { present: "1" }])
  assert.equal(tab.location.search, "?stride=3")
})

test("Back keeps the values of now, and does not bring back what was removed", () => {
  const tab = open("/?stride=3")
  changeShell({ present: "1" })
  tab.back("/?stride=2")
  assert.equal(tab.location.search, "?present=1&stride=2")
  changeShell({ present: "" })
  tab.back("/?present=1&stride=3&pinned=stage%3Da")
  assert.equal(tab.location.search, "?stride=3&pinned=stage%3Da")
})

test("another page keeps the values, and a tour ends with its page", () => {
  open("/?present=1&tour=2&stride=3")
  assert.equal(carried("?stride=4").search, "?present=1&tour=2&stride=4")
  assert.equal(carried("/strided").search, "?present=1")
  assert.deepEqual(shellNow(), { present: "1" })
  const tab = open("/?room=K7QM2FXA&tour=2")
  shellNow()
  tab.back("/strided?tour=2")
  assert.equal(tab.location.search, "?room=K7QM2FXA")
})

test("an address that says the same keeps its text", () => {
  open("/?present=1")
  assert.equal(carried("/?stride=3&x=a%20b&present=1").search, "?stride=3&x=a%20b&present=1")
  assert.equal(carried(null).href, "http://localhost/?present=1")
})
