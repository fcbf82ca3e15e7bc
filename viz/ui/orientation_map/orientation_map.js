// The preferred orientation of every pixel, and the responses to all orientations under the pointer.

import { Photo } from "../canvas/photo.js"
import { fetchColumn } from "../canvas/route.js"
import { fromBase64 } from "../javascript/buffer.js"
import { found, h } from "../javascript/elements.js"
import { standing } from "../javascript/instances.js"
import { Newest } from "../javascript/newest.js"
import { short } from "../javascript/numbers.js"
import { listenToPointed } from "../javascript/pointed.js"
import { listenToPixels } from "../javascript/pointing.js"
import { translated } from "../javascript/translation.js"
import { drawNeedles, drawOriented, pictureOfMap } from "./colouring.js"
import { energies, preferredOf } from "./responses.js"
import { wheelOf } from "./wheel.js"

/** @import {Column} from "../canvas/exact.js" */
/** @import {Pixel} from "../javascript/pointed.js" */
/** @import {Data, Elements, Numbers, State} from "./state.js" */

const TALLEST = 460 // CSS px, of the photo and of the map

/** @type {WeakMap<ParentNode, {state: State, end: () => void}>} */
const INSTANCES = new WeakMap()

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data}} component
 */
export default function orientation_map({ parentElement, data }) {
  const instance =
    standing(INSTANCES, parentElement, data.language) ?? create(found(parentElement, ".orientations"), data)
  INSTANCES.set(parentElement, instance)
  take(instance.state, data)
  requestAnimationFrame(() => drawAll(instance.state)) // also if only the theme has changed
  return () => {
    instance.end()
    INSTANCES.delete(parentElement)
  }
}

/**
 * @param {HTMLElement} root
 * @param {Data} data
 */
function create(root, data) {
  const el = build(root)
  /** @type {Partial<State>} */
  const begun = { root, el, data, photo: new Photo(el.photo), pointed: null, kept: null, numbers: null, width: 0 }
  const s = /** @type {State} */ (begun)
  s.newest = newestOf(s)
  for (const canvas of [el.photo, el.map]) listenToPixels(canvas, s, (pixel) => point(s, pixel))
  const deaf = listenToPointed((pixel) => point(s, pixel))
  const resize = new ResizeObserver(() => {
    if (root.clientWidth !== s.width) drawAll(s)
  })
  resize.observe(root)
  const end = () => {
    deaf()
    s.newest.end()
    resize.disconnect()
  }
  return { state: s, end }
}

/**
 * @param {HTMLElement} root
 * @returns {Elements}
 */
function build(root) {
  const pointed = { tabindex: 0, role: "application" }
  const el = {
    photo: h("canvas", { class: "photo", ...pointed }),
    map: h("canvas", { class: "map", ...pointed }),
    bar: h("div", { class: "bar" }),
    wheel: h("div", { class: "wheel" }),
    said: h("p", { class: "said", role: "status" }),
    titles: { map: h("h3"), photo: h("h3"), wheel: h("h3") },
  }
  root.replaceChildren(
    h(
      "div",
      { class: "parts" },
      h("section", {}, el.titles.map, el.map, el.bar),
      h("section", {}, el.titles.wheel, el.wheel, el.said),
      h("section", {}, el.titles.photo, el.photo),
    ),
  )
  return el
}

/** @param {State} s */
function newestOf(s) {
  return new Newest({
    now: () => performance.now(),
    later: (/** @type {() => void} */ run, /** @type {number} */ ms) => window.setTimeout(run, ms),
    cancel: (/** @type {number | undefined} */ timer) => window.clearTimeout(timer),
    fetch: (/** @type {Pixel} */ pixel) => fetchResponses(s.data, pixel),
    arrived: (/** @type {Pixel} */ _, /** @type {Numbers} */ numbers) => {
      s.numbers = numbers
      drawAll(s)
    },
  })
}

/**
 * Takes what Python says; what was fetched for other filters is of no use.
 * @param {State} s
 * @param {Data} data
 */
function take(s, data) {
  if (data.query !== s.data.query || String(data.numbers.pixel) !== String(s.data.numbers.pixel)) {
    s.kept = null
    s.numbers = null
  }
  if (!s.map || data.hues !== s.data.hues || data.lights !== s.data.lights) {
    const [, rows, columns] = data.boxes.shape
    const [hues, lights] = [data.hues, data.lights].map((bytes) => new Uint8Array(fromBase64(bytes)))
    s.map = { shape: [rows, columns], hues, lights }
    s.picture = pictureOfMap(s.map)
  }
  s.data = data
  s.t = (text, args, plural) => translated(data.language, text, args, plural)
  name(s)
  s.photo.show(data.photo, data.photo, () => drawAll(s))
  s.newest.ask(s.pointed ?? s.kept)
}

/** @param {State} s */
function name({ el, data, t }) {
  el.titles.map.textContent = t("Preferred orientation at every pixel")
  el.titles.photo.textContent = t("The photo")
  el.titles.wheel.textContent = t("All orientations at one pixel")
  const keys = t("arrows move the pixel, Space keeps it, Escape lets it go")
  el.photo.setAttribute("aria-label", `${t("The photo")}: ${keys}`)
  el.map.setAttribute("aria-label", `${data.alt}: ${keys}`)
  el.bar.replaceChildren(
    h("div", { class: "light" }),
    h(
      "div",
      { class: "ends" },
      h("span", {}, "0"),
      h("span", {}, t("strength")),
      h("span", {}, `≥ ${short(data.reach)}`),
    ),
  )
}

/**
 * Goes to a pixel; with null back to the one that was kept, or that the maps show.
 * @param {State} s
 * @param {Pixel | null} pixel
 */
function point(s, pixel) {
  if (String(pixel) === String(s.pointed) && pixel !== null) return
  s.pointed = pixel
  const wanted = pixel ?? s.kept
  s.newest.ask(wanted)
  if (wanted === null) s.numbers = null
  drawAll(s)
}

/**
 * The responses at a pixel, from the exact numbers of the filters there.
 * @param {Data} data
 * @param {Pixel} pixel
 * @returns {Promise<Numbers | "busy" | null>}
 */
async function fetchResponses(data, pixel) {
  const { signal } = new AbortController()
  const look = { key: `${data.query}&stage=${data.stage}`, place: pixel.join(".") }
  const column = await fetchColumn(data, look, signal)
  if (column === "busy") return "busy"
  const values = /** @type {Column | null} */ (column)?.values ?? [null]
  if (values.includes(null)) return null
  return { pixel, responses: energies(/** @type {number[]} */ (values), data.phases) }
}

/** @param {State} s */
function drawAll(s) {
  s.width = s.root.clientWidth
  if (s.width < 20 || !s.root.isConnected) return
  const { data, el, kept, map, numbers, photo, picture, pointed } = s
  const shown = numbers ?? data.numbers
  const pixel = pointed ?? kept ?? shown.pixel
  const roomOf = (/** @type {HTMLElement} */ canvas) => {
    return { width: canvas.parentElement?.clientWidth ?? s.width, height: TALLEST }
  }
  drawOriented(el.map, map, picture, pixel, roomOf(el.map))
  if (photo.draw(data.boxes, { map: 0, row: pixel[0], column: pixel[1] }, roomOf(el.photo))) drawNeedles(el.photo, map)
  drawWheel(s, shown)
  s.root.dataset.pixel = shown.pixel.join(".")
}

/**
 * @param {State} s
 * @param {Numbers} numbers
 */
function drawWheel({ data, el, t }, { pixel: [row, column], responses }) {
  const { degrees, strength, selectivity } = preferredOf(responses, data.degrees)
  const strongest = responses.indexOf(Math.max(...responses))
  const angle = (/** @type {number} */ each) => `${Number(each.toFixed(1))}°`
  const listed = responses.map((response, o) => `${angle(data.degrees[o])}: ${short(response)}`).join(", ")
  el.wheel.replaceChildren(wheelOf(responses, data.degrees, strength > 0 ? degrees : null, listed))
  el.said.textContent = t(
    "Row {row}, column {column}: preferred {preferred} (thin line), strength {strength}, selectivity {selectivity}. The longest spoke, {strongest}, is a response of {largest}.",
    {
      row,
      column,
      preferred: `${Math.round(degrees) % 180}°`,
      strength: short(strength),
      selectivity: selectivity.toFixed(2),
      strongest: angle(data.degrees[strongest]),
      largest: short(responses[strongest]),
    },
  )
}
