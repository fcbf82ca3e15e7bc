// The numbers of a perceptron, and which of them are drawn.

/** @import {Layer, Weights} from "./state.js" */

export const MOST_UNITS = 16 // of a layer; of more the strongest are drawn

/**
 * The activations of all layers.
 * @param {number[]} inputs  of the first
 * @param {Weights[]} weights
 */
export function activations(inputs, weights) {
  const layers = [inputs]
  for (const { matrix, rectified } of weights) {
    const before = layers[layers.length - 1]
    const sums = matrix.map((row) => row.reduce((sum, weight, n) => sum + weight * before[n], 0))
    layers.push(rectified ? sums.map((sum) => Math.max(0, sum)) : sums)
  }
  return layers
}

/**
 * The units of a layer that are drawn, in their order: those farthest from 0.
 * @param {number[]} values
 */
export function strongest(values) {
  const order = [...values.keys()].sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]) || a - b)
  return order.slice(0, MOST_UNITS).sort((a, b) => a - b)
}

/**
 * The largest |weight × activation| that there can be between a layer and the next.
 * @param {Layer} layer
 * @param {Weights} weights
 */
export function largestProduct({ low, high }, { matrix }) {
  const heaviest = Math.max(0, ...matrix.flat().map(Math.abs))
  return heaviest * Math.max(-low, high)
}

/**
 * A number that fits into a unit.
 * @param {number} value
 */
export function brief(value) {
  const size = Math.abs(value)
  const text = value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0)
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−")
}
