// The button that opens and closes the guided tour, which is a component of its own.

import { tell } from "../javascript/between.js"
import { h } from "../javascript/elements.js"

/** @import {State} from "./state.js" */

/** @param {State} s */
export function buildTourButton({ el, t }) {
  el.tour = h("button", { type: "button", class: "small", title: t("Guided tour (G)"), onclick: askForTour }, t("Tour"))
  return el.tour
}

export function askForTour() {
  tell("tour", null)
}
