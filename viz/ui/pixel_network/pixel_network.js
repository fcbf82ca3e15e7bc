// A perceptron drawn as a network, with the numbers of the pixel under the pointer.

import { Photo } from "../canvas/photo.js"
import { fetchColumn } from "../canvas/route.js"
import { found, h } from "../javascript/elements.js"
import { standing } from "../javascript/instances.js"
import { Newest } from "../javascript/newest.js"
import { styleOf } from "../javascript/pen.js"
import { listenToPointed } from "../javascript/pointed.js"
import { listenToPixels } from "../javascript/pointing.js"
import { translated } from "../javascript/translation.js"
import { networkOf } from "./drawing.js"
import { drawPatch } from "./patch.js"

/** @import {Column} from "../canvas/exact.js" */
/** @import {Pixel} from "../javascript/pointed.js" */
/** @import {Data, Numbers, State} from "./state.js" */

const TALLEST = 340 // CSS px, of the photo
const BESIDE = 300 // CSS px: room for the patch beside the photo; else it is below
const SHARES = { beside: { photo: 0.63, patch: 0.33 }, below: { photo: 1, patch: 0.46 } } // of the room

/** @type {WeakMap<ParentNode, {state: State, end: () => void}>} */
const INSTANCES = new WeakMap()

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data}} component
 */
export default function pixel_network({ parentElement, data }) {
  const instance = standing(INSTANCES, parentElement, data.language) ?? create(found(parentElement, ".network"), data)
  INSTANCES.set(parentElement, instance)
  take(instance.state, data)
  requestAnimationFrame(() => drawNetwork(instance.state)) // also if only the theme has changed
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
  const el = {
    photo: h("canvas", { class: "photo", tabindex: 0, role: "application" }),
    patch: h("canvas", { class: "patch", "aria-hidden": "true" }),
    seen: h("div", { class: "seen" }),
    drawing: h("div", { class: "drawing" }),
    said: h("p", { class: "said", role: "status" }),
  }
  el.seen.append(el.photo, el.patch, el.said)
  root.replaceChildren(h("div", { class: "parts" }, el.seen, el.drawing))
  /** @type {Partial<State>} */
  const begun = { root, el, data, photo: new Photo(el.photo), pointed: null, kept: null, numbers: null, width: 0 }
  const s = /** @type {State} */ (begun)
  s.newest = newestOf(s)
  listenToPixels(el.photo, s, (pixel) => point(s, pixel))
  const deaf = listenToPointed((pixel) => point(s, pixel))
  const resize = new ResizeObserver(() => {
    if (root.clientWidth !== s.width) drawNetwork(s)
  })
  resize.observe(root)
  const end = () => {
    deaf()
    s.newest.end()
    resize.disconnect()
  }
  return { state: s, end }
}

/** @param {State} s */
function newestOf(s) {
  return new Newest({
    now: () => performance.now(),
    later: (/** @type {() => void} */ run, /** @type {number} */ ms) => window.setTimeout(run, ms),
    cancel: (/** @type {number | undefined} */ timer) => window.clearTimeout(timer),
    fetch: (/** @type {Pixel} */ pixel) => fetchNumbers(s.data, pixel),
    arrived: (/** @type {Pixel} */ _, /** @type {Numbers} */ numbers) => {
      s.numbers = numbers
      drawNetwork(s)
    },
  })
}

/**
 * Takes what Python says; what was fetched for other weights is of no use.
 * @param {State} s
 * @param {Data} data
 */
function take(s, data) {
  if (data.query !== s.data.query || String(data.numbers.pixel) !== String(s.data.numbers.pixel)) {
    s.kept = null
    s.numbers = null
  }
  s.data = data
  s.t = (text, args, plural) => translated(data.language, text, args, plural)
  s.el.photo.setAttribute("aria-label", s.t("The photo: arrows move the pixel, Space keeps it, Escape lets it go"))
  s.photo.show(data.photo, data.photo, () => drawNetwork(s))
  s.newest.ask(s.pointed ?? s.kept)
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
  drawNetwork(s)
}

/**
 * The exact numbers of the maps at a pixel, before and after the perceptron.
 * @param {Data} data
 * @param {Pixel} pixel
 * @returns {Promise<Numbers | "busy" | null>}
 */
async function fetchNumbers(data, pixel) {
  const stages = [data.layers[0].stage, data.layers[data.layers.length - 1].stage]
  const { signal } = new AbortController()
  const columns = await Promise.all(
    stages.map((stage) => fetchColumn(data, { key: `${data.query}&stage=${stage}`, place: pixel.join(".") }, signal)),
  )
  if (columns.includes("busy")) return "busy"
  const [inputs, maps] = columns.map((column) => /** @type {Column | null} */ (column)?.values ?? [null])
  if ([...inputs, ...maps].includes(null)) return null
  return { pixel, inputs: /** @type {number[]} */ (inputs), maps: /** @type {number[]} */ (maps) }
}

/** @param {State} s */
function drawNetwork(s) {
  s.width = s.root.clientWidth
  if (s.width < 20 || !s.root.isConnected) return
  const { data, el, t } = s
  const numbers = s.numbers ?? data.numbers
  const style = styleOf(s.root)
  el.drawing.replaceChildren(networkOf(data, numbers, el.drawing.clientWidth, style, t))
  drawSeen(s)
  s.root.dataset.pixel = numbers.pixel.join(".")
}

/**
 * The photo and the patch follow the pointer at once, before there are any numbers.
 * @param {State} s
 */
function drawSeen({ data, el, kept, numbers, photo, pointed, t }) {
  const [row, column] = pointed ?? kept ?? numbers?.pixel ?? data.numbers.pixel
  const [n] = data.boxes.size
  const room = el.seen.clientWidth
  const share = room < BESIDE ? SHARES.below : SHARES.beside
  photo.draw(data.boxes, { map: 0, row, column }, { width: share.photo * room, height: TALLEST })
  if (photo.image) drawPatch(el.patch, photo.image, [row, column], n, share.patch * room)
  el.said.textContent = t("the {n}×{n} pixels that it reads, around row {row}, column {column}", { n, row, column })
}
