// Receptive fields as affine boxes, which need no server.

/**
 * The facts of a stage, from the route.
 * @typedef {object} Fact
 * @property {[number, number, number]} shape  maps, rows, columns
 * @property {[number, number]} size  of a unit's box, rows and columns
 * @property {[number, number]} stride  from one unit's box to the next
 * @property {[number, number]} padding  distance by which the first box starts outside
 * @property {number} parameters
 * @property {number} macs
 * @property {number} [ms]
 * @property {number} [cpu_ms]
 * @property {string} [read_rows]  "0" or "1" for every row, if boxes have holes
 * @property {string} [read_columns]
 *
 * @typedef {Pick<Fact, "shape" | "size" | "stride" | "padding" | "read_rows" | "read_columns">} Boxes
 * @typedef {[first: number, last: number]} Interval  both included
 */

/**
 * First and last position that a unit sees along an axis; may be outside the map.
 * @param {number} unit
 * @param {number} axis
 * @param {Boxes} fact
 * @returns {Interval}
 */
export function seen(unit, axis, fact) {
  const first = unit * fact.stride[axis] - fact.padding[axis]
  return [first, first + fact.size[axis] - 1]
}

/**
 * @param {Interval} interval
 * @param {number} length
 * @returns {Interval}
 */
export function clip([first, last], length) {
  return [Math.max(0, first), Math.min(length - 1, last)]
}

/**
 * The unit whose box has its middle nearest to a position of the picture, along an axis.
 * @param {number} position
 * @param {number} axis
 * @param {Boxes} fact
 */
export function unitAt(position, axis, fact) {
  const first = position - (fact.size[axis] - 1) / 2 + fact.padding[axis]
  return Math.max(0, Math.min(fact.shape[axis + 1] - 1, Math.round(first / fact.stride[axis])))
}

/**
 * The positions along an axis that outputs read: from the server if boxes have holes, else the boxes.
 * @param {number} length
 * @param {number} axis
 * @param {Boxes} fact
 */
export function reads(length, axis, fact) {
  const said = [fact.read_rows, fact.read_columns][axis]
  if (said?.length === length) return Uint8Array.from(said, Number)
  const read = new Uint8Array(length)
  for (let unit = 0; unit < fact.shape[axis + 1]; unit++) {
    const [first, last] = clip(seen(unit, axis, fact), length)
    read.fill(1, first, last + 1)
  }
  return read
}

/**
 * The positions of a map of `height` × `width` that no output reads.
 * @param {Boxes} fact
 * @param {number} height
 * @param {number} width
 */
export function neverRead(fact, height, width) {
  const [down, along] = [reads(height, 0, fact), reads(width, 1, fact)].map((read) => read.filter(Boolean).length)
  return height * width - down * along
}

/**
 * The stride of the last layer alone in its own input, as boxes of size 1.
 * @param {Boxes} fact
 * @param {Boxes} before
 * @returns {Boxes}
 */
export function ownBoxes(fact, before) {
  const [down, along] = fact.stride
  return {
    shape: fact.shape,
    size: [1, 1],
    stride: [down / before.stride[0], along / before.stride[1]],
    padding: [0, 0],
  }
}
