// The controls that are the same on every page, and what their keys do.

import { found, h, place } from "../javascript/elements.js"
import { standing } from "../javascript/instances.js"
import { speak } from "../javascript/language.js"
import { changeShell, hearShell, shellNow } from "../javascript/shell.js"
import { isBlack, showBlack, showPage } from "./black.js"
import { listenToClicker } from "./clicker.js"
import { listenToLaser, toggleLaser } from "./laser.js"
import { letGoOfClicked, markPresenting } from "./stage.js"
import { chosenTheme, showTheme, storedTheme } from "./themes.js"

/** @import {Choice} from "../javascript/language.js" */
/** @import {Theme} from "./themes.js" */

/**
 * @typedef {Record<"present" | "present_help" | "print" | "print_help" | "theme" | "language" | "black", string>} Words
 * @typedef {{language: string, languages: Choice[], words: Words, themes: Theme[]}} Data  labels in the page's language
 *
 * @typedef {object} Shown
 * @property {HTMLElement} root
 * @property {Data} data
 * @property {(name: string, value: unknown) => void} setStateValue
 */

/** @type {WeakMap<ParentNode, {state: Shown, end: () => void}>} */
const SHOWN = new WeakMap()

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data, setStateValue: Shown["setStateValue"]}} component
 */
export default function shell({ parentElement, data, setStateValue }) {
  const shown = standing(SHOWN, parentElement, data.language) ?? begin(parentElement, data)
  SHOWN.set(parentElement, shown)
  Object.assign(shown.state, { data, setStateValue })
  build(shown.state)
  return () => {
    shown.end()
    SHOWN.delete(parentElement)
  }
}

/**
 * @param {ParentNode} parentElement
 * @param {Data} data
 */
function begin(parentElement, data) {
  const shown = /** @type {Shown} */ ({ root: found(parentElement, ".shell"), data })
  markPresenting(shellNow())
  const ends = [
    hearShell(markPresenting),
    listenToLaser(),
    letGoOfClicked(),
    listenToClicker({
      presents: () => shellNow().present === "1",
      tours: () => Boolean(shellNow().tour),
      present: (on) => present(shown, on),
      laser: toggleLaser,
      isBlack,
      black: () => blacken(shown),
      page: () => showPage(said(shown)),
    }),
  ]
  if (storedTheme() === "contrast") showTheme("contrast", data.themes) // Streamlit keeps only two
  const end = () => {
    for (const each of ends) each()
  }
  return { state: shown, end }
}

/** @param {Shown} shown */
function build(shown) {
  const { root, data } = shown
  const { words, themes } = data
  place(root, JSON.stringify(data), () => [
    h("div", { class: "buttons" }, ...[presentButton(shown), printButton(words)]),
    h("label", {}, words.theme, themeMenu(themes)),
    data.languages.length > 1 ? h("label", {}, words.language, languageMenu(shown)) : null,
    h("span", { class: "said", role: "status" }),
  ])
  const menu = /** @type {HTMLSelectElement} */ (found(root, "select"))
  menu.value = chosenTheme()
}

/** @param {Shown} shown */
function presentButton(shown) {
  const { words } = shown.data
  return h("button", { type: "button", title: words.present_help, onclick: () => present(shown, true) }, words.present)
}

/** @param {Words} words */
function printButton(words) {
  return h("button", { type: "button", title: words.print_help, onclick: () => print() }, words.print)
}

/** @param {Theme[]} themes */
function themeMenu(themes) {
  const menu = h("select", {}, ...themes.map(({ name, label }) => h("option", { value: name }, label)))
  menu.onchange = () => showTheme(menu.value, themes)
  return menu
}

/** @param {Shown} shown */
function languageMenu(shown) {
  const { language, languages } = shown.data
  const options = languages.map(({ tag, name }) => h("option", { value: tag, lang: tag }, name))
  const menu = h("select", {}, ...options)
  menu.value = language
  menu.onchange = async () => {
    const choice = languages.find(({ tag }) => tag === menu.value)
    if (choice) await speak(choice)
    change(shown, { lang: menu.value })
  }
  return menu
}

/**
 * Changes the address, and tells Python.
 * @param {Shown} shown
 * @param {Record<string, string>} values
 */
function change({ setStateValue }, values) {
  changeShell(values)
  setStateValue("changed", values)
}

/**
 * @param {Shown} shown
 * @param {boolean} on
 */
function present(shown, on) {
  change(shown, { present: on ? "1" : "" })
}

/** @param {Shown} shown */
function blacken(shown) {
  showBlack(said(shown), shown.data.words.black)
}

/** @param {Shown} shown */
function said({ root }) {
  return found(root, ".said")
}
