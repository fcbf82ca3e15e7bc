// The address on a printed sheet.

import { withShell } from "../javascript/shell.js"

/**
 * The address of the view for whoever gets the sheet: without what only this screen does.
 * @param {Pick<Location, "href">} location
 */
export function printedAddress({ href }) {
  const { origin, pathname, search } = new URL(href)
  const lang = new URLSearchParams(search).get("lang")
  const query = new URLSearchParams(withShell(search, lang ? { lang } : {}))
  for (const name of ["card", "embed", "embed_options"]) query.delete(name)
  return `${origin}${pathname}${query.size ? `?${query}` : ""}`
}
