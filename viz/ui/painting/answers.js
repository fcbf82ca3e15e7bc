// What Python answers is often older than the hand.

/** @import {Data, State} from "./state.js" */

/**
 * Whether the rectangles in an answer are older than those on the photo: something was told after
 * them, is being drawn, or has been moved and will be told.
 * @param {Pick<State, "sent" | "from" | "timer">} s
 * @param {Pick<Data, "revision">} answer
 */
export function isBehind({ sent, from, timer }, { revision }) {
  return revision < sent || from !== null || timer !== undefined
}
