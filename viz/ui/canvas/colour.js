// Colour maps: 256 packed colours each, from the stops in assets/colours.json (COLOURS).

function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16))
}

function lookup(stops) {
  const table = new Uint32Array(256)
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (stops.length - 1)
    const left = Math.min(Math.floor(at), stops.length - 2)
    const [from, to] = [channels(stops[left]), channels(stops[left + 1])]
    const [r, g, b] = from.map((value, k) => Math.round(value + (to[k] - value) * (at - left)))
    table[i] = (255 << 24) | (b << 16) | (g << 8) | r // little endian RGBA
  }
  return table
}

const TABLES = {
  sequential: lookup(COLOURS.sequential),
  activation: lookup(COLOURS.activation),
  weight: lookup(COLOURS.weight),
  grey: lookup(["#000000", "#ffffff"]),
  classes: lookup(COLOURS.classes),
  mask: lookup(["#6e6e6e", COLOURS.field]),
}

// The colour of class `i` of `count`, packed.
function classColour(i, count, table = "classes") {
  return TABLES[table][count > 1 ? Math.round((255 * i) / (count - 1)) : 0]
}

function cssColour(packed) {
  return `rgb(${packed & 255} ${(packed >> 8) & 255} ${(packed >> 16) & 255})`
}

// The hue that stands for an orientation of bars, the same on every page.
function orientationColour(degrees) {
  const stops = COLOURS.orientation
  const at = ((((degrees % 180) + 180) % 180) / 180) * (stops.length - 1)
  return stops[Math.round(at)]
}

// The range every map is drawn with: {low, high} for each, and the name of the colour map. `wider`
// is a range to share with others; classes are numbered from 0 to `classes` − 1.
function ranges(block, scale, kind, { wider = block, classes = 0 } = {}) {
  const named = { class: "classes", mask: "mask" }[kind]
  if (named) return { each: block.low.map(() => ({ low: 0, high: classes - 1 })), table: named, shared: true }
  const low = Math.min(...wider.low)
  const high = Math.max(...wider.high)
  const signed = low < 0
  const table = kind === "weight" ? "weight" : signed ? "activation" : "sequential"
  const each = block.low.map((_, i) => {
    if (kind !== "weight" && scale === "own") {
      const reach = Math.max(-block.low[i], block.high[i])
      return signed ? around(reach) : { low: block.low[i], high: block.high[i] }
    }
    if (kind === "weight" || signed || scale === "symmetric") {
      return around(Math.max(-low, high))
    }
    return { low: Math.min(0, low), high }
  })
  const forced = kind !== "weight" && scale === "symmetric" ? "activation" : table
  return { each, table: forced, shared: scale !== "own" || kind === "weight" }
}

// The three maps of a picture as its red, green and blue, each cut off at 0 and 1, packed.
function asPicture(block, words, at, length) {
  const levels = [0, 1, 2].map((i) => {
    const [low, high] = [block.low[i], block.high[i]]
    return Uint8Array.from({ length: 256 }, (_, byte) => 255 * Math.min(1, Math.max(0, low + (byte / 255) * (high - low))) + 0.5)
  })
  const [r, g, b] = [0, 1, 2].map((i) => block.pixels.subarray(i * length, (i + 1) * length))
  for (let i = 0; i < length; i++) {
    words[at + i] = (255 << 24) | (levels[2][b[i]] << 16) | (levels[1][g[i]] << 8) | levels[0][r[i]]
  }
}

function around(reach) {
  return { low: -reach, high: reach }
}

// For each of a map's 256 bytes, the colour it is drawn with.
function colours(block, i, range, table) {
  const [low, high] = [block.low[i], block.high[i]]
  const width = range.high - range.low
  const out = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    const exact = low + (byte / 255) * (high - low)
    const value = table === "classes" ? Math.round(exact) : exact
    const at = width > 0 ? (value - range.low) / width : ["sequential", "classes", "mask"].includes(table) ? 0 : 0.5
    out[byte] = TABLES[table][Math.round(255 * Math.min(1, Math.max(0, at)))]
  }
  return out
}
