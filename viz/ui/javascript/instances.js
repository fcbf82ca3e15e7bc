// The instance of a component in its place on the page.

/**
 * @template State
 * @typedef {{state: State, end: () => void}} Instance
 */

/** @type {WeakMap<ParentNode, string>} */
const SPOKEN = new WeakMap()

/**
 * The instance that stands in a place; none if the page speaks another language now, in which all is built anew.
 * Then what `place` of elements.js built before is not taken for its own: Streamlit also ends an instance
 * whose call was overtaken, for instance by another theme, and leaves its elements.
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
  if (same && instance) return instance
  instance?.end()
  instances.delete(place)
  for (const each of place.querySelectorAll("[data-key]")) each.removeAttribute("data-key")
  return undefined
}
