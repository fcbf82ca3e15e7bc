// Digits choose an option, and a clicker goes on to the next question.

import { hear } from "../javascript/between.js"
import { isTyping } from "../javascript/typing.js"

/** @import {Card} from "./state.js" */

/**
 * Listens to keys and the clicker; the answer stops it.
 * @param {() => Card | null} card
 */
export function listenToKeys(card) {
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return
    const { face, answer } = card() ?? {}
    if (!answer || face?.kind !== "one" || Number(event.key) > (face.options?.length ?? 0)) return
    event.preventDefault()
    answer(Number(event.key) - 1)
  }
  document.addEventListener("keydown", pressed)
  const deaf = hear("forward", (_, taken) => {
    const next = card()?.verdict && card()?.buttons.find(({ main }) => main)
    if (!next) return
    taken()
    next.act()
  })
  return () => {
    document.removeEventListener("keydown", pressed)
    deaf()
  }
}
