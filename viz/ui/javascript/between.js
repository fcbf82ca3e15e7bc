// What the components of a page tell one another, by events on `window`: they share no modules at run time.

/**
 * A place on the picture, each a fraction of its width or height.
 * @typedef {{x: number, y: number}} Spot
 *
 * @typedef {object} View
 * @property {string} slug  of the lesson
 * @property {string} query  its fields as in the address
 *
 * @typedef {object} Show
 * @property {string} query
 * @property {string} [slug]  of the lesson that it is for; any if there is none
 * @property {boolean} [live]  whether more will follow soon, so that it is drawn and not kept
 * @property {boolean} [glide]  whether sliders run to their values
 * @property {boolean} [home]  whether the canvas comes into view, and not the section of the query
 * @property {number} [within]  ms in which Python is told, at a random time, because many show the same; else at once
 */

/**
 * A question whose answer is a place.
 * @typedef {object} Choosing
 * @property {"photo" | "maps"} on
 * @property {[rows: number, columns: number]} grid  of cells that the photo, or a map, is divided into
 * @property {boolean} open  whether the next click answers it
 * @property {[row: number, column: number] | null} said  the cell that was the answer
 * @property {[row: number, column: number][]} right  the right cells, once they are told
 */

/**
 * What each event says, and who says it to whom.
 * @typedef {object} Details
 * @property {View & {live: boolean}} moved  the canvas: what it shows, and whether a hand still moves it
 * @property {Spot | null} pointed  the canvas: where the pointer is on the picture
 * @property {null} hand  the canvas: the visitor changed or pinned something
 * @property {Show} show  to the canvas: what it should show, as if by hand
 * @property {Spot | null} spot  to the canvas: where someone else points
 * @property {{what: string[]}} light  to the canvas: what to light up
 * @property {null} forward  a key or a clicker: the next step
 * @property {null} back  the step before
 * @property {null} tour  the canvas: open or close the tour
 * @property {Choosing | null} choose  to the canvas: a click on it is an answer; null once it is none
 * @property {{on: "photo" | "maps", row: number, column: number, map: number}} chosen  the canvas: the cell that was clicked; the map is −1 on the photo
 * @property {{code: string, secret: string | null} | null} room  the room: which one, and the secret of who leads it
 * @property {unknown} round  the room: the question that is asked in it, null for none
 * @property {{round: number, answers: number} | null} answers  the room: how many have answered so far
 * @property {null} share  to the room: open it, and show or hide its code
 * @property {string} join  to the room: the code that was typed
 * @property {{code: string, leads: boolean, followers: number, paused: boolean} | null} shared  the room: how it stands
 * @property {null} recall  to the room: say again what was said last
 */

/** @typedef {keyof Details} Name */

/**
 * Tells the other components something; whether one of them took it for itself alone.
 * @template {Name} N
 * @param {N} name
 * @param {Details[N]} detail
 */
export function tell(name, detail) {
  return !dispatchEvent(new CustomEvent(`pointwise:${name}`, { detail, cancelable: true }))
}

/**
 * Hears what other components tell; the answer ends it.
 * @template {Name} N
 * @param {N} name
 * @param {(detail: Details[N], take: () => void) => void} act  calls `take` if nobody else need act
 */
export function hear(name, act) {
  const heard = (/** @type {Event} */ event) => {
    act(/** @type {CustomEvent<Details[N]>} */ (event).detail, () => event.preventDefault())
  }
  addEventListener(`pointwise:${name}`, heard)
  return () => removeEventListener(`pointwise:${name}`, heard)
}
