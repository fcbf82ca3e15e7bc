// What the values of all fields mean for the address, for the route, and for a view that is pinned.

/** @import {Field, State, Values} from "./state.js" */

/** @typedef {Pick<State, "fields" | "values">} Wanted */

// What A need not say: how it is looked at is said once, for both.
const NOT_PINNED = ["scale", "card", "unit", "pinned", "showing", "others", "channel"]

/**
 * What the maps do not depend on: how they are looked at, and the pin where it is not subtracted.
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
 * What Python is told: only what differs from the defaults; parameters of others stay first.
 * @param {Wanted} s
 * @param {string} present what the address says now
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
 * What the address says: as many weights set by hand as it holds.
 * @param {Wanted & Pick<State, "mostCells">} s
 * @param {string} present what it says now
 */
export function addressed(s, present) {
  const query = new URLSearchParams(search(s, present))
  for (const [name, value] of [...query]) {
    if (s.fields[name]?.kind === "cells") query.set(name, value.split("_").slice(0, s.mostCells).join("_"))
  }
  return query.toString()
}

/**
 * What the maps depend on, as the route is asked for it.
 * @param {Wanted} s
 */
export function asked(s) {
  const query = changed(s.fields, drawnValues(s))
  for (const name of NOT_ASKED[s.values.showing]) delete query[name]
  for (const name of Object.keys(query)) if (!s.fields[name].affects_canvas) delete query[name]
  return new URLSearchParams(query).toString()
}

/**
 * The values that are drawn: those of A while A is shown.
 * @param {Wanted} s
 * @returns {Values}
 */
export function drawnValues({ fields, values }) {
  if (values.showing !== "pinned" || !values.pinned) return values
  const pinned = values.pinned.split("&").map((pair) => pair.split("="))
  return { ...defaults(fields), ...Object.fromEntries(pinned) }
}

/**
 * The present view as an address of its own: defaults left out, but never empty.
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
