// Whether a click takes the page into the visitor's own hands: it chooses another lesson, section or picture.

const PLACES = [
  ".st-key-sections",
  ".st-key-previous_lesson",
  ".st-key-next_lesson",
  '[data-testid="stSidebarNav"]',
  '[data-testid="stSidebarUserContent"]',
].join()
const CHOOSES = "a, button, input, label, select, [role=slider], [role=radio], [role=switch], [role=option]"
const NOT_THE_VIEW = ".st-key-sharing, .st-key-shell" // what only this visitor has

/** @param {Event} event */
export function isTouched(event) {
  const path = event.composedPath().filter((each) => each instanceof Element)
  const isIn = (/** @type {string} */ places) => path.some((element) => element.matches(places))
  return isIn(PLACES) && isIn(CHOOSES) && !isIn(NOT_THE_VIEW)
}
