// One canvas on a page: its state, and the side effects of its requests and commits.

import { found } from "../javascript/elements.js"
import { visibleHeight } from "../javascript/floor.js"
import { hearShell } from "../javascript/shell.js"
import { translated } from "../javascript/translation.js"
import { show } from "./actions.js"
import { drawBars } from "./bars.js"
import { listenToChoosing } from "./choosing.js"
import { Commits } from "./commits.js"
import { watchConnection } from "./connection.js"
import { draw } from "./draw.js"
import { keepEntries } from "./entries.js"
import { ExactColumns } from "./exact.js"
import { followingOf, listenToLead, writeAddress } from "./following.js"
import { buildFrame, notice } from "./frame.js"
import { listenToKeys } from "./keys.js"
import { listenToLight } from "./light.js"
import { showLinks } from "./linking.js"
import { Moves } from "./moves.js"
import { inLanguage } from "./named.js"
import { listenToParts } from "./parts.js"
import { listenToPointer } from "./pointer.js"
import { showPointer } from "./reading.js"
import { Requests } from "./requests.js"
import { revealLinked } from "./reveal.js"
import { fetchColumn, fetchMaps } from "./route.js"
import { listenToSaving } from "./save_view.js"
import { listenToPrinting } from "./sheet.js"
import { isDrawn } from "./state.js"
import { listenToHand, undoOf } from "./steps.js"
import { currentUnit, pixelOf, wantedColumn } from "./units.js"
import { asked, search } from "./values.js"

/** @import {Data, Header, State} from "./state.js" */

const FIRST_PX = 128 // a map's longer side before its size on screen is known
const UPLOAD = /^[0-9a-f]{64}$/ // an uploaded picture's digest

const CLOCK = {
  now: () => performance.now(),
  later: (/** @type {() => void} */ run, /** @type {number} */ ms) => window.setTimeout(run, ms),
  cancel: (/** @type {number | undefined} */ timer) => window.clearTimeout(timer),
}

/**
 * @param {ParentNode} parentElement
 * @param {Data} data
 */
export function create(parentElement, data) {
  const s = emptyState(found(parentElement, ".canvas"), data)
  s.requests = requestsOf(s)
  s.exact = columnsOf(s)
  s.commits = commitsOf(s, data.revision)
  s.undo = undoOf(s)
  s.following = followingOf(s, CLOCK)
  s.redraw = () => {
    if (!s.requests.flight) draw(s)
  }
  buildFrame(s)
  revealLinked()
  listenToPointer(s)
  listenToParts(s)
  const resize = new ResizeObserver(() => resized(s))
  resize.observe(s.el.lab)
  resize.observe(document.documentElement)
  const page = document.querySelector('[data-testid="stMainBlockContainer"]')
  if (page) resize.observe(page) // a question above the canvas leaves it less room
  keepEntries(() => s.path)
  const ends = [
    listenToKeys(s),
    listenToHand(s),
    listenToLead(s),
    listenToLight(s),
    listenToChoosing(s),
    listenToSaving(s),
    listenToPrinting(s),
    hearShell(() => requestAnimationFrame(() => draw(s))),
  ]
  const connection = watchConnection(
    () => sayLost(s),
    () => backAgain(s),
  )
  const end = () => {
    resize.disconnect()
    connection?.disconnect()
    s.commits.clear()
    for (const each of ends) each()
  }
  return { state: s, end }
}

/**
 * The other fields are set by `create` and by the first update.
 * @param {HTMLElement} root
 * @param {Data} data
 */
function emptyState(root, { language }) {
  /** @type {Partial<State>} */
  const begun = {
    root,
    language,
    el: /** @type {State["el"]} */ ({}),
    values: {},
    ownNames: {},
    isNewServer: false,
    path: "",
    typed: false,
    refused: "",
    gone: false,
    inline: false,
    dragging: null,
    moves: new Moves((run) => requestAnimationFrame(run)),
    choosing: null,
    pointedCell: null,
    spot: null,
    home: false,
    lit: [],
    pointed: null,
    get hover() {
      return this.pointed?.place ?? null
    },
    set hover(place) {
      this.pointed = place && { part: "map", index: place.map, place }
    },
    rest: null,
    enlarged: null,
    cell: null,
    header: null,
    style: null,
  }
  const s = /** @type {State} */ (begun)
  s.t = (text, args, plural) => translated(s.language, text, args, plural)
  return s
}

/** @param {State} s */
function requestsOf(s) {
  return new Requests({
    ...CLOCK,
    wish: () => ({ key: asked(s), shownPx: s.wantedPx ?? FIRST_PX, dragging: s.dragging !== null }),
    shown: () => s.header,
    fetch: (flight) => fetchMaps(s, flight),
    arrived: (header) => arrived(s, header),
    reached: () => notice(s, ""),
    refused: (status, error) => refused(s, status, error),
    lost: () => {
      if (!s.inline) sayLost(s)
    },
    blocked: (shownPx) => s.setStateValue("blocked", shownPx === null ? null : { shown_px: shownPx }),
    progress: (on) => s.el.progress.classList.toggle("on", on),
  })
}

/** @param {State} s */
function columnsOf(s) {
  return new ExactColumns({
    ...CLOCK,
    look: () => (isDrawn(s) ? wantedColumn(s) : null),
    moving: () => s.requests.flight !== null,
    fetch: (look, signal) => fetchColumn(s, look, signal),
    arrived: () => {
      if (!isDrawn(s)) return
      showPointer(s)
      drawBars(s)
      showLinks(s)
    },
  })
}

/**
 * @param {State} s
 * @param {number} revision
 */
function commitsOf(s, revision) {
  const commit = (/** @type {number} */ number) => {
    writeAddress(s, s.following.leads ? "replaceState" : "pushState")
    const names = s.isNewServer ? { names: { ...s.ownNames } } : {} // another server may have the pictures
    s.isNewServer = false
    s.setStateValue("commit", { revision: number, search: search(s, location.search), ...names })
  }
  return new Commits({ ...CLOCK, commit }, revision)
}

/**
 * @param {State} s
 * @param {Header} header
 */
export function arrived(s, header) {
  keepPointer(s, header)
  s.header = inLanguage(s.language, header)
  if (s.style) draw(s) // at once, in the time before the frame
  requestAnimationFrame(() => {
    if (!s.style) draw(s) // the first time there is no layout before the frame
    setTimeout(() => s.commits.commitIfDue()) // after the frame is painted
  })
}

/**
 * The pointer stays on its unit where the new maps are averaged over more or fewer units.
 * @param {State} s
 * @param {Header} next
 */
function keepPointer(s, next) {
  const n = next.blocks.maps.mean_of
  if (s.hover && isDrawn(s) && n !== s.header.blocks.maps.mean_of) s.hover = pixelOf(currentUnit(s), n)
}

/**
 * @param {State} s
 * @param {number} status
 * @param {string} error
 */
function refused(s, status, error) {
  s.refused = asked(s)
  const name = status === 404 && UPLOAD.test(s.values.picture) ? s.ownNames[s.values.picture] : ""
  notice(s, name ? s.t("“{name}” is no longer here; please upload it again.", { name }) : s.t(error))
  if (status === 400 && s.values.showing === "difference" && !s.following.leads) show(s, { showing: "now" })
  else s.commits.commitIfDue() // nothing will be drawn that it could wait for
}

/** @param {State} s */
function sayLost(s) {
  notice(s, s.t("No connection; the last maps stay. Trying again …"))
}

/**
 * Requests the maps and commits the values again, for the server may have restarted.
 * @param {State} s
 */
function backAgain(s) {
  s.requests.forget()
  s.exact.forget()
  s.commits.forget()
  s.requests.ask()
  s.commits.commit()
}

/** @param {State} s */
function resized(s) {
  const above = /** @type {HTMLElement | null} */ (document.querySelector(".st-key-question"))
  const size = `${s.el.lab.clientWidth} ${visibleHeight()} ${above?.offsetHeight ?? 0}`
  if (!s.header || s.size === size) return
  s.size = size
  draw(s)
}
