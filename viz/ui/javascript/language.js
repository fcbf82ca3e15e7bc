// Switches the language of the page without loading it again.

import { loadedWords } from "./translation.js"

/**
 * @typedef {object} Choice  a language of the page
 * @property {string} tag  as in the address and in `<html lang>`
 * @property {string} name  in itself
 * @property {string} words  where its translations are; empty for English
 */

const YEAR_S = 31536000

/**
 * Remembers the language and loads its words; the page then speaks it once Python says so.
 * @param {Choice} choice
 */
export async function speak({ tag, words }) {
  // biome-ignore lint/suspicious/noDocumentCookie: the other interface is not everywhere
  document.cookie = `pointwise_language=${tag}; path=/; max-age=${YEAR_S}; samesite=lax`
  document.documentElement.lang = tag
  if (words && !Object.keys(loadedWords(tag)).length) await loaded(words)
}

/**
 * Ends also if the words cannot be had: the page is then partly English.
 * @param {string} src
 * @returns {Promise<void>}
 */
function loaded(src) {
  const script = Object.assign(document.createElement("script"), { src })
  return new Promise((resolve) => {
    script.onload = script.onerror = () => resolve()
    document.head.append(script)
  })
}
