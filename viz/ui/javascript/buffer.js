// The buffer from the route: length of the header, header in JSON, then the bytes of every block.

/**
 * A stack of maps, one byte a pixel; 0 is a map's `low`, 255 its `high`.
 * @typedef {object} Block
 * @property {[number, number, number]} shape  maps, rows, columns
 * @property {number} mean_of  units a side that were averaged into one
 * @property {number[]} low  of each map
 * @property {number[]} high  of each map
 * @property {number[]} [least]  of each map before it was averaged
 * @property {number[]} [most]
 * @property {Uint8Array} pixels
 *
 * @typedef {object} Place  a pixel of a drawn map
 * @property {number} map
 * @property {number} row
 * @property {number} column
 */

/**
 * The header with the pixels of every block in it.
 * @param {ArrayBuffer} buffer
 * @returns {any} the header from Python, with `blocks` and other entries
 */
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
  let at = 4 + length
  for (const block of /** @type {Block[]} */ (Object.values(header.blocks))) {
    const [count, height, width] = block.shape
    block.pixels = new Uint8Array(buffer, at, count * height * width)
    at += count * height * width
  }
  return header
}

/**
 * @param {Block} block
 * @param {number} map
 * @param {number} row
 * @param {number} column
 */
export function valueAt(block, map, row, column) {
  const [, height, width] = block.shape
  const byte = block.pixels[(map * height + row) * width + column]
  return block.low[map] + (byte / 255) * (block.high[map] - block.low[map])
}

/**
 * The place of the largest value.
 * @param {Block} block
 * @returns {Place & {value: number}}
 */
export function peak(block) {
  const [, height, width] = block.shape
  const map = block.high.indexOf(Math.max(...block.high))
  const from = map * height * width
  const byte = block.low[map] === block.high[map] ? 0 : 255
  const at = block.pixels.subarray(from, from + height * width).indexOf(byte)
  return { map, row: Math.floor(at / width), column: at % width, value: block.high[map] }
}

/** @param {string} text */
export function fromBase64(text) {
  const bytes = atob(text)
  const buffer = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) buffer[i] = bytes.charCodeAt(i)
  return buffer.buffer
}
