// The instance of a component in its place on the page.

/**
 * @template State
 * @typedef {{state: State, end: () => void}} Instance
 */

/** @type {WeakMap<ParentNode, string>} */
const SPOKEN = new WeakMap()

/**
 * The instance that stands in a place; none if the page speaks another language now, in which all is built anew.
 * @template State
 * @param {WeakMap<ParentNode, Instance<State>>} instances
 * @param {ParentNode} place
 * @param {string} language  its tag
 * @returns {Instance<State> | undefined}
 */
export function standing(instances, place, language) {
  const instance = instances.get(place)
  const same = SPOKEN.get(place) === language
  SPOKEN.set(place, language)
  if (same || !instance) return instance
  instance.end()
  instances.delete(place)
  return undefined
}
