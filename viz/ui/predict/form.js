// What can be answered: options, a number, or a place on the canvas; and how it looks once it is.

import { h } from "../javascript/elements.js"
import { isRight } from "./questions.js"

/** @import {Translate} from "../javascript/translation.js" */
/** @import {Face} from "./questions.js" */
/** @import {Card} from "./state.js" */

const MOST_OPTIONS = 9 // as many as there are keys for; a room may send what it likes

/**
 * @param {Card} card
 * @param {Face} face
 * @param {Translate} t
 */
export function formOf(card, face, t) {
  if (face.kind === "one") return options(card, face, t)
  return face.kind === "number" ? numberForm(card, face, t) : null // a place is clicked on the canvas
}

/**
 * @param {Card} card
 * @param {Face} face
 * @param {Translate} t
 */
function options({ answer, given, truth }, { options = [] }, t) {
  const buttons = options.slice(0, MOST_OPTIONS).map((label, n) => {
    const marks = { right: truth !== null && isRight(n, truth), given: given === n }
    const button = h(
      "button",
      {
        type: "button",
        class: ["option", ...Object.entries(marks).flatMap(([name, is]) => (is ? [name] : []))].join(" "),
        disabled: answer === null,
        onclick: () => answer?.(n),
      },
      h("kbd", { "aria-hidden": "true" }, mark(marks, truth !== null) || String(n + 1)),
      h("span", {}, label),
    )
    if (marks.right) button.append(h("span", { class: "hidden" }, t("right")))
    return button
  })
  return h("div", { class: "options", role: "group", "aria-label": t("Answers") }, ...buttons)
}

/**
 * @param {{right: boolean, given: boolean}} option
 * @param {boolean} told  whether the truth is
 */
function mark({ right, given }, told) {
  if (right) return "✓"
  return given && told ? "✗" : ""
}

/**
 * @param {Card} card
 * @param {Face} face
 * @param {Translate} t
 */
function numberForm({ answer, given }, { unit, low = 0, high = 1e9 }, t) {
  const input = h("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    "aria-label": t("Your number"),
    disabled: answer === null,
    value: given === null ? "" : String(given),
  })
  const wrong = h("span", { class: "limits", role: "status" })
  const send = answer && h("button", { type: "submit", class: "main" }, t("Answer"))
  const submitted = (/** @type {Event} */ event) => {
    event.preventDefault()
    const said = read(input.value)
    if (said !== null && low <= said && said <= high) answer?.(said)
    else wrong.textContent = t("A number from {low} to {high}, please.", { low, high })
  }
  return h("form", { class: "number", onsubmit: submitted }, input, unit ? h("span", {}, unit) : null, send, wrong)
}

/**
 * A number as people type it: with separators between thousands, or a comma for the point.
 * @param {string} typed
 * @returns {number | null}
 */
export function read(typed) {
  const bare = typed
    .trim()
    .replace(/[\s\u202f']/g, "")
    .replace("−", "-")
  const pointed = /^-?\d{1,3}(,\d{3})+(\.\d*)?$/.test(bare) ? bare.replaceAll(",", "") : bare.replace(",", ".")
  return /^-?(\d+\.?\d*|\.\d+)$/.test(pointed) ? Number(pointed) : null
}

/**
 * How a question is answered; a number's field says it by itself.
 * @param {Face} face
 * @param {Translate} t
 */
export function hintOn({ options, on }, t) {
  if (options) return t("Click, or press 1 to {n}.", { n: options.length })
  if (!on) return ""
  return on === "photo"
    ? t("Click on the photo. Or move there by the arrow keys, and press Enter.")
    : t("Click on a map. Or move there by the arrow keys, and press Enter.")
}
