// The numbers that an output reads, and what becomes of them; no drawing.

/**
 * @typedef {number[][]} Plane  rows of numbers
 * @typedef {[row: number, column: number]} Cell
 *
 * @typedef {object} Reading  one layer over the input
 * @property {string} title
 * @property {string} note
 * @property {number} stride
 * @property {number} padding
 * @property {Plane[][]} weights  of each output, for each input
 * @property {Plane[]} outputs
 * @property {"sum" | "max" | "mean"} operation  what becomes of the products
 *
 * @typedef {object} Position  under the kernel
 * @property {number} row
 * @property {number} column
 * @property {number} i  row of its weight
 * @property {number} j
 *
 * @typedef {object} Term  of a sum
 * @property {[channel: number, row: number, column: number]} place
 * @property {number} input
 * @property {number} weight
 */

/**
 * Rows and columns.
 * @template T
 * @param {T[][][]} planes
 * @returns {[rows: number, columns: number]}
 */
export function sizeOf(planes) {
  return [planes[0].length, planes[0][0].length]
}

/** @param {Reading} reading */
export function outputCount(reading) {
  const [rows, columns] = sizeOf(reading.outputs)
  return rows * columns
}

/**
 * Row and column of output number `step`, from 0; a map with fewer outputs stays at its last one.
 * @param {Reading} reading
 * @param {number} step
 * @returns {Cell}
 */
export function outputAt(reading, step) {
  const [, columns] = sizeOf(reading.outputs)
  const n = Math.min(step, outputCount(reading) - 1)
  return [Math.floor(n / columns), n % columns]
}

/**
 * The step when the number of outputs changes: it stays, but the last one of a complete map stays the last.
 * @param {{step: number, steps: number}} before  no steps at the beginning
 * @param {number} steps
 * @param {boolean} complete
 */
export function stepAfter({ step, steps: before }, steps, complete) {
  const isLast = complete && step >= before - 1
  return isLast ? steps - 1 : Math.min(step, steps - 1)
}

/** @param {Reading} reading */
export function kernelSide(reading) {
  return reading.weights[0][0].length
}

/**
 * The positions under the kernel, including padding.
 * @param {Reading} reading
 * @param {Cell} output
 */
export function windowOf(reading, [row, column]) {
  const { stride, padding } = reading
  /** @type {Position[]} */
  const places = []
  for (let i = 0; i < kernelSide(reading); i++) {
    for (let j = 0; j < kernelSide(reading); j++) {
      places.push({ row: row * stride - padding + i, column: column * stride - padding + j, i, j })
    }
  }
  return places
}

/**
 * @param {{row: number, column: number}} place
 * @param {[rows: number, columns: number]} size
 */
export function isInside({ row, column }, [rows, columns]) {
  return row >= 0 && column >= 0 && row < rows && column < columns
}

/**
 * The products of one output, channel by channel, without the zeros of the padding.
 * @param {Plane[]} inputs
 * @param {Reading} reading
 * @param {number} output
 * @param {Cell} at
 * @returns {Term[]}
 */
export function termsOf(inputs, reading, output, at) {
  const size = sizeOf(inputs)
  const inside = windowOf(reading, at).filter((place) => isInside(place, size))
  return inputs.flatMap((plane, channel) =>
    inside.map(({ row, column, i, j }) => ({
      place: /** @type {Term["place"]} */ ([channel, row, column]),
      input: plane[row][column],
      weight: reading.weights[output][channel][i][j],
    })),
  )
}

/** @param {Term[]} terms */
function sumOf(terms) {
  return terms.reduce((sum, { input, weight }) => sum + input * weight, 0)
}

/**
 * @param {Pick<Reading, "operation">} reading
 * @param {Term[]} terms
 */
export function resultOf({ operation }, terms) {
  if (operation === "max") return Math.max(...terms.map(({ input }) => input))
  return operation === "mean" ? sumOf(terms) / terms.length : sumOf(terms)
}

/**
 * The bound between float32 sums of n products, as on the proof card; it is wide enough for their mean.
 * @param {Term[]} terms
 */
export function roundingOf(terms) {
  const magnitude = terms.reduce((sum, { input, weight }) => sum + Math.abs(input * weight), 0)
  return Math.max(4, terms.length) * 1.2e-7 * magnitude
}

/**
 * Whether any output reads each pixel, row by row.
 * @param {Plane[]} inputs
 * @param {Reading} reading
 * @returns {boolean[][]}
 */
export function everRead(inputs, reading) {
  const [rows, columns] = sizeOf(inputs)
  const read = Array.from({ length: rows }, () => new Array(columns).fill(false))
  for (let step = 0; step < outputCount(reading); step++) {
    for (const place of windowOf(reading, outputAt(reading, step))) {
      if (isInside(place, [rows, columns])) read[place.row][place.column] = true
    }
  }
  return read
}

/**
 * First row and column after the last window, from which on a stride that does not divide leaves some over.
 * @param {Reading} reading
 * @returns {Cell}
 */
export function leftOverFrom(reading) {
  const { stride, padding } = reading
  const after = (/** @type {number} */ outputs) => (outputs - 1) * stride - padding + kernelSide(reading)
  const [rows, columns] = sizeOf(reading.outputs)
  return [after(rows), after(columns)]
}
