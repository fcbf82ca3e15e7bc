// The state of a tour.

/**
 * @typedef {object} Step
 * @property {string} title
 * @property {string} text
 * @property {string} query  its view as in the address
 * @property {string[]} light  what to look at
 *
 * @typedef {object} Data
 * @property {string} slug  of the lesson
 * @property {Step[]} steps
 * @property {string} language  its tag
 *
 * @typedef {Record<"words" | "count", HTMLElement> & Record<"again" | "back" | "next" | "close", HTMLButtonElement>} Elements
 *
 * @typedef {object} State
 * @property {HTMLElement} root
 * @property {Elements} el
 * @property {Data} data
 * @property {number} at  the present step, from 1; 0 if the tour is closed
 * @property {number} left  the step to begin with: the one that was left
 * @property {boolean} touched  whether the visitor changed the view of the step
 * @property {(name: string, value: unknown) => void} setStateValue
 */
