// Sizes while presenting: larger type and maps, for the last row.

const LARGER = 1.3 // as --type in present.css

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
