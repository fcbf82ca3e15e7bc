// The state of a painting: rectangles of several classes on a photo.

/** @import {Block} from "../javascript/buffer.js" */
/** @import {Stack} from "../javascript/stack.js" */
/** @import {Catalogue, Translate} from "../javascript/translation.js" */

/**
 * @typedef {[kind: number, top: number, left: number, bottom: number, right: number]} Box
 * The number of its class, then its edges in thousandths of the photo.
 *
 * @typedef {[row: number, column: number]} Corner  in thousandths of the photo
 *
 * @typedef {{revision: number, boxes: Box[]}} Painted  what Python is told; revisions count upwards
 *
 * @typedef {object} Data  the data from Python
 * @property {string} buffer  the photo, in base64
 * @property {Box[]} boxes  in the order of painting; a later one covers an earlier one
 * @property {string[]} classes  the name of each class
 * @property {number} most  rectangles
 * @property {number} height_px  the largest height of the photo
 * @property {boolean} disabled
 * @property {number} revision  the last one that Python has
 * @property {Catalogue} words
 *
 * @typedef {object} Elements
 * @property {HTMLButtonElement[]} classes  one button a class
 * @property {HTMLButtonElement} remove
 * @property {HTMLButtonElement} clear
 * @property {HTMLElement} said  the line below the photo
 *
 * @typedef {object} State
 * @property {HTMLElement} root
 * @property {Elements} el
 * @property {Stack} stack
 * @property {Block} photo
 * @property {Data} data  the last
 * @property {Translate} t
 * @property {Box[]} boxes
 * @property {number} kind  the class of the next rectangle
 * @property {number} selected  index of a rectangle; −1 for none
 * @property {Corner | null} from  the first corner of a rectangle that is being drawn
 * @property {Box | null} drawn  that rectangle
 * @property {number} sent  the last revision that Python was told
 * @property {number} width  CSS px, when last laid out
 * @property {number | undefined} timer  until the moves by keys are told
 * @property {(painted: Painted) => void} tell
 */
