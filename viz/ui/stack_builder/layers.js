// A stack of layers: what each adds to the receptive field, and the changes that a hand makes.

/** @import {Layer} from "./state.js" */

export const NUMBERS = ["kernel", "stride", "before", "after", "dilation"]
export const FRESH = /** @type {Layer} */ (["c", 3, 1, 1, 1, 1])

/**
 * The field after every layer: its size, what the layer added, and the effective stride.
 * @param {Layer[]} layers
 */
export function grown(layers) {
  let [size, stride] = [1, 1]
  return layers.map(([, kernel, own, , , dilation]) => {
    const adds = dilation * (kernel - 1) * stride
    size += adds
    stride *= own
    return { size, adds, stride }
  })
}

/**
 * The layer with one thing changed, and the rest made to fit: padding never hides a whole window,
 * that of a pool is at most half of it, and pools have no dilation.
 * @param {Layer} layer
 * @param {number} at  the place of what changes; 0 for the kind
 * @param {string | number} value
 * @param {number[]} most  of the numbers
 * @returns {Layer}
 */
export function changed(layer, at, value, most) {
  const whole = (/** @type {unknown} */ number) => Math.round(Number(number)) || 0
  const [kind, ...numbers] = layer.with(at, at ? whole(value) : value)
  const fit = (/** @type {number} */ n, /** @type {number} */ low, /** @type {number} */ high) =>
    Math.min(high, Math.max(low, whole(numbers[n])))
  const pool = kind === "m" || kind === "a"
  const [kernel, stride, dilation] = [fit(0, 1, most[0]), fit(1, 1, most[1]), pool ? 1 : fit(4, 1, most[4])]
  const pads = pool ? Math.floor(kernel / 2) : dilation * (kernel - 1)
  const [before, after] = [fit(2, 0, Math.min(pads, most[2])), fit(3, 0, Math.min(pads, most[3]))]
  return [String(kind), kernel, stride, before, after, dilation]
}

/**
 * The layers with one moved by a step; the same layers at an end.
 * @param {Layer[]} layers
 * @param {number} at
 * @param {number} step
 */
export function moved(layers, at, step) {
  const to = at + step
  if (to < 0 || to >= layers.length) return layers
  return layers.with(at, layers[to]).with(to, layers[at])
}

/**
 * The layers with a new one after a place, like the one there.
 * @param {Layer[]} layers
 * @param {number} at
 */
export function added(layers, at) {
  const like = layers[at] ?? FRESH
  return layers.toSpliced(at + 1, 0, [...like])
}

/**
 * What a layer is called, as "max 3×3".
 * @param {Layer} layer
 */
export function called([kind, kernel]) {
  const before = { d: "depthwise ", m: "max ", a: "mean " }[kind] ?? ""
  return `${before}${kernel}×${kernel}`
}
