// Buttons that save the view on screen; the canvas, which knows it, makes the file.

import { h, place } from "../javascript/elements.js"

/** @typedef {{label: string, ending: "svg" | "png"}} File */

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode & {querySelector: ParentNode["querySelector"]}, data: {files: File[]}}} component
 */
export default function saving({ parentElement, data }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".saving"))
  place(root, JSON.stringify(data.files), () => data.files.map(button))
}

/** @param {File} file */
function button({ label, ending }) {
  const onclick = () => dispatchEvent(new CustomEvent("pointwise-save", { detail: ending }))
  return h("button", { type: "button", onclick }, label)
}
