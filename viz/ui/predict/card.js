// Draws the card: the question, what can be answered or was, and what to do next.

import { emphasised, h, place } from "../javascript/elements.js"
import { barsTable } from "./bars.js"
import { formOf } from "./form.js"

/** @import {Button, Card, State, Verdict} from "./state.js" */

/** @typedef {Record<"heading" | "aside" | "ask" | "answers" | "verdict" | "note" | "buttons", HTMLElement>} Parts */

/** @type {WeakMap<HTMLElement, Parts>} */
const PARTS = new WeakMap()

/**
 * @param {State} s
 * @param {Card | null} card  null while nothing is asked
 */
export function drawCard(s, card) {
  const { root, t } = s
  if (card === null) {
    root.replaceChildren()
    PARTS.delete(root)
    return
  }
  const parts = (root.lang === s.language && PARTS.get(root)) || build(s)
  parts.heading.textContent = card.heading
  parts.aside.textContent = card.aside
  place(parts.ask, card.ask, () => emphasised(card.ask))
  const answers = JSON.stringify([card.key, card.face, card.given, card.truth, card.bars, card.answer === null])
  place(parts.answers, answers, () => answersOf(card, t))
  const told = card.verdict !== null && parts.verdict.dataset.key !== JSON.stringify(card.verdict)
  place(parts.verdict, JSON.stringify(card.verdict), () => verdictOf(card.verdict))
  parts.note.textContent = card.note
  place(parts.buttons, card.key + card.buttons.map(({ label }) => label).join(), () => card.buttons.map(buttonOf))
  const close = root.querySelector(".close")
  if (close instanceof HTMLElement) close.onclick = card.close
  latest(parts.buttons, card.buttons)
  if (told) focusMain(root, parts.buttons)
}

/**
 * The next Enter goes on, unless the visitor is elsewhere on the page.
 * @param {HTMLElement} root
 * @param {HTMLElement} buttons
 */
function focusMain(root, buttons) {
  const { host } = /** @type {ShadowRoot} */ (root.getRootNode())
  const isElsewhere = ![document.body, host].includes(/** @type {HTMLElement} */ (document.activeElement))
  const main = buttons.querySelector(".main")
  if (!isElsewhere && main instanceof HTMLElement) main.focus({ preventScroll: true })
}

/** @param {State} s */
function build(s) {
  const { root, t } = s
  const parts = {
    heading: h("h2"),
    aside: h("span", { class: "aside" }),
    ask: h("p", { class: "ask" }),
    answers: h("div", { class: "answers" }),
    verdict: h("p", { class: "verdict", role: "status" }),
    note: h("p", { class: "note", role: "status" }),
    buttons: h("div", { class: "buttons" }),
  }
  const close = h("button", { type: "button", class: "close", "aria-label": t("Close"), title: t("Close (Q)") }, "✕")
  root.replaceChildren(
    h(
      "section",
      { class: "card", "aria-label": t("Predict") },
      h("header", {}, parts.ask, h("div", { class: "where" }, parts.heading, parts.aside, close)),
      parts.answers,
      h("div", { class: "below" }, h("div", {}, parts.verdict, parts.note), parts.buttons),
    ),
  )
  root.lang = s.language
  PARTS.set(root, parts)
  return parts
}

/**
 * @param {Card} card
 * @param {State["t"]} t
 */
function answersOf(card, t) {
  if (!card.face) return []
  if (card.bars?.length) return [barsTable(card, t)]
  return [formOf(card, card.face, t)]
}

/** @param {Verdict | null} verdict */
function verdictOf(verdict) {
  if (!verdict) return []
  const { right, lead, rest } = verdict
  return [h("strong", { class: right ? "right" : "wrong" }, `${right ? "✓" : "✗"} ${lead}`), ` ${rest}`]
}

/** @param {Button} button */
function buttonOf({ label, act, main }) {
  return h("button", { type: "button", class: main ? "main" : "", onclick: act }, label)
}

/**
 * The same buttons do what the newest card says.
 * @param {HTMLElement} box
 * @param {Button[]} buttons
 */
function latest(box, buttons) {
  for (const [n, { act }] of buttons.entries()) {
    const element = box.children[n]
    if (element instanceof HTMLElement) element.onclick = act
  }
}
