// The values of all fields in the address, in requests, and in a pinned view.

/** @import {Field, State, Values} from "./state.js" */

/** @typedef {Pick<State, "fields" | "values">} Wanted */

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
 * Values that differ from the defaults.
 * @param {Record<string, Field>} fields
 * @param {Values} values
 * @returns {Values}
 */
function changed(fields, values) {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => name in fields && value !== fields[name].default),
  )
}

/**
 * The query for Python: only values that differ from the defaults; foreign parameters stay first.
 * @param {Wanted} s
 * @param {string} present the current query
 */
export function search({ fields, values }, present) {
  const query = new URLSearchParams()
  for (const [name, value] of new URLSearchParams(present)) {
    if (name === "embed" || name === "embed_options") query.append(name, value)
  }
  for (const [name, value] of Object.entries(changed(fields, values))) query.set(name, value)
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
  const query = changed(s.fields, drawnValues(s))
  for (const name of NOT_ASKED[s.values.showing]) delete query[name]
  for (const name of Object.keys(query)) if (!s.fields[name].affects_canvas) delete query[name]
  return new URLSearchParams(query).toString()
}

/**
 * The drawn values: those of A while A is shown.
 * @param {Wanted} s
 * @returns {Values}
 */
export function drawnValues({ fields, values }) {
  if (values.showing !== "pinned" || !values.pinned) return values
  const pinned = values.pinned.split("&").map((pair) => pair.split("="))
  return { ...defaults(fields), ...Object.fromEntries(pinned) }
}

/**
 * The current view as an address: without defaults, but never empty.
 * @param {Wanted} s
 * @param {string} stage that is drawn
 */
export function asPinned({ fields, values }, stage) {
  const said = Object.entries(changed(fields, values))
  const own = said.filter(([name]) => !NOT_PINNED.includes(name) && fields[name].affects_canvas)
  const query = new Map([["picture", values.picture], ["stage", stage], ...own])
  return [...query].map((pair) => pair.join("=")).join("&")
}

/**
 * @param {Record<string, Field>} fields
 * @returns {Values}
 */
export function defaults(fields) {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.default]))
}
