// The receptive field of one unit, drawn on the photo: an affine box, no server needed.

// First and last position an axis' unit sees; may reach over the border.
function seen(unit, axis, fact) {
  const first = unit * fact.stride[axis] - fact.padding[axis]
  return [first, first + fact.size[axis] - 1]
}

function clip([first, last], length) {
  return [Math.max(0, first), Math.min(length - 1, last)]
}

// Positions that no output reads, of a map of `height` × `width`.
function neverRead(fact, height, width) {
  const [down, along] = [reads(height, 0, fact), reads(width, 1, fact)].map((read) => read.filter(Boolean).length)
  return height * width - down * along
}

// What the last layer alone does to the map that reaches it: its stride, as a fact of size 1.
function ownFact(fact, before) {
  const stride = fact.stride.map((s, axis) => s / before.stride[axis])
  return { shape: fact.shape, size: [1, 1], stride, padding: [0, 0] }
}

const SMALL_FIELD = 16 // CSS px

class Field {
  constructor(canvas, words) {
    this.canvas = canvas
    this.words = words
    this.photo = null
  }

  // Draws the photo, dark outside the box; returns what is to be said about it.
  draw(fact, unit, { width, height }) {
    if (!this.photo) return null
    const [tall, wide] = [this.photo.height, this.photo.width]
    const scale = Math.min(width / wide, height / tall)
    size(this.canvas, wide * scale, tall * scale)
    const context = this.canvas.getContext("2d")
    const ratio = window.devicePixelRatio || 1
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.imageSmoothingEnabled = false
    context.drawImage(this.photo, 0, 0, wide * scale, tall * scale)
    this.scale = scale
    const rows = seen(unit.row, 0, fact)
    const columns = seen(unit.column, 1, fact)
    const [top, bottom] = clip(rows, tall)
    const [left, right] = clip(columns, wide)
    this.hideUnread(context, fact, tall, wide, scale)
    this.darken(context, [left, top, right + 1, bottom + 1].map((v) => v * scale), wide * scale, tall * scale)
    const clipped = top > rows[0] || bottom < rows[1] || left > columns[0] || right < columns[1]
    return { rows, columns, clipped, box: [top, left, bottom, right] }
  }

  darken(context, [left, top, right, bottom], wide, tall) {
    // of a field of a few pixels nothing would be left to see
    const small = Math.max(right - left, bottom - top) < SMALL_FIELD
    context.fillStyle = small ? "rgb(0 0 0 / 25%)" : "rgb(0 0 0 / 55%)"
    context.beginPath()
    context.rect(0, 0, wide, tall)
    context.rect(left, top, right - left, bottom - top)
    context.fill("evenodd")
    const line = 3
    context.lineWidth = line + 2
    context.strokeStyle = "rgb(0 0 0 / 60%)"
    const side = Math.max(6, right - left)
    const high = Math.max(6, bottom - top)
    const box = [left - (side - right + left) / 2, top - (high - bottom + top) / 2, side, high]
    context.strokeRect(...box)
    context.lineWidth = line
    context.strokeStyle = COLOURS.field
    context.strokeRect(...box)
  }

  // Pixels of the photo that no output reads are painted over in grey.
  hideUnread(context, fact, tall, wide, scale) {
    if (neverRead(fact, tall, wide) === 0) return
    context.fillStyle = "rgb(90 90 90 / 88%)"
    context.beginPath() // filled at once, or crossings would be painted twice
    reads(tall, 0, fact).forEach((read, row) => read || context.rect(0, row * scale, wide * scale, scale))
    reads(wide, 1, fact).forEach((read, column) => read || context.rect(column * scale, 0, scale, tall * scale))
    context.fill()
  }
}

// Which positions along an axis some output reads: as the server says where boxes have holes, else the boxes.
function reads(length, axis, fact) {
  const told = [fact.read_rows, fact.read_columns][axis]
  if (told?.length === length) return Uint8Array.from(told)
  const read = new Uint8Array(length)
  for (let unit = 0; unit < fact.shape[axis + 1]; unit++) {
    const [first, last] = clip(seen(unit, axis, fact), length)
    read.fill(1, first, last + 1)
  }
  return read
}

// A close-up of the map that reaches a strided layer: read positions full, the others hollow.
function drawComb(canvas, own, unit, incoming, style) {
  const side = 11
  const reach = 4
  const step = own.stride[0]
  size(canvas, side * (2 * reach + 1), side * (2 * reach + 1))
  const context = canvas.getContext("2d")
  const ratio = window.devicePixelRatio || 1
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, canvas.width, canvas.height)
  const [middleRow, middleColumn] = [unit.row * step, unit.column * step]
  for (let i = -reach; i <= reach; i++) {
    for (let j = -reach; j <= reach; j++) {
      const [row, column] = [middleRow + i, middleColumn + j]
      if (row < 0 || column < 0 || row >= incoming[1] || column >= incoming[2]) continue
      const read =
        row % step === 0 && column % step === 0 && row / step < own.shape[1] && column / step < own.shape[2]
      const box = [(j + reach) * side + 1.5, (i + reach) * side + 1.5, side - 3, side - 3]
      context.fillStyle = i === 0 && j === 0 ? COLOURS.field : style.text
      context.globalAlpha = read ? 1 : 0.16
      context.fillRect(...box)
    }
  }
  context.globalAlpha = 1
}
