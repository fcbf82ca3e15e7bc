// The state of a surface.

/** @import {Translate} from "../javascript/translation.js" */

/**
 * @typedef {object} Data  the data from Python
 * @property {string} title
 * @property {number[][]} heights  of the numbers of a grid, in [−1, 1]
 * @property {number} peak  the number that has the height 1
 * @property {number} turn  degrees at which it opens
 * @property {string} alt
 * @property {string} language  its tag
 *
 * @typedef {object} Elements
 * @property {HTMLElement} title
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} bar
 * @property {HTMLInputElement} slider
 * @property {HTMLOutputElement} value
 * @property {HTMLButtonElement} play
 *
 * @typedef {object} State
 * @property {HTMLElement} root
 * @property {Elements} el
 * @property {Data} data
 * @property {Translate} t
 * @property {number} turn  degrees, from 0 to below 360
 * @property {boolean} isPlaying
 * @property {boolean} isSeen  whether it is inside the window
 * @property {number} frame  the request of the next frame while it turns, else 0
 * @property {number} width  CSS px, when last drawn
 */
