// Which pixel the pointer is on, told by one component of a page to the others.

const EVENT = "pointwise-pointed"

/** @typedef {[row: number, column: number]} Pixel  of a picture */

/**
 * Tells the other components where the pointer is; null if it is nowhere.
 * @param {Pixel | null} pixel
 */
export function tellPointed(pixel) {
  dispatchEvent(new CustomEvent(EVENT, { detail: pixel }))
}

/**
 * Listens to the other components; the answer ends it.
 * @param {(pixel: Pixel | null) => void} told
 */
export function listenToPointed(told) {
  const listener = (/** @type {Event} */ event) => told(/** @type {CustomEvent<Pixel | null>} */ (event).detail)
  addEventListener(EVENT, listener)
  return () => removeEventListener(EVENT, listener)
}
