// The mixing matrix as cells; a chosen cell has a slider of its own, and the maps follow it.

const CELL_RANGE = 2
const ROOM_FOR_WEIGHT = 44 // CSS px of a cell

function drawMatrix(s) {
  const block = s.header.blocks.matrix
  s.el.matrix.hidden = !block
  if (!block) return
  const [, rows, columns] = block.shape
  const width = s.el.filters.clientWidth
  const tall = Math.max(120, room(s).height * (s.header.blocks.kernels ? 0.36 : 0.6))
  const most = Math.max(rows, columns) <= 4 ? 64 : 34
  const side = Math.max(3, Math.min(most, width / columns, tall / rows))
  const canvas = s.el.matrixCanvas
  size(canvas, side * columns, side * rows)
  const context = canvas.getContext("2d")
  const ratio = window.devicePixelRatio || 1
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  const range = around(Math.max(1e-9, -block.low[0], block.high[0]))
  const table = colours(block, 0, range, "weight")
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      context.fillStyle = cssColour(table[block.pixels[row * columns + column]])
      context.fillRect(column * side, row * side, side - (side > 8 ? 1 : 0), side - (side > 8 ? 1 : 0))
    }
  }
  if (side >= ROOM_FOR_WEIGHT) writeWeights(context, block, { side, range, font: s.style.font, x: 0, y: 0, map: 0 })
  place(s.el.matrixBar, String(range.high), () => {
    colourBar(s, s.el.matrixBar, { each: [range], table: "weight", shared: true, plain: true }, 0)
    return [...s.el.matrixBar.children]
  })
  if (s.cell) frame(context, s.cell[1] * side + 1, s.cell[0] * side + 1, side - 3, 2.5, true)
  canvas.setAttribute(
    "aria-label",
    s.t("Mixing matrix, {rows} rows (outputs) by {columns} columns (inputs), from {low} to {high}", {
      rows,
      columns,
      low: short(block.low[0]),
      high: short(block.high[0]),
    }),
  )
  s.matrixSide = side
  showEdits(s)
  showCell(s)
}

function showEdits(s) {
  const count = edits(s).length
  s.el.editsReset.hidden = count === 0
  s.el.editsNote.hidden = count <= s.most_cells
  s.el.editsNote.textContent = s.t("{n} weights are set by hand; the address holds {most}, the others stay in this tab.", {
    n: count,
    most: s.most_cells,
  })
}

function showCell(s) {
  const block = s.header.blocks.matrix
  const [, rows, columns] = block.shape
  if (s.cell && (s.cell[0] >= rows || s.cell[1] >= columns)) s.cell = null
  s.el.cell.hidden = !s.cell
  s.el.cellHint.hidden = Boolean(s.cell)
  if (!s.cell) return
  const [row, column] = s.cell
  const value = editOf(s, row, column) ?? valueAt(block, 0, row, column)
  const from = s.header.input_names[column] ?? column + 1
  s.el.cellName.textContent = s.t("Weight from {input} to {output}", { input: from, output: s.header.names[row] ?? row + 1 })
  for (const input of [s.el.cellSlider, s.el.cellNumber]) {
    if (s.dragging !== "cell") input.value = value.toFixed(input === s.el.cellSlider ? 2 : 3)
  }
  s.el.cellReset.disabled = editOf(s, row, column) === null
}

function edits(s) {
  const text = s.values[`${s.focus}_edits`] ?? ""
  return text ? text.split("_").map((part) => part.match(/^(\d+)\.(\d+)\.(-?\d+)$/).slice(1).map(Number)) : []
}

function editOf(s, row, column) {
  const found = edits(s).find(([r, c]) => r === row && c === column)
  return found ? found[2] / 1000 : null
}

// Sets one cell by hand, or gives it back to the recipe with `null`.
function edit(s, value) {
  const [row, column] = s.cell
  const others = edits(s).filter(([r, c]) => r !== row || c !== column)
  const thousandths = value === null || Number.isNaN(value) ? null : Math.round(Math.max(-99, Math.min(99, value)) * 1000)
  if (thousandths !== null) others.push([row, column, thousandths])
  others.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  s.set({ [`${s.focus}_edits`]: others.map((cell) => cell.join(".")).join("_") })
}

function buildMatrix(s) {
  const canvas = h("canvas", { role: "img", tabindex: "0", class: "matrix" })
  const choose = (row, column) => {
    const [, rows, columns] = s.header.blocks.matrix.shape
    s.cell = [Math.max(0, Math.min(rows - 1, row)), Math.max(0, Math.min(columns - 1, column))]
    drawMatrix(s)
  }
  canvas.onclick = (event) =>
    choose(Math.floor(event.offsetY / s.matrixSide), Math.floor(event.offsetX / s.matrixSide))
  canvas.onkeydown = (event) => {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key]
    if (!move) return
    event.preventDefault()
    const [row, column] = s.cell ?? [0, 0]
    choose(row + move[0], column + move[1])
  }
  s.el.matrixCanvas = canvas
  s.el.cellName = h("label", { for: "cell" })
  s.el.cellSlider = h("input", { id: "cell", type: "range", min: -CELL_RANGE, max: CELL_RANGE, step: 0.05 })
  s.el.cellNumber = h("input", { type: "number", step: 0.001, min: -99, max: 99, "aria-label": s.t("Weight") })
  s.el.cellSlider.oninput = () => {
    s.dragging = "cell"
    s.el.cellNumber.value = s.el.cellSlider.value
    edit(s, Number(s.el.cellSlider.value))
  }
  s.el.cellSlider.onchange = () => {
    s.dragging = null
    s.commit()
  }
  s.el.cellNumber.onchange = () => {
    edit(s, s.el.cellNumber.valueAsNumber)
    s.commit()
  }
  s.el.cellReset = h("button", { type: "button", class: "small", onclick: () => (edit(s, null), s.commit()) }, s.t("As the recipe has it"))
  s.el.cell = h("div", { class: "cell", hidden: true }, s.el.cellName, s.el.cellSlider, h("div", { class: "pair" }, s.el.cellNumber, s.el.cellReset))
  s.el.editsReset = h("button", { type: "button", class: "small", hidden: true }, s.t("All as the recipe has them"))
  s.el.editsReset.onclick = () => {
    s.set({ [`${s.focus}_edits`]: "" })
    s.commit()
  }
  s.el.editsNote = h("p", { class: "note", hidden: true })
  s.el.cellHint = h("p", { class: "note" }, s.t("Click a cell to set that weight by hand."))
  s.el.matrixBar = h("div", { class: "bar" })
  s.el.matrix = h("div", { hidden: true }, h("h3", {}, s.t("Mixing matrix")), canvas, s.el.matrixBar, s.el.cellHint, s.el.cell, s.el.editsNote, s.el.editsReset)
  return s.el.matrix
}
