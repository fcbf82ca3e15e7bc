// Copies a text to the clipboard.

/**
 * Whether the text was copied; where it was not, it stays in the field, selected. Over plain http there
 * is no clipboard, but a browser may still copy what is selected.
 * @param {string} text
 * @param {HTMLInputElement} field
 */
export async function copy(text, field) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const before = /** @type {ShadowRoot} */ (field.getRootNode()).activeElement
    field.value = text
    field.hidden = false
    field.select()
    const copied = document.execCommand("copy")
    if (copied && before instanceof HTMLElement) before.focus()
    return copied
  }
}
