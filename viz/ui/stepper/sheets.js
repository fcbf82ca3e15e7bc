// The sheets drawn: all there is, what is read now, what came out of it so far.

const NUMBERED = 30 // cells as wide as this carry their number
const SHADE = `${COLOURS.field}47` // the accent, seen through
const CROWDED = 20 // a window narrower than this is joined by its outline alone
// From dark to the plane's own colour, bright enough for a projector.
const TINTS = [["#1c0503", "#ff5a48"], ["#03160a", "#3fd068"], ["#050a24", "#5b97ff"]].map(lookup)

// The colour of every number of every plane, packed: its own tint, or the colour map of all.
function tinted(planes, tables, { low, high }) {
  const at = (value) => (high > low ? (value - low) / (high - low) : tables[0] === TABLES.activation ? 0.5 : 0)
  return planes.map((plane, n) =>
    plane.map((row) =>
      row.map((value) => tables[n % tables.length][Math.round(255 * Math.min(1, Math.max(0, at(value))))]),
    ),
  )
}

// Draws one reading at one step; `view` holds all that is seen.
function drawReading(canvas, view) {
  const { plan, width } = view
  size(canvas, width, plan.tall)
  const context = canvas.getContext("2d")
  const ratio = window.devicePixelRatio || 1
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, canvas.width, canvas.height)
  drawInputs(context, view)
  drawWindow(context, view)
  drawLeftOver(context, view)
  drawNames(context, view)
  drawArrow(context, view)
  drawOutputs(context, view)
}

function drawInputs(context, view) {
  const stack = view.plan.inputs
  for (const n of onTop(stack.count, 0)) {
    drawSheet(context, view.style, stack, n, (row, column, x, y) => {
      if (!view.read[row][column]) return hatch(context, view.style, x, y, stack.cell)
      const number = n === 0 ? view.inputs[n][row][column] : null // the front sheet alone is seen whole
      drawCell(context, view.style, stack.cell, x, y, view.tints[n][row][column], number)
    })
  }
}

// After the window, so that none is ever under it. A sheet of which the kernel reaches padding has
// its name further out, and a line to it.
function drawNames(context, { plan, stack, style, channels, reading }) {
  const { inputs, cell } = plan
  const border = reading.padding * cell
  const outputsEnd = stack.y + stack.rows * stack.cell
  for (let n = 0; n < inputs.count; n++) {
    const [x, y] = labelOf(inputs, n, border)
    const room = y - LABEL > outputsEnd ? LONGEST_LABEL : Math.min(LONGEST_LABEL, stack.x - 4 - x)
    if (border) leader(context, style, cornerOf(inputs, n, inputs.rows, inputs.columns), [x, y])
    write(context, style, channels[n] ?? "", x, y, room)
  }
}

function leader(context, style, [fromX, fromY], [toX, toY]) {
  context.strokeStyle = faint(style, 0.55)
  context.lineWidth = 1
  stroke(context, [[fromX + 2, fromY + 2], [toX - 3, toY - 4]])
}

// A sheet covers what lies behind it; its cells are drawn by `cell`.
function drawSheet(context, style, stack, n, cell) {
  const [left, top] = cornerOf(stack, n)
  const [wide, tall] = [stack.columns * stack.cell, stack.rows * stack.cell]
  context.fillStyle = style.background
  context.fillRect(left - 2, top - 2, wide + 4, tall + 4)
  for (let row = 0; row < stack.rows; row++) {
    for (let column = 0; column < stack.columns; column++) cell(row, column, ...cornerOf(stack, n, row, column))
  }
  context.strokeStyle = faint(style, 0.55)
  context.lineWidth = 1
  context.strokeRect(left - 0.5, top - 0.5, wide, tall)
}

// Where a name stands: at the lower right corner of its sheet, below the one behind it, and beyond
// the padding that a kernel may reach.
function labelOf(stack, n, border = 0) {
  const [right, bottom] = cornerOf(stack, n, stack.rows, stack.columns)
  return [right + border + ASIDE, bottom + border - 1]
}

function drawCell(context, style, cell, x, y, packed, value) {
  const side = inner(cell)
  context.fillStyle = cssColour(packed)
  context.fillRect(x, y, side, side)
  if (cell >= NUMBERED && value !== null) writeNumber(context, style, inkOn(packed), value, x, y, cell)
}

function writeNumber(context, style, ink, value, x, y, cell) {
  context.fillStyle = ink
  context.font = `14px ${style.font}`
  context.textAlign = "center"
  context.textBaseline = "middle"
  context.fillText(briefly(value), x + cell / 2, y + cell / 2, cell - 3)
}

// Two decimals, as many as a cell has room for.
function briefly(value) {
  const text = Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
  return text.replace(/^-(?=0\.00$)/, "").replace("-", "−")
}

// Black or white, whichever is read on a colour.
function inkOn(packed) {
  const [r, g, b] = [0, 8, 16].map((shift) => (packed >> shift) & 255)
  return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#000000" : "#ffffff"
}

function faint(style, alpha) {
  return `rgb(${style.text.match(/[\d.]+/g).slice(0, 3).join(" ")} / ${100 * alpha}%)`
}

// A number that no output reads: grey and hatched.
function hatch(context, style, x, y, cell) {
  const side = inner(cell)
  context.fillStyle = faint(style, 0.13)
  context.fillRect(x, y, side, side)
  context.strokeStyle = faint(style, 0.4)
  context.lineWidth = 1
  const lines = Math.max(1, Math.round(side / 9))
  context.beginPath()
  for (let line = 1; line < 2 * lines; line++) {
    const far = (line * side) / lines
    const [from, to] = [Math.max(0, far - side), Math.min(far, side)]
    context.moveTo(x + from, y + to)
    context.lineTo(x + to, y + from)
  }
  context.stroke()
}

// What is painted of a cell: wide ones leave a line between them.
function inner(cell) {
  return cell - (cell >= 7 ? 1 : 0)
}

// A frame around what it marks, covering none of it.
function mark(context, x, y, side, strong) {
  frame(context, x - 2, y - 2, side + 4, strong ? 2.5 : 1.5, strong)
}

// The numbers read now, lit in every channel and joined through the channels.
function drawWindow(context, view) {
  const stack = view.plan.inputs
  const [top, left] = [view.places[0].row, view.places[0].column]
  const side = kernelSide(view.reading) * stack.cell
  const corners = onTop(stack.count, 0).map((n) => cornerOf(stack, n, top, left))
  corners.slice(1).forEach((corner, n) => join(context, corners[n], corner, side))
  onTop(stack.count, 0).forEach((n, order) => {
    context.fillStyle = view.style.background // between its cells too
    context.fillRect(...corners[order], side, side)
    for (const place of view.places) drawRead(context, view, n, place)
    mark(context, ...corners[order], inner(side), true)
  })
}

function drawRead(context, view, n, place) {
  const stack = view.plan.inputs
  const [x, y] = cornerOf(stack, n, place.row, place.column)
  if (isInside(place, [stack.rows, stack.columns])) {
    drawCell(context, view.style, stack.cell, x, y, view.tints[n][place.row][place.column], view.inputs[n][place.row][place.column])
    return
  }
  context.fillStyle = SHADE
  context.fillRect(x, y, stack.cell - 1, stack.cell - 1)
  if (stack.cell >= NUMBERED) writeNumber(context, view.style, view.style.text, 0, x, y, stack.cell)
}

// A window joined to the next one in front: a shade, with dashed lines from corner to corner.
function join(context, [x, y], [toX, toY], side) {
  const corners = [[0, 0], [side, side], [side, 0], [0, side]]
  context.fillStyle = SHADE
  context.beginPath()
  for (const point of [[x, y], [toX, toY], [toX + side, toY + side], [x + side, y + side]]) context.lineTo(...point)
  context.fill()
  context.setLineDash([5, 4])
  for (const [ink, line] of [["rgb(0 0 0 / 35%)", 3], [COLOURS.field, 2]]) {
    context.strokeStyle = ink
    context.lineWidth = line
    context.beginPath()
    for (const [right, down] of side < CROWDED ? corners.slice(0, 2) : corners) {
      context.moveTo(x + right, y + down)
      context.lineTo(toX + right, toY + down)
    }
    context.stroke()
  }
  context.setLineDash([])
}

// Brackets beside the rows and below the columns that a stride leaves over behind its last window.
function drawLeftOver(context, view) {
  const stack = view.plan.inputs
  const [row, column] = view.leftOver
  const [left, top] = cornerOf(stack, 0)
  const [right, bottom] = [left + stack.columns * stack.cell, top + stack.rows * stack.cell]
  const [x, y] = cornerOf(stack, 0, row, column)
  const lines = []
  if (row < stack.rows) lines.push([[left - 4, y + 1], [left - 9, y + 1], [left - 9, bottom - 2], [left - 4, bottom - 2]])
  if (column < stack.columns) lines.push([[x + 1, bottom + 4], [x + 1, bottom + 9], [right - 2, bottom + 9], [right - 2, bottom + 4]])
  context.strokeStyle = view.style.text
  context.lineWidth = 2
  for (const line of lines) stroke(context, line)
}

function stroke(context, points) {
  context.beginPath()
  for (const [x, y] of points) context.lineTo(x, y)
  context.stroke()
}

// From all that is read to one number; how many that is stands above.
function drawArrow(context, view) {
  const { arrow, across, middle: y } = view.plan
  const [from, to] = [arrow + 0.18 * across, arrow + 0.82 * across]
  context.strokeStyle = context.fillStyle = view.style.text
  context.lineWidth = 2
  stroke(context, [[from, y], [to, y]])
  stroke(context, [[to - 8, y - 6], [to, y], [to - 8, y + 6]])
  context.font = `650 17px ${view.style.font}`
  context.textAlign = "center"
  context.textBaseline = "alphabetic"
  context.fillText(`${view.count} → 1`, (from + to) / 2, y - 12)
}

function drawOutputs(context, view) {
  const { stack } = view
  const last = view.at[0] * stack.columns + view.at[1]
  for (const n of onTop(stack.count, view.output)) {
    const chosen = n === view.output
    drawSheet(context, view.style, stack, n, (row, column, x, y) => {
      const filled = row * stack.columns + column <= last
      const number = chosen ? view.reading.outputs[n][row][column] : null
      if (filled) drawCell(context, view.style, stack.cell, x, y, view.outputTints[n][row][column], number)
      else empty(context, view.style, x, y, stack.cell)
    })
    write(context, view.style, view.outputNames[n] ?? "", ...labelOf(stack, n), LONGEST_LABEL, chosen && stack.count > 1)
    mark(context, ...cornerOf(stack, n, ...view.at), inner(stack.cell), chosen)
  }
}

function empty(context, style, x, y, cell) {
  context.strokeStyle = faint(style, 0.13)
  context.lineWidth = 1
  context.strokeRect(x - 0.5, y - 0.5, cell, cell)
}

function write(context, style, text, x, y, room, strong = false) {
  context.font = nameFont(style, strong)
  context.textAlign = "left"
  context.textBaseline = "alphabetic"
  context.fillStyle = style.text
  context.fillText(text, x, y, room)
}

function nameFont(style, strong) {
  return `${strong ? 700 : 400} 15px ${style.font}`
}
