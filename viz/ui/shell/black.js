// A black screen, so that the room looks at the lecturer.

import { h } from "../javascript/elements.js"

const CURTAIN = "position: fixed; inset: 0; z-index: 2147483647; background: #000; cursor: none"

/** @type {HTMLElement | undefined} */
let curtain

export function isBlack() {
  return curtain !== undefined
}

/**
 * @param {HTMLElement} status  is read out by screen readers
 * @param {string} words
 */
export function showBlack(status, words) {
  if (curtain) return
  status.textContent = words
  curtain = h("div", { id: "black", style: CURTAIN, onclick: () => showPage(status) })
  document.body.append(curtain)
}

/** @param {HTMLElement} status */
export function showPage(status) {
  curtain?.remove()
  curtain = undefined
  status.textContent = ""
}
