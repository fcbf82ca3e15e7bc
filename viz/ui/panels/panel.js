// One panel: its maps, its legend, and the value under the pointer.

import { valueAt } from "../javascript/buffer.js"
import { classKey, colourBar } from "../javascript/colour_bar.js"
import { h } from "../javascript/elements.js"
import { nearly } from "../javascript/nearly.js"
import { short, told } from "../javascript/numbers.js"
import { contextOf, writeWeights } from "../javascript/pen.js"
import { Stack } from "../javascript/stack.js"
import { drawRegion } from "./region.js"
import { buildUnder, drawUnder } from "./under.js"

/** @import {Block, Place} from "../javascript/buffer.js" */
/** @import {Style} from "../javascript/pen.js" */
/** @import {Panel, Said, State} from "./state.js" */

const ROOM_FOR_A_NUMBER = 44 // CSS px of a cell
const NARROWEST = 220 // CSS px of a panel

/**
 * @param {State} s
 * @param {Said} said
 * @param {Record<string, Block>} blocks
 * @returns {Panel}
 */
export function buildPanel(s, said, blocks) {
  const block = blocks[said.block]
  const under = said.over ? buildUnder(s, said.title, blocks[said.over]) : null
  const stack = new Stack(h("canvas", { role: "img" }), h("canvas", { class: "overlay" }))
  const bar = h("div", { class: "bar" })
  const value = h("p", { class: "value", role: "status" })
  const element = h(
    "section",
    {},
    h("h3", {}, said.title),
    h("div", { class: "stack" }, under?.stack.canvas, stack.canvas, stack.overlay),
    h("p", { class: "note" }, said.note),
    h("div", { class: "key" }, under ? h("label", {}, s.t("Opacity"), under.opacity) : null, bar),
    value,
  )
  return { said, block, bar, value, element, stack, under, selects: false }
}

/**
 * @param {State} s
 * @param {Panel} panel
 * @param {Style} style
 */
export function drawPanel(s, panel, style) {
  const { said, block, stack, element } = panel
  const isNamed = block.shape[0] > 1 && said.kind !== "colour"
  stack.draw(block, {
    width: element.clientWidth || NARROWEST,
    height: s.height,
    scale: "shared",
    kind: said.kind,
    names: isNamed ? said.names : said.names.map(() => ""),
    marks: said.marks,
    rowLength: 1,
    only: null,
    fill: true,
    ...sharedRange(s, said),
    classes: said.classes.length,
    style,
  })
  drawUnder(s, panel, style)
  if (said.kind === "weight") weightsInCells(panel, style)
  if (panel.selects) drawRegion(s, panel)
  stack.canvas.setAttribute("aria-label", described(s, panel))
  showKey(s, panel)
}

/**
 * Writes the weights into their cells, if there is room.
 * @param {Panel} panel
 * @param {Style} style
 */
function weightsInCells({ block, stack }, { font }) {
  const side = stack.plan.scale
  if (side < ROOM_FOR_A_NUMBER) return
  const context = contextOf(stack.canvas)
  for (const { map, x, y } of stack.tiles) {
    writeWeights(context, block, { side, colours: stack.coloursOf(map), font, x, y, map })
  }
}

/**
 * What the range shared by panels of one scale follows; nothing for a panel's own.
 * @param {State} s
 * @param {Said} said
 */
function sharedRange(s, { scale }) {
  if (!scale) return {}
  const blocks = s.panels.filter(({ said }) => said.scale === scale).map(({ block }) => block)
  const wider = { low: blocks.flatMap(({ low }) => low), high: blocks.flatMap(({ high }) => high) }
  return { wider, near: blocks.flatMap((block) => nearly(block)) }
}

/**
 * @param {State} s
 * @param {Panel} panel
 */
function described(s, { said, block }) {
  const [count, rows, columns] = block.shape
  const values = {
    title: said.title,
    n: count,
    rows,
    columns,
    low: short(Math.min(...block.low)),
    high: short(Math.max(...block.high)),
  }
  const many = "{title}: {n} maps of {rows} × {columns}, from {low} to {high}"
  return s.t("{title}: {n} map of {rows} × {columns}, from {low} to {high}", values, many)
}

/**
 * Shows the legend: a bar with its ends, or a name for every class.
 * @param {State} s
 * @param {Panel} panel
 */
function showKey({ t, panels }, { said, bar, stack }) {
  const { table, each } = stack.range
  bar.hidden = said.kind === "colour"
  const shared = said.scale && panels.filter((other) => other.said.scale === said.scale).length > 1
  const caption = shared ? t("one scale for all") : t("a scale of its own")
  const key = said.classes.length ? classKey(said.classes, table) : colourBar(table, each[0], caption, t)
  if (said.over && said.classes.length) key.pop() // the last class is clear
  bar.replaceChildren(...key)
}

/**
 * Marks a place and shows its value; clears both with null.
 * @param {State} s
 * @param {Panel} panel
 * @param {Place | null} place
 */
export function markPanel(s, panel, place) {
  panel.stack.mark(place, null)
  if (panel.selects) drawRegion(s, panel)
  panel.value.textContent = place ? reading(s, panel, place) : ""
}

/**
 * @param {State} s
 * @param {Panel} panel
 * @param {Place} place
 */
function reading(s, { said, block }, { map, row, column }) {
  const at = (/** @type {number} */ i) => valueAt(block, i, row, column)
  const where = s.t("row {row}, column {column}", { row: row * block.mean_of, column: column * block.mean_of })
  if (said.kind === "colour") return `${where}: ${[0, 1, 2].map((i) => short(at(i))).join(", ")}`
  const text = said.classes.length ? said.classes[Math.round(at(map))] : told(block, map, at(map))
  return `${where}: ${text}`
}
