// Copies the address of the view.

import { copy } from "../javascript/copying.js"
import { h } from "../javascript/elements.js"
import { iconButton } from "./steps.js"

/** @import {State} from "./state.js" */

const SHOWN_MS = 2500

/**
 * The button, and beside it what it says, which would be cut off in a row that scrolls.
 * @param {State} s
 */
export function buildCopyLink(s) {
  const { t } = s
  const said = h("span", { class: "said", role: "status" })
  const field = h("input", { class: "link", readonly: true, "aria-label": t("Link to this view"), hidden: true })
  field.onblur = () => {
    field.hidden = true
  }
  const button = iconButton("link", t("Copy link"), t("Copy the link to this view"), async () => {
    const copied = await copy(location.href, field)
    said.textContent = copied ? t("Link copied.") : t("Press Ctrl+C to copy the link.")
    if (copied) field.hidden = true
    setTimeout(() => said.replaceChildren(), SHOWN_MS)
  })
  return { button, said: h("div", { class: "copied" }, said, field) }
}
