// Where everything stands: planes as sheets behind one another, the input left, the output right.

const LARGEST = 52 // CSS px a number's cell may be wide
const LABEL = 21 // height of a name above its sheet
const LONGEST_LABEL = 70 // longer names are drawn narrower
const ARROW = { usual: 72, narrow: 54 } // room for it, the latter on narrow canvases
const NARROW = 400
const BRACKET = 12
const SPREAD = { inputs: 0.24, outputs: 0.14, most: 0.75 } // of a sheet, how far the next one is moved

// Sheets of one size, the first in front: how far each is moved, and what all of them take. Each
// shows enough of itself to carry a name of `label` px.
function stacked([count, rows, columns], label, cell, spread) {
  const dx = Math.max(18, 8 + Math.min(label, LONGEST_LABEL), spread * columns * cell)
  const dy = Math.max(LABEL + 1, 0.12 * rows * cell)
  return {
    count, rows, columns, cell, dx, dy,
    wide: columns * cell + (count - 1) * dx,
    up: (rows * cell) / 2 + (count - 1) * dy + LABEL,
    down: (rows * cell) / 2,
  }
}

// Every reading is drawn to one plan, so that they compare.
function laidOut(shapes, cell, arrow) {
  const inputs = stacked(shapes.inputs, shapes.labels[0], cell, SPREAD.inputs)
  const outputs = shapes.outputs.map((shape) => stacked(shape, shapes.labels[1], cell, SPREAD.outputs))
  const border = shapes.padding * cell // the padding that a kernel may reach
  const most = (name) => Math.max(...outputs.map((stack) => stack[name]))
  return {
    cell, border, inputs, outputs, across: arrow,
    wide: 2 * border + BRACKET + inputs.wide + arrow + most("wide") + 4,
    up: Math.max(border + inputs.up, most("up")) + 3,
    down: Math.max(border + inputs.down + BRACKET, most("down")) + 3,
  }
}

// The plan with the largest cells that fit; room that is left over draws the input's sheets apart.
function arranged(shapes, width, height) {
  const ratio = window.devicePixelRatio || 1
  const arrow = width < NARROW ? ARROW.narrow : ARROW.usual
  const fits = (plan) => plan.wide <= width && plan.up + plan.down <= height
  let pixels = Math.floor(LARGEST * ratio)
  while (pixels > 2 && !fits(laidOut(shapes, pixels / ratio, arrow))) pixels--
  const plan = laidOut(shapes, pixels / ratio, arrow)
  const { inputs } = plan
  if (inputs.count > 1) {
    const apart = Math.max(inputs.dx, SPREAD.most * inputs.columns * plan.cell)
    const more = Math.min(apart - inputs.dx, Math.max(0, width - plan.wide) / (inputs.count - 1))
    inputs.dx += more
    inputs.wide += more * (inputs.count - 1)
  }
  inputs.x = BRACKET + plan.border
  plan.arrow = inputs.x + inputs.wide + plan.border
  for (const stack of [inputs, ...plan.outputs]) stack.y = plan.up - stack.down
  for (const stack of plan.outputs) stack.x = plan.arrow + arrow
  return plan
}

// The corner of cell (row, column) of sheet `n`.
function cornerOf(stack, n, row = 0, column = 0) {
  return [stack.x + n * stack.dx + column * stack.cell, stack.y - n * stack.dy + row * stack.cell]
}

// The cell of an output sheet under a point, that of the sheet on top first.
function cellAt(stack, chosen, x, y) {
  for (const n of onTop(stack.count, chosen).reverse()) {
    const [left, top] = cornerOf(stack, n)
    const [row, column] = [Math.floor((y - top) / stack.cell), Math.floor((x - left) / stack.cell)]
    if (isInside({ row, column }, [stack.rows, stack.columns])) return { output: n, row, column }
  }
  return null
}

// Sheets from the back to the front; the chosen one is laid on top.
function onTop(count, chosen) {
  return [...Array(count).keys()].reverse().sort((a, b) => (a === chosen) - (b === chosen))
}
