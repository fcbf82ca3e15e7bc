// How many follow a room.

/** @import {Translate} from "./translation.js" */

/**
 * @param {Translate} t
 * @param {number} n
 */
export function followersSaid(t, n) {
  return n ? t("{n} follows", { n }, "{n} follow") : t("Nobody follows yet")
}
