// What the route sends: length of the header, header in JSON, then the bytes of every block.

function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
  let at = 4 + length
  for (const block of Object.values(header.blocks)) {
    const [count, height, width] = block.shape
    block.pixels = new Uint8Array(buffer, at, count * height * width)
    at += count * height * width
  }
  return header
}

function valueAt(block, map, row, column) {
  const [, height, width] = block.shape
  const byte = block.pixels[(map * height + row) * width + column]
  return block.low[map] + (byte / 255) * (block.high[map] - block.low[map])
}

// Where the largest of all values lies.
function peak(block) {
  const [, height, width] = block.shape
  const map = block.high.indexOf(Math.max(...block.high))
  const from = map * height * width
  const byte = block.low[map] === block.high[map] ? 0 : 255
  const at = block.pixels.subarray(from, from + height * width).indexOf(byte)
  return { map, row: Math.floor(at / width), column: at % width, value: block.high[map] }
}

function fromBase64(text) {
  const bytes = atob(text)
  const buffer = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) buffer[i] = bytes.charCodeAt(i)
  return buffer.buffer
}

// Numbers as a person reads them; the exact one goes into the title.
function short(value) {
  if (value === 0) return "0"
  const size = Math.abs(value)
  if (size >= 1000 || size < 0.001) return value.toExponential(1).replace("e+", "e")
  return String(Number(value.toPrecision(3))).replace("-", "−")
}

// A number of a map to the digit that one of its 256 steps carries: more would be made up.
function told(block, map, value) {
  const step = (block.high[map] - block.low[map]) / 255
  if (!(step > 1e-6)) return short(value)
  const digits = Math.max(0, Math.ceil(-Math.log10(step)))
  const text = value.toFixed(digits)
  return Number(text) === 0 ? "0" : text.replace("-", "−")
}

function magnitude(count) {
  for (const [unit, name] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
    if (count >= Math.max(unit, 1e4)) return `${Number((count / unit).toPrecision(4))} ${name}`
  }
  return exact(count)
}

function exact(count) {
  return count.toLocaleString("en-US")
}
