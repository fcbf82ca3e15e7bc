// What crosses to the server: the buffer of the wanted setting, and the commit of a chosen one.

const PATIENCE_MS = 400 // after this a request in flight is given up for a newer one
const RETRY_MS = 1500
const PROGRESS_MS = 300
const COMMIT_PATIENCE_MS = 5000
const COMMIT_AT_LATEST_MS = 300
const REST_MS = 250 // so long a hand has not moved when it rests
const SMALLEST_PX = 8
const LARGEST_PX = 512 // no map is larger
const UPLOAD = /^[0-9a-f]{64}$/ // an uploaded picture's digest
const LONGEST_ADDRESS = 6000

// What the address says: only what differs from the defaults; parameters of others stay first.
function search(s) {
  const query = new URLSearchParams()
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (name === "embed" || name === "embed_options") query.append(name, value)
  }
  for (const [name, value] of Object.entries(ours(s))) query.set(name, value)
  return query.toString()
}

function ours(s) {
  return changed(s, s.values)
}

// Values that differ from the defaults.
function changed(s, values) {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => name in s.fields && value !== s.fields[name].default),
  )
}

function addressed(s) {
  const query = new URLSearchParams(search(s))
  for (const name of query.keys()) {
    if (s.fields[name]?.kind === "cells") {
      query.set(name, query.get(name).split("_").slice(0, s.most_cells).join("_"))
    }
  }
  return query.toString()
}

// What the maps do not depend on: how they are looked at, and the pin where it is not subtracted.
const NOT_ASKED = {
  now: ["scale", "card", "unit", "pinned", "showing"],
  pinned: NOT_PINNED,
  difference: ["scale", "card", "unit", "others", "channel"],
}

// Asks for the maps of the present values: one request in flight, the newest waits. What was drawn
// a moment ago is drawn again at once, so that flipping costs no time.
function request(s) {
  const key = asked(s)
  const recent = s.recent.get(key)
  if (recent && recent.blocks.maps.mean_of === meanFor(recent, s.shownPx())) {
    s.wanted = false
    if (recent !== s.header) s.arrived(recent)
    return
  }
  if (s.flying?.key === key && s.flying.shown === s.shownPx()) {
    s.wanted = false // it is on its way: a release asks for what the last step asked for
    return
  }
  s.wanted = true
  if (s.flying) {
    if (performance.now() - s.flying.since > PATIENCE_MS) s.flying.controller.abort()
    return
  }
  fly(s)
}

// What the maps depend on, as the route is asked for it.
function asked(s) {
  const query = changed(s, drawnValues(s))
  for (const name of NOT_ASKED[s.values.showing]) delete query[name]
  for (const name of Object.keys(query)) if (s.fields[name].aside) delete query[name]
  return new URLSearchParams(query).toString()
}

function longestSide(header) {
  const shapes = header.side_by_side?.shapes ?? [header.stages[header.stage].shape.slice(1)]
  return Math.max(...shapes.flat())
}

// How many units a side are averaged when maps are drawn so large, as the server reckons it.
function meanFor(header, shown) {
  return Math.max(1, Math.ceil(longestSide(header) / shown))
}

// How large maps are asked for that are drawn with so many device pixels. In steps, so that windows
// of different sizes ask for the same and are answered from one buffer. Rounded down, for what is
// sent larger than it is drawn would alias. Where a step down would average more than the room asks
// for, it is the size that the maps have when they are averaged as they should be.
function shownStep(header, pixels) {
  const room = Math.max(SMALLEST_PX, Math.min(LARGEST_PX, Math.round(pixels)))
  const step = room < 16 ? SMALLEST_PX : room < 128 ? 16 : 32
  const averaged = Math.ceil(longestSide(header) / meanFor(header, room))
  return Math.max(Math.floor(room / step) * step, averaged)
}

function remember(s, key, header) {
  s.recent.delete(key)
  s.recent.set(key, header)
  if (s.recent.size > KEPT_BUFFERS) s.recent.delete(s.recent.keys().next().value)
  return header
}

async function fly(s) {
  s.wanted = false
  const controller = new AbortController()
  s.flying = { controller, since: performance.now(), key: asked(s), shown: s.shownPx(), moving: moving(s) }
  const progress = setTimeout(() => s.el.progress.classList.add("on"), PROGRESS_MS)
  try {
    const header = await fetched(s, controller.signal)
    if (header) s.arrived(header)
    if (header?.reduced) askAtRest(s)
  } catch (error) {
    if (error.name !== "AbortError") failed(s)
  } finally {
    clearTimeout(progress)
    s.flying = null
    if (s.wanted) fly(s)
    else s.el.progress.classList.remove("on")
  }
}

async function fetched(s, signal) {
  const { key, shown, moving } = s.flying
  const query = `${key}&${new URLSearchParams({ shown_px: shown, ...(s.settles && !s.dragging ? { settled: "1" } : {}) })}`
  // whose it is stands beside the address: equal views have equal addresses
  const headers = { "X-Pointwise-Token": s.token, ...(moving ? { "X-Pointwise-Dragging": "1" } : {}) }
  const path = `maps/${s.slug}`
  const post = query.length > LONGEST_ADDRESS
  const answer = post
    ? await fetch(path, { method: "POST", body: query, headers, signal })
    : await fetch(`${path}?${query}`, { headers, signal })
  const type = answer.headers.get("content-type") ?? ""
  if (type.startsWith("application/octet-stream")) {
    reached(s)
    const header = unpack(await answer.arrayBuffer())
    header.reduced = answer.headers.has("X-Pointwise-Reduced") && header.blocks.maps.mean_of > meanFor(header, shown)
    return remember(s, key, header)
  }
  if (answer.status === 409) return null
  if (!type.startsWith("application/json")) throw new Error("not ours")
  const { error } = await answer.json()
  const gone = answer.status === 404 && UPLOAD.test(s.values.picture) && s.pictureName
  s.notice(gone ? s.t("“{name}” had to make room; please upload it again.", { name: s.pictureName }) : s.t(error))
  if (answer.status === 400 && s.values.showing === "difference") show(s, { showing: "now" })
  if (answer.status === 503) setTimeout(() => request(s), RETRY_MS)
  return null
}

// Whether the hand is at a slider and has not come to rest there.
function moving(s) {
  return Boolean(s.dragging) && s.rested !== asked(s)
}

// Where many wait, a moving hand gets smaller maps; the full ones follow when it rests or lets go.
function askAtRest(s) {
  clearTimeout(s.restTimer)
  s.restTimer = setTimeout(
    () => {
      s.rested = asked(s)
      request(s)
    },
    s.dragging ? REST_MS : 0,
  )
}

// No answer: either the server is gone, and the last maps stay until it is back, or our route alone
// cannot be reached; then Python hears of it and sends the buffer with its own data: slower, never
// broken. Which of the two it is shows in whether Python hears.
function failed(s) {
  s.failures += 1
  setTimeout(() => request(s), RETRY_MS)
  if (s.failures === 2) s.setStateValue("blocked", { shown_px: s.shownPx() })
  if (s.failures >= 2 && !s.inline) lost(s)
}

function lost(s) {
  s.notice(s.t("No connection just now; the last maps stay. Trying again …"))
}

// Streamlit says on its root whether the page is connected. When it is again, the server may have
// begun anew: it is asked for the maps and told what stands here, though nobody has touched a thing.
function watchConnection(s) {
  const app = document.querySelector('[data-testid="stApp"]')
  if (!app) return
  const root = app.closest("#root")
  const state = () => app.getAttribute("data-test-connection-state")
  let connected = true
  s.connection = new MutationObserver(() => {
    const now = state() === "CONNECTED"
    if (!now) root?.removeAttribute("inert") // of a dialog that is not shown: the page stays in hand
    if (now === connected) return
    connected = now
    if (!connected) return lost(s)
    s.recent.clear()
    s.committing = null
    request(s)
    commit(s)
  })
  s.connection.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] })
  if (root) s.connection.observe(root, { attributes: true, attributeFilter: ["inert"] })
}

// Our route answers: Python need not send anything any more.
function reached(s) {
  s.notice("")
  if (s.failures >= 2) s.setStateValue("blocked", null)
  s.failures = 0
}

// Commits once the maps that are on their way have been painted: what the hand did comes first.
function commitAfterDrawing(s) {
  if (!s.flying) return commit(s)
  s.commitDue = true
  clearTimeout(s.commitTimer)
  s.commitTimer = setTimeout(() => commitIfDue(s), COMMIT_AT_LATEST_MS)
}

function commitIfDue(s) {
  if (!s.commitDue) return
  s.commitDue = false
  clearTimeout(s.commitTimer)
  commit(s)
}

// Tells the address, then Python: on release, on a click. One commit in flight, the newest waits:
// the address may not run ahead of the commit, or Python's answer would look like a new address.
function commit(s) {
  s.revision += 1
  if (s.committing && performance.now() - s.committing.since < COMMIT_PATIENCE_MS) {
    s.recommit = true
    return
  }
  const query = addressed(s)
  history.replaceState(history.state, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`)
  s.committing = { revision: s.revision, since: performance.now() }
  s.setStateValue("commit", { revision: s.revision, search: search(s) })
}

// What stands below the canvas follows when the hand lets go; until then it is marked as old.
function markOld(s) {
  const old = Boolean(s.dragging || s.committing || s.commitDue)
  document.querySelector(".st-key-parts")?.toggleAttribute("data-old", old)
}

// Python has answered: is it the answer to the last commit?
function answered(s, revision) {
  if (s.committing && revision >= s.committing.revision) s.committing = null
  if (!s.committing && s.recommit) {
    s.recommit = false
    s.revision -= 1
    commit(s)
  }
  return !s.committing && !s.commitDue && revision >= s.revision
}
