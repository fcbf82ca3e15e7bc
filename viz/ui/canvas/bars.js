// The values of one pixel as bars in groups, with the one that a max keeps lit; follows the pointer.

import { valueAt } from "../javascript/buffer.js"
import { FIELD_COLOUR } from "../javascript/colours.js"
import { h } from "../javascript/elements.js"
import { hueOf } from "../javascript/marks.js"
import { about, short, told } from "../javascript/numbers.js"
import { frame, penOnBlank, size } from "../javascript/pen.js"
import { forType } from "../javascript/type.js"
import { drawHead, headSide } from "./heads.js"
import { linked } from "./links.js"
import { besideBars } from "./needs.js"
import { currentUnit } from "./units.js"

/** @import {Block} from "../javascript/buffer.js" */
/** @import {Range} from "../javascript/ranges.js" */
/** @import {Pointed} from "./links.js" */
/** @import {Drawn, Groups, State} from "./state.js" */

const BARS_GAP = 14 // more than within a group: a value belongs to the bars below it
const MAX_ROWS = 10 // more groups than this are in several columns
const MAX_ROW_HEIGHT = 84
const MIN_ROW_HEIGHT = 34
const ROOM_FOR_VALUE = 76 // CSS px of a group; narrower ones show only bars
const DROPPED = 0.35 // opacity of a kernel that a max drops
const BELOW = 0.3 // share of the bars' height that is below 0

/**
 * The layout of the groups, in CSS px.
 * @typedef {object} Plan
 * @property {number} count
 * @property {number} across
 * @property {number} width
 * @property {number} height
 * @property {number} wide  of a group
 * @property {number} tall  of its bars
 * @property {number} head  side of a kernel below its bar, or 0
 * @property {number} high  from one row of groups to the next
 *
 * @typedef {{block: Block, groups: Groups, plan: Plan, span: Range, exact: boolean}} View
 */

/** @param {State} s */
export function buildBars(s) {
  s.el.bars = h("canvas", { role: "application", tabindex: "0", class: "pointer" })
  s.el.barsNote = h("p", { class: "note" })
  s.el.barsBox = h("div", { hidden: true }, s.el.bars, s.el.barsNote)
  return s.el.barsBox
}

/**
 * The bar under a point of their canvas, with its group.
 * @param {Drawn} s
 * @param {number} x
 * @param {number} y
 * @returns {Pointed | null}
 */
export function partAt(s, x, y) {
  const { groups } = s.header
  if (!groups) return null
  const plan = planned(s, groups)
  const output = plan.across * Math.floor(y / plan.high) + Math.floor(x / (plan.wide + BARS_GAP))
  const along = Math.floor((x % (plan.wide + BARS_GAP)) / (plan.wide / groups.size))
  if (output >= plan.count || along >= groups.size) return null
  return { part: "input", index: groups.order[output * groups.size + along], output }
}

/** @param {Drawn} s */
export function drawBars(s) {
  const { groups, side_by_side: beside, blocks } = s.header
  const block = groups && !beside ? blocks[groups.block] : undefined
  s.el.barsBox.hidden = !block
  if (!groups || !block) return
  const exact = exactValues(s, groups.order)
  const values = exact ?? valuesHere(s, block, groups.order)
  const plan = planned(s, groups)
  const view = { block, groups, plan, span: spanOf(groups), exact: exact !== null }
  size(s.el.bars, plan.width, plan.height)
  const context = penOnBlank(s.el.bars)
  const kept = Array.from({ length: plan.count }, (_, group) => {
    const own = values.slice(group * groups.size, (group + 1) * groups.size)
    const best = drawGroup(context, s, own, group, view)
    drawKept(context, s, group, best, plan)
    return best
  })
  markBars(context, s, groups, plan)
  say(s, view, values.length, kept)
}

/**
 * @param {Drawn} s
 * @param {View} view
 * @param {number} n number of values
 * @param {number[]} kept index of the kept value in each group
 */
function say(s, { block, groups, plan, exact }, n, kept) {
  const { bars, barsNote } = s.el
  const side = block.mean_of
  const mean =
    side > 1 && s.header.key === undefined ? ` ${s.t("Each number is the mean of {n} × {n} units.", { n: side })}` : ""
  barsNote.textContent = s.t(groups.note) + mean
  bars.dataset.kept = kept.join(" ")
  bars.dataset.exact = String(exact)
  const names = kept.map((i, group) => groups.names[group * groups.size + i]).join(", ")
  const said = { n, count: plan.count, kept: names }
  bars.setAttribute("aria-label", s.t("{n} numbers in {count} groups; kept: {kept}", said))
}

/**
 * The exact values that the pool reads at the current place, in its order, if they are here.
 * @param {Drawn} s
 * @param {number[]} order
 */
function exactValues(s, order) {
  const inputs = s.exact.column?.inputs
  if (!inputs) return null
  const values = order.map((map) => inputs[map]).filter((value) => value !== null)
  return values.length === order.length ? values : null
}

/**
 * The same from drawn pixels.
 * @param {Drawn} s
 * @param {Block} block
 * @param {number[]} order
 */
function valuesHere(s, block, order) {
  const { row, column } = currentUnit(s)
  const [, rows, columns] = block.shape
  const at = (/** @type {number} */ place, /** @type {number} */ length) =>
    Math.min(length - 1, Math.floor(place / block.mean_of))
  return order.map((map) => valueAt(block, map, at(row, rows), at(column, columns)))
}

/**
 * One scale for all places, so that bars can be compared; values far below 0 never win and are clipped.
 * @param {Groups} groups
 * @returns {Range}
 */
function spanOf({ range: [least, most] }) {
  const high = Math.max(0, most) || 1
  return { low: Math.max(Math.min(0, least), -BELOW * high), high }
}

/**
 * @param {Drawn} s
 * @param {Groups} groups
 * @returns {Plan}
 */
function planned(s, { size: n, names }) {
  const count = names.length / n
  const across = Math.ceil(count / MAX_ROWS)
  const down = Math.ceil(count / across)
  const { width, height } = s.room.filters
  const wide = width / across - (across > 1 ? BARS_GAP : 0)
  const head = headSide(s.header, wide / n)
  const own = (height - besideBars(s, width)) / down - BARS_GAP - head
  const tall = Math.min(MAX_ROW_HEIGHT, Math.max(MIN_ROW_HEIGHT, own))
  const high = tall + BARS_GAP + head
  return { count, across, width, tall, wide, head, high, height: down * high }
}

/**
 * Whether the kernels stand below their bars.
 * @param {Drawn} s
 */
export function headsShown(s) {
  const { groups } = s.header
  return Boolean(groups && planned(s, groups).head)
}

/**
 * The kernels of a group below their bars; of those that a max drops only a trace.
 * @param {CanvasRenderingContext2D} context
 * @param {Drawn} s
 * @param {number} group
 * @param {number} best
 * @param {Plan} plan
 */
function drawKept(context, { header, style }, group, best, plan) {
  const { groups, blocks, input_feeds: feeds } = header
  if (!plan.head || !groups || !blocks.kernels) return
  const [left, top] = cornerOf(group, plan)
  const step = plan.wide / groups.size
  for (let i = 0; i < groups.size; i++) {
    context.globalAlpha = groups.mode === "max" && i !== best ? DROPPED : 1
    const input = groups.order[group * groups.size + i]
    const place = { x: left + (i + 0.5) * step - plan.head / 2, y: top + plan.tall + 2, side: plan.head, style }
    drawHead(context, blocks.kernels, feeds[input], place)
  }
  context.globalAlpha = 1
}

/**
 * Frames what belongs to what is pointed at: groups, or single bars.
 * @param {CanvasRenderingContext2D} context
 * @param {Drawn} s
 * @param {Groups} groups
 * @param {Plan} plan
 */
function markBars(context, s, groups, plan) {
  const { maps, inputs } = linked(s.header, s.pointed)
  const step = plan.wide / groups.size
  const high = plan.high - BARS_GAP
  inputs.forEach((input) => {
    const at = groups.order.indexOf(input)
    const [left, top] = cornerOf(Math.floor(at / groups.size), plan)
    frame(context, left + (at % groups.size) * step, top + 1, step - 1, 2, true, high)
  })
  const whole = inputs.length || maps.length === plan.count ? [] : maps
  for (const group of whole) {
    const [left, top] = cornerOf(group, plan)
    frame(context, left + 1.5, top + 1, plan.wide - 3, 2, true, high)
  }
  s.el.bars.dataset.groups = maps.join(" ")
  s.el.bars.dataset.inputs = inputs.join(" ")
  s.el.bars.dataset.head = String(plan.head)
}

/**
 * Left and top of a group.
 * @param {number} group
 * @param {Plan} plan
 */
function cornerOf(group, { across, wide, high }) {
  return [(group % across) * (wide + BARS_GAP), Math.floor(group / across) * high]
}

/**
 * Draws one group and returns the index of its largest value.
 * @param {CanvasRenderingContext2D} context
 * @param {Drawn} s
 * @param {number[]} values
 * @param {number} group
 * @param {View} view
 */
function drawGroup(context, s, values, group, { block, groups, plan, exact, span: { low, high } }) {
  const [left, top] = cornerOf(group, plan)
  const y = (/** @type {number} */ value) => top + plan.tall * (1 - (Math.max(low, value) - low) / (high - low))
  const step = plan.wide / values.length
  const best = values.indexOf(Math.max(...values))
  const isMax = groups.mode === "max"
  const hue = groupHue(groups, group, isMax ? best : null)
  values.forEach((value, i) => {
    const lit = i === best && isMax
    context.fillStyle = lit ? hue : s.style.text
    context.globalAlpha = lit ? 1 : 0.28
    const [from, to] = [y(Math.max(0, value)), y(Math.min(0, value))]
    context.fillRect(left + i * step + 0.5, from, Math.max(1, step - 1.5), Math.max(1, to - from))
  })
  context.globalAlpha = 1
  const kept = isMax ? values[best] : values.reduce((sum, value) => sum + value, 0) / values.length
  context.fillStyle = isMax ? s.style.text : hue
  context.fillRect(left, isMax ? y(0) : y(kept) - 1, step * values.length, isMax ? 1 : 2.5)
  if (plan.wide >= ROOM_FOR_VALUE) {
    const text = exact ? short(kept) : about(told(block, groups.order[group * groups.size + best], kept))
    writeKept(context, s, text, left + step * values.length, top)
  }
  return best
}

/**
 * The hue of the value that is kept, or the one that all values of the group have.
 * @param {Groups} groups
 * @param {number} group
 * @param {number | null} kept
 */
function groupHue({ marks, size: n }, group, kept) {
  const hues = marks.slice(group * n, (group + 1) * n).map((mark) => hueOf(mark, FIELD_COLOUR))
  const common = hues.every((hue) => hue === hues[0]) ? hues[0] : undefined
  return (kept === null ? common : hues[kept]) ?? FIELD_COLOUR
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Drawn} s
 * @param {string} text
 * @param {number} right
 * @param {number} top
 */
function writeKept(context, { style }, text, right, top) {
  context.font = `600 ${forType(14)}px ${style.font}`
  context.textAlign = "right"
  context.textBaseline = "top"
  const width = context.measureText(text).width + 4
  context.fillStyle = style.background
  context.globalAlpha = 0.75
  context.fillRect(right - width, top, width, 16)
  context.globalAlpha = 1
  context.fillStyle = style.text
  context.fillText(text, right - 2, top)
}
