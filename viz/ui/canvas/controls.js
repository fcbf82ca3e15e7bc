// The controls of the stage in focus.

import { found, h, place } from "../javascript/elements.js"
import { choose, set } from "./actions.js"
import { drawnValues } from "./values.js"

/** @import {Drawn, Field, State} from "./state.js" */

const MAX_LETTERS = 22 // of all options; with more it is a drop-down list

/** @param {State} s */
export function buildControls(s) {
  const { el } = s
  el.controls = h("div", { class: "controls" })
  el.controls.addEventListener("focusin", (event) => helpFor(s, event)) // there is no `onfocusin`
  el.controls.addEventListener("pointerover", (event) => helpFor(s, event))
  el.help = h("p", { class: "help", role: "tooltip" })
  el.notice = h("p", { class: "notice", role: "alert", hidden: true })
  return h("div", { class: "control-panel" }, el.controls, el.help, el.notice)
}

/** @param {Drawn} s */
export function drawControls(s) {
  const stage = s.controlled
  const names = s.header.controls[stage] ?? []
  place(s.el.controls, JSON.stringify([stage, names]), () => names.map((name) => control(s, name)))
  for (const name of names) {
    limit(s, name)
    showValue(s, name)
  }
  if (!s.helped || !names.includes(s.helped)) help(s, names[0]) // also if it shows another text
}

/**
 * Shows the help of the control that has the focus or is under the pointer.
 * @param {State} s
 * @param {Event} event
 */
function helpFor(s, { target }) {
  const name = target instanceof Element && target.closest(".control")?.getAttribute("data-field")
  if (name && name !== s.helped) help(s, name)
}

/**
 * @param {State} s
 * @param {string} name
 */
function help(s, name) {
  s.helped = name
  const field = s.fields[name]
  s.el.help.textContent = field ? `${field.label}: ${field.help}` : ""
}

/**
 * @param {Drawn} s
 * @param {string} name
 */
function control(s, name) {
  const field = s.fields[name]
  const build = { slider, choice: options, switch: toggle }[field.kind]
  if (!build) throw new Error(`${name} is a ${field.kind}, which has no control`)
  const element = build(s, name, field)
  element.dataset.field = name
  element.dataset.limits = limits(s, name)
  return element
}

/**
 * Builds a control again whose limits have changed, and no other: one of them may be in the hand.
 * @param {Drawn} s
 * @param {string} name
 */
function limit(s, name) {
  const element = found(s.el.controls, `[data-field=${name}]`)
  if (element.dataset.limits !== limits(s, name)) element.replaceWith(control(s, name))
}

/**
 * @param {Drawn} s
 * @param {string} name
 */
function limits(s, name) {
  return JSON.stringify(s.header.limits[name] ?? [])
}

/**
 * @param {Drawn} s
 * @param {string} name
 * @param {Field} field
 */
function slider(s, name, field) {
  const input = h("input", {
    type: "range",
    id: name,
    min: field.low,
    max: s.header.limits[name]?.[0] ?? field.high,
    step: field.step,
    title: field.help,
    oninput: () => {
      s.dragging = name
      set(s, { [name]: input.value })
    },
    onchange: () => {
      s.dragging = null
      choose(s, { [name]: input.value })
    },
  })
  const label = h("label", { for: name }, field.label, h("output", { for: name }))
  return h("div", { class: "control" }, label, input)
}

/**
 * @param {Drawn} s
 * @param {string} name
 * @param {Field} field
 */
function options(s, name, field) {
  const allowed = s.header.limits[name]?.map(String)
  const shown = field.options.filter(([value]) => !allowed || allowed.includes(value))
  const letters = shown.map(([, word]) => word).join("").length
  return letters > MAX_LETTERS ? list(s, name, field, shown) : segments(s, name, field, shown)
}

/**
 * @param {State} s
 * @param {string} name
 * @param {Field} field
 * @param {Field["options"]} shown
 */
function list(s, name, field, shown) {
  const select = h(
    "select",
    { id: name, title: field.help, onchange: () => choose(s, { [name]: select.value }) },
    ...shown.map(([value, word]) => h("option", { value }, word)),
  )
  return h("div", { class: "control" }, h("label", { for: name }, field.label), select)
}

/**
 * @param {State} s
 * @param {string} name
 * @param {Field} field
 * @param {Field["options"]} shown
 */
function segments(s, name, field, shown) {
  const id = `${name}-label`
  const radio = (/** @type {string} */ value) =>
    h("input", { type: "radio", name, value, onchange: () => choose(s, { [name]: value }) })
  return h(
    "div",
    { class: "control", role: "radiogroup", "aria-labelledby": id, title: field.help },
    h("span", { id, class: "label" }, field.label),
    h(
      "div",
      { class: "segments" },
      ...shown.map(([value, word]) => h("label", { class: "option" }, radio(value), h("span", {}, word))),
    ),
  )
}

/**
 * @param {State} s
 * @param {string} name
 * @param {Field} field
 */
function toggle(s, name, field) {
  const input = h("input", {
    type: "checkbox",
    role: "switch",
    id: name,
    onchange: () => choose(s, { [name]: input.checked ? "1" : "0" }),
  })
  return h(
    "div",
    { class: "control switch", title: field.help },
    h("label", { for: name }, input, h("span", {}, field.label)),
  )
}

/**
 * Shows the value of a control: the one that was built, if the requested one cannot be.
 * @param {Drawn} s
 * @param {string} name
 */
function showValue(s, name) {
  const { kind } = s.fields[name]
  const { controls } = s.el
  const value = s.dragging === name ? s.values[name] : (s.header.values[name] ?? drawnValues(s)[name])
  if (kind === "slider") {
    const input = /** @type {HTMLInputElement} */ (found(controls, `#${name}`))
    if (s.dragging !== name) input.value = value
    const text = inWords(s, name, value)
    input.setAttribute("aria-valuetext", text)
    found(controls, `output[for="${name}"]`).textContent = text
  } else if (kind === "choice") {
    const select = /** @type {HTMLSelectElement | null} */ (controls.querySelector(`select#${name}`))
    if (select) select.value = value
    check(controls, name, value)
  } else if (kind === "switch") {
    const input = /** @type {HTMLInputElement} */ (found(controls, `#${name}`))
    input.checked = value === "1"
  }
}

/**
 * Shows the values of sliders that move without a hand, before their maps have come.
 * @param {State} s
 */
export function moveSliders(s) {
  const { controls } = s.el
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (controls.querySelectorAll("input[type=range]"))) {
    input.value = s.values[input.id]
    found(controls, `output[for="${input.id}"]`).textContent = inWords(s, input.id, input.value)
  }
}

/**
 * The value of a slider as it is shown.
 * @param {State} s
 * @param {string} name
 * @param {string} value
 */
function inWords(s, name, value) {
  const { unit, zero, words, low, step } = s.fields[name]
  const word = words[Math.round((Number(value) - low) / step)] ?? (value === "0" ? zero : "")
  return word ? word : `${value.replace("-", "−")}${unit ? ` ${unit}` : ""}`
}

/**
 * Checks the radio button with a value, among those of one name.
 * @param {HTMLElement} within
 * @param {string} name
 * @param {string} value
 */
export function check(within, name, value) {
  const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (within.querySelectorAll(`input[name="${name}"]`))
  for (const input of inputs) input.checked = input.value === value
}

/**
 * The radio buttons of a field that only changes how maps are shown.
 * @param {State} s
 * @param {string} name
 * @param {(value: string) => void} chosen
 */
export function radios(s, name, chosen) {
  const { options: all, help: title } = s.fields[name]
  return all.map(([value, word]) => {
    const input = h("input", { type: "radio", name, value, onchange: () => chosen(value) })
    return h("label", { class: "option", title }, input, h("span", {}, word))
  })
}
