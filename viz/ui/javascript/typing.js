// Whether a key belongs to what is written, and not to the page.

const WRITING = "textarea, [contenteditable], input:not([type=range], [type=radio], [type=checkbox])"
const TYPING = `select, ${WRITING}`

/** @param {KeyboardEvent} event */
export function isWriting(event) {
  return startsIn(event, WRITING)
}

/**
 * Whether letters are taken by what has the focus; a menu takes them too.
 * @param {KeyboardEvent} event
 */
export function isTyping(event) {
  return startsIn(event, TYPING)
}

/**
 * Whether it belongs to a dialog over the page, which Escape must close.
 * @param {KeyboardEvent} event
 */
export function isInDialog(event) {
  return event.composedPath().some((each) => each instanceof HTMLDialogElement)
}

/**
 * @param {KeyboardEvent} event
 * @param {string} elements
 */
function startsIn(event, elements) {
  const [target] = event.composedPath()
  return target instanceof Element && target.matches(elements)
}
