// Sizes for the last row: larger type and maps while presenting, thicker lines in high contrast.

const LARGER = 1.3 // as --type in present.css
const THICKER = 1.6

/** Whether the page is presented. */
export function isPresented() {
  return Boolean(globalThis.document?.documentElement?.dataset.present)
}

/**
 * CSS px of letters, or of the room for them.
 * @param {number} px  while the page is worked with
 */
export function forType(px) {
  return isPresented() ? LARGER * px : px
}

/**
 * CSS px of a line that marks something.
 * @param {number} px  in the other themes
 */
export function forLine(px) {
  return globalThis.document?.documentElement?.dataset.theme === "contrast" ? THICKER * px : px
}
