// Texts in the page's language.

/**
 * @typedef {Record<string, string>} Catalogue  English text to its translation
 * @typedef {Record<string, unknown>} Args  values for the braces of a text
 * @typedef {(text: string, args?: Args) => string} Translate
 */

/**
 * A text in the page's language, with its values filled in.
 * @param {Catalogue | undefined} words
 * @param {string} text
 * @param {Args} [args]
 */
export function translated(words, text, args = {}) {
  return (words?.[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => String(args[name] ?? ""))
}
