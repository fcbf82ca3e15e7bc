// The ranges that colours stand for.

/** @import {Block} from "./buffer.js" */
/** @import {Kind, Table} from "./colours.js" */
/** @import {Near} from "./nearly.js" */

/**
 * @typedef {object} Range
 * @property {number} low
 * @property {number} high
 * @property {number} [least]  the smallest value; below `low`, it has the colour of `low`
 * @property {number} [most]  the largest value
 *
 * @typedef {object} Ranges  the range and colours of every map
 * @property {Range[]} each
 * @property {Table} table
 * @property {boolean} shared  whether all maps have one range
 *
 * @typedef {Pick<Block, "low" | "high">} Ends  of every map
 */

const WORTH = 0.9 // of the whole range; more than this is not cut
const TOO_MUCH = 0.05 // of the whole range; less than this would show single points as areas

/**
 * The range of every map, and the colour map.
 * @param {Ends} block
 * @param {string} scale `shared`, `own` or `symmetric`
 * @param {Kind} kind
 * @param {object} [others]
 * @param {Ends} [others.wider] a range to share with other blocks
 * @param {Near[]} [others.near] where nearly all values of `wider` are; without it, all are shown
 * @param {number} [others.classes] number of classes, labelled 0 to `classes` − 1
 * @returns {Ranges}
 */
export function ranges(block, scale, kind, { wider = block, near = [], classes = 0 } = {}) {
  if (kind === "class" || kind === "mask") {
    const each = block.low.map(() => ({ low: 0, high: classes - 1 }))
    return { each, table: kind === "class" ? "classes" : "mask", shared: true }
  }
  const signed = Math.min(...wider.low) < 0
  const diverging = kind === "weight" || signed || scale === "symmetric"
  const own = kind !== "weight" && scale === "own"
  const rangeOf = diverging ? aroundZero : own ? betweenEnds : fromZero
  const common = rangeOf(wider, near)
  const each = block.low.map((low, i) =>
    own ? rangeOf({ low: [low], high: [block.high[i]] }, near.slice(i, i + 1)) : common,
  )
  const table = kind === "weight" ? "weight" : diverging ? "activation" : "sequential"
  return { each, table, shared: !own }
}

/**
 * @param {Ends} ends
 * @param {Near[]} near
 * @returns {Range}
 */
function aroundZero({ low, high }, near) {
  const [least, most] = [Math.min(...low), Math.max(...high)]
  const [, far] = cut([0, Math.max(...near.map(({ far }) => far))], [0, Math.max(-least, most)])
  return { ...around(far), least, most }
}

/**
 * @param {Ends} ends of maps without negative values
 * @param {Near[]} near
 * @returns {Range}
 */
function fromZero({ high }, near) {
  return betweenEnds({ low: [0], high }, near)
}

/**
 * The colour of 0 stays that of 0.
 * @param {Ends} ends
 * @param {Near[]} near
 * @returns {Range}
 */
function betweenEnds(ends, near) {
  const [least, most] = [Math.min(...ends.low), Math.max(...ends.high)]
  const bottom = least === 0 ? 0 : Math.min(...near.map(({ low }) => low))
  const [low, high] = cut([bottom, Math.max(...near.map(({ high }) => high))], [least, most])
  return { low, high, least, most }
}

/**
 * The range of nearly all values, unless it is about that of all, or next to nothing.
 * @param {number[]} near
 * @param {number[]} all
 */
function cut(near, all) {
  const share = (near[1] - near[0]) / (all[1] - all[0])
  return share > TOO_MUCH && share < WORTH ? near : all
}

/**
 * @param {number} reach
 * @returns {Range}
 */
export function around(reach) {
  return { low: -reach, high: reach }
}
