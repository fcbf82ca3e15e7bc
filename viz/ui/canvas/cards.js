// The buttons of the cards that open below the canvas.

import { h } from "../javascript/elements.js"
import { commit } from "./actions.js"
import { reveal } from "./reveal.js"

/** @import {Message} from "../javascript/translation.js" */
/** @import {State} from "./state.js" */

/** @type {Record<string, Message>} */
const CARDS = { predict: "Predict", proof: "Proof", code: "Code", take: "Save" }
const ABOVE = "predict" // the canvas

/** @param {State} s */
export function buildCards(s) {
  s.el.cards = Object.entries(CARDS).map(([card, title]) => cardButton(s, card, title))
  return s.el.cards
}

/**
 * @param {State} s
 * @param {string} card
 * @param {string} title
 */
function cardButton(s, card, title) {
  const button = h("button", { type: "button", class: "small", "aria-pressed": "false" }, s.t(title))
  button.dataset.card = card
  button.onclick = ({ detail: clicks }) => {
    s.values.card = s.values.card === card ? "" : card
    commit(s)
    showCards(s)
    if (s.values.card && card !== ABOVE) reveal("opened", { focus: clicks === 0 }) // a key has clicked
  }
  return button
}

/**
 * Opens the card of questions, or closes it.
 * @param {State} s
 */
export function togglePredict({ el }) {
  el.cards.find(({ dataset }) => dataset.card === ABOVE)?.click()
}

/** @param {State} s */
export function showCards({ el, values }) {
  for (const button of el.cards) button.setAttribute("aria-pressed", String(values.card === button.dataset.card))
}

/**
 * Closes the open card if the keyboard is in it, and goes back to its button.
 * @param {State} s
 */
export function leaveCard({ el, values }) {
  const button = el.cards.find(({ dataset }) => dataset.card === values.card)
  if (!button || !document.activeElement?.closest(".st-key-opened, .st-key-question")) return false
  button.click()
  button.focus()
  return true
}
