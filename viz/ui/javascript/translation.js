// Texts in the page's language.

/**
 * @typedef {string} Message  an English text that is translated where it is shown; so `scripts/translations` finds it
 * @typedef {Record<string, unknown>} Args  values for the braces of a text; a value may be a text of its own
 * @typedef {(text: string, args?: Args, plural?: string) => string} Translate  `plural`: for other `args.n` than 1
 * @typedef {Record<string, string>} Words  English text to its translation
 */

/**
 * A text in a language, with its values filled in; in English where it has no translation.
 * @param {string | undefined} language  its tag
 * @param {string} text
 * @param {Args} [args]
 * @param {string} [plural]  the text for other numbers of things than 1, which `args.n` counts
 * @returns {string}
 */
export function translated(language, text, args = {}, plural = "") {
  const english = plural && String(args.n) !== "1" ? plural : text
  const form = loadedWords(language)[text] ?? english
  return form.replace(/\{(\w+)\}/g, (_, name) => valueSaid(language, args[name]))
}

/**
 * The name of a map in a language: its words are translated, its signs are not.
 * @param {string | undefined} language
 * @param {string} name
 */
export function nameSaid(language, name) {
  const words = loadedWords(language)
  return name.replace(/[A-Za-z][A-Za-z ]*[A-Za-z]/g, (phrase) => words[phrase] ?? phrase)
}

/**
 * The translations that this page has loaded.
 * @param {string} [language]
 * @returns {Words}
 */
export function loadedWords(language = "en") {
  const all = /** @type {{pointwiseWords?: Record<string, Words>}} */ (globalThis).pointwiseWords
  return all?.[language] ?? {}
}

/**
 * @param {string | undefined} language
 * @param {unknown} value
 * @returns {string}
 */
function valueSaid(language, value) {
  if (Array.isArray(value) && typeof value[0] === "string") return translated(language, value[0], value[1], value[2])
  return value === undefined || value === null ? "" : (loadedWords(language)[String(value)] ?? String(value))
}
