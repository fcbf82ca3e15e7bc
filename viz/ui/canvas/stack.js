// A stack of maps or kernels on one canvas: where each lies, what colour it has, what is under the pointer.

const GAP = 10
const BAR = 19 // a small oriented bar before a name
const NAME = 20 // height of a name under its map, CSS px
const FAMILY_WORTH = 0.6
const PICTURE = -1 // stands for the tile that shows three maps as one picture
const SMALLEST_NAMED = 56 // narrower maps carry no name; the pointer still says it

// As many columns as make the maps largest in `width` × `height`; maps keep their aspect. Whole
// rows of `family` maps (the phases of one orientation) are worth some size.
function arrange(count, rows, columns, width, height, family, fill) {
  const plans = []
  for (let across = 1; across <= count; across++) {
    const down = Math.ceil(count / across)
    const gap = count > 64 ? 3 : GAP
    const cell = (width - gap * (across - 1)) / across
    const tallest = (height - gap * (down - 1)) / down
    const named = cell >= SMALLEST_NAMED
    const scale = Math.min(cell / columns, (tallest - (named ? NAME : 0)) / rows)
    if (scale > 0) plans.push({ across, down, gap, scale, named, cell })
  }
  const none = { across: count, down: 1, gap: 0, scale: width / count / columns, named: false, cell: width / count }
  const largest = (some) => some.reduce((best, plan) => (plan.scale > best.scale ? plan : best), some[0] ?? none)
  const best = largest(plans)
  const orderly = largest(plans.filter(({ across }) => across % family === 0))
  const chosen = orderly.scale >= FAMILY_WORTH * best.scale && orderly.across % family === 0 ? orderly : best
  return { ...chosen, ...(fill ? exactly(chosen.scale, rows, columns) : snapped(chosen.scale, rows, columns)) }
}

function exactly(scale, rows, columns) {
  return { scale, wide: Math.max(1, columns * scale), tall: Math.max(1, rows * scale) }
}

// Whole multiples keep every pixel equally large; they are used unless a quarter would be lost.
function snapped(scale, rows, columns) {
  const ratio = window.devicePixelRatio || 1
  const whole = Math.floor(scale * ratio) / ratio
  const used = whole >= 0.75 * scale ? whole : scale
  return exactly(used, rows, columns)
}

class Stack {
  constructor(canvas, overlay) {
    this.canvas = canvas
    this.overlay = overlay
    this.offscreen = document.createElement("canvas")
    this.tiles = []
  }

  // Draws `block`; `only` is the one map to draw, or null for all. Kind `colour` is one picture of
  // three maps; with `picture`, a name, that picture stands behind the maps. `wider`, `classes`: see
  // `ranges`. With `fill` maps are as large as fits, also where their pixels come out uneven.
  draw(block, { width, height, scale, kind, names, family, only, style, sizes, picture = null, wider, classes, fill }) {
    const [count, rows, columns] = block.shape
    const shown = kind === "colour" ? [] : only === null ? [...Array(count).keys()] : [only]
    const coloured = kind === "colour" || (picture && only === null)
    if (coloured) shown.push(PICTURE)
    const plan = arrange(shown.length, rows, columns, width, height, only === null ? family : 1, fill)
    const label = plan.named ? Math.min(plan.cell, longest(this.canvas, picture ? [...names, picture] : names, style)) : 0
    const step = { x: Math.max(plan.wide, label) + plan.gap, y: plan.tall + plan.gap + (plan.named ? NAME : 0) }
    const used = { width: step.x * plan.across - plan.gap, height: step.y * plan.down - plan.gap }
    this.block = block
    this.plan = plan
    this.label = step.x - plan.gap
    this.style = style
    this.range = ranges(block, scale, kind, { wider, classes })
    this.tiles = shown.map((map, i) => ({
      map: map === PICTURE ? 0 : map,
      title: map === PICTURE ? (picture ?? "") : (names[map] ?? ""),
      coloured: map === PICTURE,
      rows: sizes ? sizes[map][0] : rows,
      columns: sizes ? sizes[map][1] : columns,
      x: step.x * (i % plan.across),
      y: step.y * Math.floor(i / plan.across),
      wide: plan.wide,
      tall: plan.tall,
    }))
    for (const tile of this.tiles) {
      tile.wide *= tile.columns / columns // maps of other sizes keep one scale, each its aspect
      tile.tall *= tile.rows / rows
    }
    for (const canvas of [this.canvas, this.overlay]) size(canvas, width, used.height)
    this.paint(rows, columns)
    return used.height
  }

  paint(rows, columns) {
    const context = this.canvas.getContext("2d")
    const ratio = window.devicePixelRatio || 1
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, this.canvas.width, this.canvas.height)
    context.imageSmoothingEnabled = false
    const image = this.sheet(columns, rows * this.tiles.length)
    const words = new Uint32Array(image.data.buffer)
    this.tiles.forEach((tile, i) => {
      if (tile.coloured) asPicture(this.block, words, i * rows * columns, rows * columns)
      else this.fill(words, i * rows * columns, tile.map, rows * columns)
    })
    const source = this.offscreen.getContext("2d")
    source.putImageData(image, 0, 0)
    this.tiles.forEach((tile, i) => {
      // edges are rounded, not sizes: a last column could else fall off the canvas
      const [left, top, right, bottom] = [tile.x, tile.y, tile.x + tile.wide, tile.y + tile.tall].map((edge) => Math.round(edge * ratio))
      const box = [left, top, right - left, bottom - top]
      context.drawImage(this.offscreen, 0, i * rows, tile.columns, tile.rows, ...box)
      tile.device = box
    })
    this.canvas.dataset.tiles = JSON.stringify(this.tiles.map((tile) => [tile.map, ...tile.device]))
    context.scale(ratio, ratio)
    this.write(context)
  }

  // The pixels that are filled, all maps below one another; made anew only when their size changes,
  // for a dozen megabytes at every step would keep the collector busy.
  sheet(wide, tall) {
    if (this.image?.width !== wide || this.image.height !== tall) {
      this.offscreen.width = wide
      this.offscreen.height = tall
      this.image = new ImageData(wide, tall)
    }
    return this.image
  }

  fill(words, at, map, length) {
    const table = colours(this.block, map, this.range.each[map], this.range.table)
    const pixels = this.block.pixels
    const from = map * length
    for (let i = 0; i < length; i++) words[at + i] = table[pixels[from + i]]
  }

  write(context) {
    if (!this.plan.named) return
    context.font = `${this.style.size}px ${this.style.font}`
    context.textBaseline = "top"
    context.textAlign = "left"
    for (const tile of this.tiles) this.name(context, tile, tile.title)
  }

  // A name, with a bar that lies as the filter's bars lie where there is room for it.
  name(context, tile, name) {
    const angle = name.match(/^([\d.]+)°/)
    const fits = context.measureText(name).width <= this.label - (angle ? BAR : 0)
    const indent = angle && fits ? BAR : 0
    if (indent) bar(context, tile.x + 7, tile.y + tile.tall + 11, Number(angle[1]))
    context.fillStyle = this.style.text
    context.fillText(name, tile.x + indent, tile.y + tile.tall + 4, this.label - indent)
  }

  // The map and its pixel under a point of the canvas, or null between the maps.
  at(x, y) {
    for (const tile of this.tiles) {
      const [column, row] = [(x - tile.x) / this.plan.scale, (y - tile.y) / this.plan.scale]
      if (column >= 0 && row >= 0 && column < tile.columns && row < tile.rows) {
        return { map: tile.map, row: Math.floor(row), column: Math.floor(column) }
      }
    }
    return null
  }

  // Marks one pixel in every map, and says its value where the name stands.
  mark(place, values) {
    const context = this.overlay.getContext("2d")
    const ratio = window.devicePixelRatio || 1
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, this.overlay.width, this.overlay.height)
    if (!place) return
    const scale = this.plan.scale
    for (const tile of this.tiles) {
      if (place.row >= tile.rows || place.column >= tile.columns) continue
      const [x, y] = [tile.x + place.column * scale, tile.y + place.row * scale]
      const side = Math.max(scale, 5)
      const inset = (side - scale) / 2
      const here = tile.map === place.map
      frame(context, x - inset, y - inset, side, here ? 2.5 : 1.5, here)
      if (values && this.plan.named && !tile.coloured) this.tell(context, tile, place)
    }
  }

  tell(context, tile, place) {
    const text = told(this.block, tile.map, valueAt(this.block, tile.map, place.row, place.column))
    context.font = `600 ${this.style.size}px ${this.style.font}`
    context.textBaseline = "top"
    context.textAlign = "right"
    const width = context.measureText(text).width + 6
    const [right, top] = [tile.x + this.label, tile.y + tile.tall + 2]
    context.fillStyle = this.style.background
    context.fillRect(right - width, top, width, NAME - 2)
    context.fillStyle = this.style.text
    context.fillText(text, right, top + 2)
  }
}

// Width of the longest name with its bar, CSS px.
function longest(canvas, names, style) {
  const context = canvas.getContext("2d")
  context.font = `${style.size}px ${style.font}`
  return BAR + Math.max(...names.map((name) => context.measureText(name).width))
}

// A word for the colour of every class.
function classKey(names, table = "classes") {
  const swatch = (i) => h("span", { class: "swatch", style: `background:${cssColour(classColour(i, names.length, table))}` })
  return names.map((name, i) => h("span", { class: "class" }, swatch(i), name))
}
