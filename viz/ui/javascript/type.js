// The size of type: larger while presenting, for the last row.

const LARGER = 1.3 // as --type in present.css

/**
 * CSS px of letters, or of the room for them.
 * @param {number} px  while the page is worked with
 */
export function forType(px) {
  return globalThis.document?.documentElement?.dataset.present ? LARGER * px : px
}
