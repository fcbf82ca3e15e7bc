// The names of maps in the visitor's language: a header is the same for all.

import { nameSaid } from "../javascript/translation.js"

/** @import {Header} from "./state.js" */

/**
 * @param {string} language
 * @param {Header} header
 * @returns {Header}
 */
export function inLanguage(language, header) {
  if (language === "en") return header
  const said = (/** @type {string[] | undefined} */ names) => names?.map((name) => nameSaid(language, name))
  const { names, input_names, row_names, kernel_names, classes, groups, side_by_side: beside } = header
  return {
    ...header,
    names: said(names) ?? [],
    input_names: said(input_names) ?? [],
    row_names: said(row_names),
    kernel_names: said(kernel_names),
    classes: said(classes),
    groups: groups && { ...groups, names: said(groups.names) ?? [] },
    side_by_side: beside && { ...beside, names: said(beside.names) ?? [] },
  }
}
