// The view on one sheet of paper, with its address as text and as a QR code.

import { h } from "../javascript/elements.js"
import { svgOf } from "../javascript/svg.js"
import { draw } from "./draw.js"
import { printedAddress } from "./printed_address.js"
import { viewOf } from "./save_view.js"
import { isDrawn } from "./state.js"

/** @import {State} from "./state.js" */

const PAPER = {
  "color-scheme": "light",
  "--st-text-color": "#000",
  "--st-background-color": "#fff",
  "--st-secondary-background-color": "#eee",
  "--st-primary-color": "#4353c4",
}

/**
 * Fills the sheet whenever the page is printed, by whatever means; returns a function that stops it.
 * @param {State} s
 */
export function listenToPrinting(s) {
  const fill = () => {
    if (isDrawn(s)) s.el.sheet.replaceChildren(...partsOfSheet(s))
  }
  const empty = () => s.el.sheet.replaceChildren()
  addEventListener("beforeprint", fill)
  addEventListener("afterprint", empty)
  return () => {
    removeEventListener("beforeprint", fill)
    removeEventListener("afterprint", empty)
  }
}

/**
 * What `make` gives while the canvas has the colours of paper.
 * @template Made
 * @param {State} s
 * @param {() => Made} make
 */
function onPaper(s, make) {
  const { style } = s.root
  for (const [name, value] of Object.entries(PAPER)) style.setProperty(name, value)
  draw(s)
  const made = make()
  for (const name of Object.keys(PAPER)) style.removeProperty(name)
  draw(s)
  return made
}

/** @param {State} s */
function partsOfSheet(s) {
  const address = printedAddress(location)
  const code = codeOf(address)
  const view = h("div", { class: "view" })
  view.innerHTML = onPaper(s, () => svgOf(viewOf(s, { foot: false })))
  view.firstElementChild?.setAttribute("preserveAspectRatio", "xMidYMin")
  const foot = h("p", { class: "foot" }, h("b", {}, s.pictureName), h("br"), address)
  return [view, h("footer", {}, code, foot)]
}

/**
 * The address as a QR code; nothing where it is too long for one. The browser prints what is there
 * when this returns, so it waits for the server.
 * @param {string} address
 */
function codeOf(address) {
  const request = new XMLHttpRequest()
  request.open("GET", `qr?${new URLSearchParams({ text: address })}`, false)
  try {
    request.send()
  } catch {
    return null
  }
  if (request.status !== 200) return null
  const code = h("div", { class: "qr" })
  code.innerHTML = request.responseText
  return code
}
