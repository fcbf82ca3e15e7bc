// What one output of a convolution reads, and the sum it makes of it: numbers only, nothing drawn.

function sizeOf(planes) {
  return [planes[0].length, planes[0][0].length]
}

function outputCount(reading) {
  const [rows, columns] = sizeOf(reading.outputs)
  return rows * columns
}

// Row and column of output number `step`, from 0; a map with fewer outputs stays at its last one.
function outputAt(reading, step) {
  const [, columns] = sizeOf(reading.outputs)
  const n = Math.min(step, outputCount(reading) - 1)
  return [Math.floor(n / columns), n % columns]
}

function kernelSide(reading) {
  return reading.weights[0][0].length
}

// The places under the kernel, those of the padding too: `i`, `j` say which weight meets them.
function windowOf(reading, [row, column]) {
  const { stride, padding } = reading
  const places = []
  for (let i = 0; i < kernelSide(reading); i++) {
    for (let j = 0; j < kernelSide(reading); j++) {
      places.push({ row: row * stride - padding + i, column: column * stride - padding + j, i, j })
    }
  }
  return places
}

function isInside({ row, column }, [rows, columns]) {
  return row >= 0 && column >= 0 && row < rows && column < columns
}

// The products of one output number, channel by channel; the zeros of the padding are left out.
function termsOf(inputs, reading, output, at) {
  const size = sizeOf(inputs)
  const seen = windowOf(reading, at).filter((place) => isInside(place, size))
  return inputs.flatMap((plane, channel) =>
    seen.map(({ row, column, i, j }) => ({
      place: [channel, row, column],
      input: plane[row][column],
      weight: reading.weights[output][channel][i][j],
    })),
  )
}

function sumOf(terms) {
  return terms.reduce((sum, { input, weight }) => sum + input * weight, 0)
}

// As far as float32 sums of n products may lie apart, as on the proof card.
function roundingOf(terms) {
  const magnitude = terms.reduce((sum, { input, weight }) => sum + Math.abs(input * weight), 0)
  return Math.max(4, terms.length) * 1.2e-7 * magnitude
}

// For every pixel whether any output reads it, row by row.
function everRead(inputs, reading) {
  const [rows, columns] = sizeOf(inputs)
  const read = Array.from({ length: rows }, () => new Array(columns).fill(false))
  for (let step = 0; step < outputCount(reading); step++) {
    for (const place of windowOf(reading, outputAt(reading, step))) {
      if (isInside(place, [rows, columns])) read[place.row][place.column] = true
    }
  }
  return read
}

// First row and column behind the last window: from there on a stride that does not divide leaves some over.
function leftOverFrom(reading) {
  return sizeOf(reading.outputs).map(
    (outputs) => (outputs - 1) * reading.stride - reading.padding + kernelSide(reading),
  )
}
