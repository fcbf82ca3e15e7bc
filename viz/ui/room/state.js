// The state of the room in one tab: who leads, who follows, and what is said about it.

/** @import {Details, View} from "../javascript/between.js" */
/** @import {Translate} from "../javascript/translation.js" */
/** @import {Follower} from "./follower.js" */
/** @import {Leader} from "./leader.js" */
/** @import {Stream, StreamState} from "./stream.js" */

/**
 * @typedef {object} Data  the data from Python
 * @property {string[]} slugs  of all lessons; the first one is the page without a path
 * @property {string} language  its tag
 *
 * What the server tells about a room.
 * @typedef {{paused: boolean, ended: boolean, followers: number, interrupted: boolean}} Told
 *
 * The view of a room, as it goes over the line.
 * @typedef {View & {live: boolean, pointer: [x: number, y: number] | null}} Shared
 *
 * @typedef {object} State
 * @property {HTMLElement} root
 * @property {Data} data
 * @property {Translate} t
 * @property {string} code  of the room; empty for none
 * @property {string} secret  of its lecturer, if this tab leads
 * @property {StreamState} stands  how the stream stands
 * @property {Told} told
 * @property {Stream} stream
 * @property {Follower} follower
 * @property {Leader} leader
 * @property {unknown} round
 * @property {Details["answers"]} answers
 * @property {string} problem  why there is no room, in one sentence
 * @property {{dialog: HTMLDialogElement, banner: HTMLElement}} el
 * @property {(name: string, value: unknown) => void} setStateValue
 */

/** @type {Told} */
export const UNTOLD = { paused: false, ended: false, followers: 0, interrupted: false }

/** @param {State} s */
export function leads(s) {
  return s.secret !== ""
}

/**
 * A code as people read it.
 * @param {string} code
 */
export function hyphened(code) {
  return code.replace(/^(....)-?(....)$/, "$1-$2").toUpperCase()
}
