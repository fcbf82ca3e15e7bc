// The picture that the maps of a panel lie on, and the slider that lets it shine through.

import { NAME } from "../javascript/arrangement.js"
import { valueAt } from "../javascript/buffer.js"
import { h } from "../javascript/elements.js"
import { contextOf } from "../javascript/pen.js"
import { Stack } from "../javascript/stack.js"
import { forType } from "../javascript/type.js"

/** @import {Block} from "../javascript/buffer.js" */
/** @import {Style} from "../javascript/pen.js" */
/** @import {Panel, State, Under} from "./state.js" */

const OPENING = "55" // per cent

/**
 * @param {State} s
 * @param {string} title  of the panel
 * @param {Block} block
 * @returns {Under}
 */
export function buildUnder(s, title, block) {
  const stack = new Stack(h("canvas", { class: "under", "aria-hidden": "true" }), h("canvas"))
  const label = s.t("Opacity of the map")
  const opacity = h("input", { type: "range", min: 0, max: 100, step: 5, "aria-label": label, title: label })
  opacity.value = s.opacities.get(title) ?? OPENING
  return { block, stack, opacity }
}

/**
 * Draws the picture as large as the maps, and lets it shine through them.
 * @param {State} s
 * @param {Panel} panel
 * @param {Style} style
 */
export function drawUnder(s, panel, style) {
  const { under, stack, said } = panel
  if (!under) return
  clearLast(panel)
  const { block, opacity } = under
  const { wide, tall } = stack.tiles[0]
  const names = [""]
  under.stack.draw(block, {
    width: wide,
    height: tall + forType(NAME), // room for a name, which it does not have
    scale: "shared",
    kind: "colour",
    names,
    rowLength: 1,
    only: null,
    fill: true,
    style,
  })
  const shine = () => {
    stack.canvas.style.opacity = String(Number(opacity.value) / 100)
    opacity.setAttribute("aria-valuetext", `${opacity.value} %`)
    s.opacities.set(said.title, opacity.value)
  }
  opacity.oninput = shine
  shine()
}

/**
 * Lets the picture through where a map has the last of its classes.
 * @param {Panel} panel
 */
function clearLast({ block, stack, said }) {
  const last = said.classes.length - 1
  if (last < 0) return
  const context = contextOf(stack.canvas)
  for (const { map, x, y, wide, tall, rows, columns } of stack.tiles) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        if (Math.round(valueAt(block, map, row, column)) !== last) continue
        const [left, right] = [column, column + 1].map((edge) => x + (edge * wide) / columns)
        const [top, bottom] = [row, row + 1].map((edge) => y + (edge * tall) / rows)
        context.clearRect(left, top, right - left, bottom - top)
      }
    }
  }
}
