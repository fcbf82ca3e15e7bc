// Numbers of a grid as a surface that turns.

import { colourBar } from "../javascript/colour_bar.js"
import { themed } from "../javascript/colours.js"
import { found, h } from "../javascript/elements.js"
import { iconButton } from "../javascript/icon_button.js"
import { standing } from "../javascript/instances.js"
import { styleOf } from "../javascript/pen.js"
import { translated } from "../javascript/translation.js"
import { drawSurface } from "./drawing.js"
import { listenToDrag, pauseTurning, rest, stepped, turn, wantsLessMotion } from "./turning.js"

/** @import {Data, Elements, State} from "./state.js" */

const TALLEST = 420 // CSS px

/** @type {WeakMap<ParentNode, {state: State, end: () => void}>} */
const INSTANCES = new WeakMap()

/**
 * Called by Streamlit at mount and when data or theme change; the turn stays.
 * @param {{parentElement: ParentNode, data: Data}} component
 */
export default function surface({ parentElement, data }) {
  const instance = standing(INSTANCES, parentElement, data.language) ?? create(found(parentElement, ".surface"), data)
  INSTANCES.set(parentElement, instance)
  const s = instance.state
  s.data = data
  s.el.title.textContent = data.title
  requestAnimationFrame(() => draw(s)) // also if only the theme has changed
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
  /** @type {Partial<State>} */
  const begun = { root, data, turn: data.turn, isPlaying: false, isSeen: false, frame: 0, width: 0 }
  const s = /** @type {State} */ (begun)
  s.t = (text, args, plural) => translated(s.data.language, text, args, plural)
  s.el = build(s)
  listenToDrag(s, (degrees) => go(s, degrees))
  if (!wantsLessMotion()) turn(s, (degrees) => turnTo(s, degrees))
  const seen = new IntersectionObserver(([{ isIntersecting }]) => see(s, isIntersecting))
  const resize = new ResizeObserver(() => {
    if (root.clientWidth !== s.width) draw(s)
  })
  seen.observe(s.el.canvas)
  resize.observe(root)
  const end = () => {
    rest(s)
    seen.disconnect()
    resize.disconnect()
  }
  return { state: s, end }
}

/**
 * @param {State} s
 * @returns {Elements}
 */
function build(s) {
  const { t } = s
  const el = {
    title: h("h3"),
    canvas: h("canvas", { role: "img" }),
    bar: h("div", { class: "bar" }),
    slider: h("input", { type: "range", id: "turn", min: 0, max: 359, step: 1 }),
    value: h("output", { for: "turn" }),
    play: iconButton(t("Play"), "play", () => playOrPause(s)),
  }
  el.slider.oninput = () => go(s, Number(el.slider.value))
  const [back, forward] = [
    iconButton(t("One step back"), "back", () => go(s, stepped(s.turn, -1))),
    iconButton(t("One step forward"), "forward", () => go(s, stepped(s.turn, 1))),
  ]
  const controls = h(
    "div",
    { class: "controls" },
    h("div", { class: "control" }, h("label", { for: "turn" }, t("Turned by")), el.slider, el.value),
    h("div", { class: "buttons" }, back, el.play, forward),
  )
  s.root.replaceChildren(el.title, el.canvas, el.bar, controls)
  return el
}

/** @param {State} s */
function playOrPause(s) {
  if (s.isPlaying) pauseTurning(s)
  else turn(s, (degrees) => turnTo(s, degrees))
}

/**
 * Turns by hand, which ends that it turns by itself.
 * @param {State} s
 * @param {number} degrees
 */
function go(s, degrees) {
  pauseTurning(s)
  turnTo(s, degrees)
}

/**
 * @param {State} s
 * @param {number} degrees
 */
function turnTo(s, degrees) {
  s.turn = degrees
  draw(s)
}

/**
 * @param {State} s
 * @param {boolean} isSeen
 */
function see(s, isSeen) {
  s.isSeen = isSeen
  if (!isSeen) rest(s)
  else if (s.isPlaying) turn(s, (degrees) => turnTo(s, degrees))
}

/** @param {State} s */
function draw(s) {
  const { root, el, data, t } = s
  s.width = root.clientWidth
  if (s.width < 20 || !root.isConnected) return
  const style = styleOf(root)
  drawSurface(el.canvas, data.heights, s.turn, { width: s.width, height: TALLEST }, style)
  el.canvas.setAttribute("aria-label", data.alt)
  el.bar.replaceChildren(...colourBar(themed("weight", style), { low: -data.peak, high: data.peak }, "", t))
  const degrees = Math.round(s.turn) % 360
  el.slider.value = String(degrees)
  el.value.textContent = `${degrees}°`
  root.dataset.turn = s.turn.toFixed(1)
}
