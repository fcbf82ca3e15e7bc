// Where everything stands: planes as sheets behind one another, the input left, the output right.

const LARGEST = 52 // CSS px a number's cell may be wide
const EASY = 22 // cells as wide as this are told apart from the last row
const SHARES = [1, 0.8, 0.6, 0.5] // of an input's cell, an output's: smaller ones leave the input more room
const LABEL = 20 // height of a name
const LONGEST_LABEL = 70 // longer names are drawn narrower
const ASIDE = 9 // from a sheet to its name: a frame is drawn between them
const ARROW = 56 // room for it
const BRACKET = 12
const EDGE = 5 // a frame around the outermost cell
const SPREAD = { least: 7, usual: 0.5 } // px, of a cell: how far to the right the next one is moved

// Sheets of one size, the first in front: how far each is moved, and what all of them take. One
// lies higher than the one before it by a cell, so that a single cell is seen in each.
function stacked([count, rows, columns], cell) {
  const dx = Math.round(Math.max(SPREAD.least, SPREAD.usual * cell))
  const dy = Math.round(Math.max(LABEL, cell + 5))
  return {
    count, rows, columns, cell, dx, dy,
    wide: columns * cell + (count - 1) * dx,
    tall: rows * cell + (count - 1) * dy,
  }
}

// Every reading is drawn to one plan, so that they compare.
function laidOut(shapes, pixels, share) {
  const ratio = window.devicePixelRatio || 1
  const cell = pixels / ratio
  const inputs = stacked(shapes.inputs, cell)
  const outputs = shapes.outputs.map((shape) => stacked(shape, Math.max(1, Math.round(pixels * share)) / ratio))
  const border = shapes.padding * cell // the padding that a kernel may reach
  const bracket = shapes.leavesOver ? BRACKET : 0
  const most = (name) => Math.max(...outputs.map((stack) => stack[name]))
  const names = ASIDE + Math.min(LONGEST_LABEL, shapes.label)
  const tall = Math.max(inputs.tall + 2 * border + 2 * bracket, most("tall")) + 2 * EDGE
  return {
    cell, border, inputs, outputs, across: ARROW, tall,
    left: EDGE + border + bracket,
    wide: EDGE + bracket + 2 * border + inputs.wide + ARROW + most("wide") + names,
  }
}

// The plan with the largest cells that fit.
function largest(shapes, width, height, share) {
  let pixels = Math.floor(LARGEST * (window.devicePixelRatio || 1))
  let plan = laidOut(shapes, pixels, share)
  while (pixels > 2 && (plan.wide > width || plan.tall > height)) plan = laidOut(shapes, --pixels, share)
  return plan
}

// Outputs are drawn as large as inputs where that leaves these large enough.
function arranged(shapes, width, height) {
  const plans = SHARES.map((share) => largest(shapes, width, height, share))
  const plan = plans.find(({ cell }) => cell >= EASY) ?? plans.reduce((best, other) => (other.cell > best.cell ? other : best))
  plan.inputs.x = plan.left
  plan.arrow = plan.left + plan.inputs.wide + plan.border
  plan.middle = plan.tall / 2
  for (const stack of [plan.inputs, ...plan.outputs]) stack.y = Math.round(plan.middle + stack.tall / 2 - stack.rows * stack.cell)
  for (const stack of plan.outputs) stack.x = plan.arrow + plan.across
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
