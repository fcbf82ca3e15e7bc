// The values of all fields in the address, in requests, and in a pinned view.

import { aroundLesson } from "../javascript/shell.js"

/** @import {Opening, State, Suggestion, Values} from "./state.js" */

/** @typedef {Pick<State, "fields" | "openings" | "values">} Wanted */

/** Fields that a view to try and a reset keep, unless the view sets them. */
const KEPT = ["picture", "working_size_px", "device", "part"]

/** Fields that a view to try does not depend on. */
const NOT_COMPARED = ["working_size_px", "device", "scale", "card", "unit", "pinned", "showing", "others", "channel"]

// Fields that A does not need: both states are shown in the same manner.
const NOT_PINNED = ["scale", "card", "unit", "pinned", "showing", "others", "channel"]

/**
 * Fields that maps do not depend on: how they are shown, and the pin if it is not subtracted.
 * @type {Record<string, string[]>}
 */
const NOT_ASKED = {
  now: ["scale", "card", "unit", "pinned", "showing"],
  pinned: NOT_PINNED,
  difference: ["scale", "card", "unit", "others", "channel"],
}

/**
 * The opening of a section, or of the lesson if it has no section of that name.
 * @param {Pick<Wanted, "openings">} s
 * @param {string} [part]
 * @returns {Opening}
 */
export function openingOf({ openings }, part = "") {
  return openings[part] ?? openings[""]
}

/**
 * Every field's value at the opening of a section; the picture is empty, for it is not chosen.
 * @param {Pick<Wanted, "fields" | "openings">} s
 * @param {string} [part] its section; none for the lesson's own, which the route and pins go by
 * @returns {Values}
 */
export function opened(s, part) {
  const base = Object.fromEntries(Object.entries(s.fields).map(([name, field]) => [name, field.default]))
  return { ...base, ...openingOf(s, part).fields }
}

/**
 * Every field's value at an address.
 * @param {Pick<Wanted, "fields" | "openings">} s
 * @param {string} address
 * @returns {Values}
 */
export function valuesOf(s, address) {
  const query = Object.fromEntries(new URLSearchParams(address))
  return { ...opened(s, query.part), ...query }
}

/**
 * The picture in focus: the chosen one, else that of the section or the lesson.
 * @param {Wanted} s
 * @param {Values} [values]
 */
export function pictureOf(s, values = s.values) {
  return values.picture || openingOf(s, values.part).picture
}

/**
 * Values that differ from others.
 * @param {Values} values
 * @param {Values} base
 * @returns {Values}
 */
function changed(values, base) {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => name in base && value !== base[name]))
}

/**
 * The query for Python: only values that differ from the opening of the section; those of Streamlit
 * and of the shell stay first.
 * @param {Wanted} s
 * @param {string} present the current query
 */
export function search(s, present) {
  const query = new URLSearchParams(aroundLesson(present))
  for (const [name, value] of Object.entries(changed(s.values, opened(s, s.values.part)))) query.set(name, value)
  return query.toString()
}

/**
 * The query of the address, with as many weights set by hand as it can hold.
 * @param {Wanted & Pick<State, "mostCells">} s
 * @param {string} present its current query
 */
export function addressed(s, present) {
  const query = new URLSearchParams(search(s, present))
  for (const [name, value] of [...query]) {
    if (s.fields[name]?.kind === "cells") query.set(name, value.split("_").slice(0, s.mostCells).join("_"))
  }
  return query.toString()
}

/**
 * The query for the route: all that the maps depend on.
 * @param {Wanted} s
 */
export function asked(s) {
  const values = drawnValues(s)
  const query = changed({ ...values, picture: pictureOf(s, values) }, opened(s))
  for (const name of NOT_ASKED[s.values.showing]) delete query[name]
  for (const name of Object.keys(query)) if (!s.fields[name].affects_canvas) delete query[name]
  return new URLSearchParams(query).toString()
}

/**
 * The drawn values: those of A while A is shown.
 * @param {Wanted} s
 * @returns {Values}
 */
export function drawnValues(s) {
  const { values } = s
  if (values.showing !== "pinned" || !values.pinned) return values
  const pinned = values.pinned.split("&").map((pair) => pair.split("="))
  return { ...opened(s), ...Object.fromEntries(pinned) }
}

/**
 * The current view as an address: without defaults, but never empty.
 * @param {Wanted} s
 * @param {string} stage that is drawn
 */
export function asPinned(s, stage) {
  const said = Object.entries(changed(s.values, opened(s)))
  const own = said.filter(([name]) => !NOT_PINNED.includes(name) && s.fields[name].affects_canvas)
  const query = new Map([["picture", pictureOf(s)], ["stage", stage], ...own])
  return [...query].map((pair) => pair.join("=")).join("&")
}

/**
 * The opening of the section, with the picture and the other choices that are not part of it.
 * @param {Wanted} s
 * @returns {Values}
 */
export function reopened(s) {
  const kept = Object.entries(s.values).filter(([name]) => KEPT.includes(name))
  return { ...opened(s, s.values.part), ...Object.fromEntries(kept) }
}

/**
 * The values of a view to try.
 * @param {Wanted} s
 * @param {Suggestion} suggestion
 * @returns {Values}
 */
export function suggested(s, { fields }) {
  const { pinned, showing } = s.values // what was pinned stays, to be compared with the view
  return { ...reopened(s), pinned, showing: showing === "pinned" ? "now" : showing, ...fields }
}

/**
 * Whether a view to try is the current one.
 * @param {Wanted} s
 * @param {Suggestion} suggestion
 */
export function isPresent(s, suggestion) {
  const wanted = Object.entries(suggested(s, suggestion))
  const compared = wanted.filter(([name]) => name in suggestion.fields || !NOT_COMPARED.includes(name))
  return compared.every(([name, value]) => s.values[name] === value)
}
