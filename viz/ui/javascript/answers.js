// What is changed by hand is told to Python; what Python answers is often older than the hand.

/**
 * What a component keeps for it.
 * @typedef {object} Hand
 * @property {number} sent  the last revision that Python was told; they count upwards
 * @property {unknown} from  where something is being drawn or moved from; null for nowhere
 * @property {number | undefined} timer  until the moves by keys are told
 */

const STILL_MS = 500 // after the last key the moves are told

/**
 * Whether an answer is older than what is on the screen: something was told after it, is being
 * drawn or moved, or has been moved and will be told.
 * @param {Hand} hand
 * @param {{revision: number}} answer
 */
export function isBehind({ sent, from, timer }, { revision }) {
  return revision < sent || from !== null || timer !== undefined
}

/**
 * The revision of a change that is told now; moves that wait are told with it.
 * @param {Hand} hand
 */
export function nextRevision(hand) {
  clearTimeout(hand.timer)
  hand.timer = undefined
  hand.sent += 1
  return hand.sent
}

/**
 * Tells moves by keys once they have come to an end.
 * @param {Hand} hand
 * @param {() => void} tell
 */
export function tellSoon(hand, tell) {
  clearTimeout(hand.timer)
  hand.timer = setTimeout(tell, STILL_MS)
}
