// The state of a painting: rectangles of several classes on a photo.

/** @import {Block} from "../javascript/buffer.js" */
/** @import {ByHand, HandData} from "../javascript/by_hand.js" */
/** @import {Stack} from "../javascript/stack.js" */

/**
 * @typedef {[kind: number, top: number, left: number, bottom: number, right: number]} Box
 * The number of its class, then its edges in thousandths of the photo.
 *
 * @typedef {[row: number, column: number]} Corner  in thousandths of the photo
 *
 * @typedef {object} Photo  what is painted on, and with what, from Python
 * @property {string} buffer  the photo, in base64
 * @property {string[]} classes  the name of each class
 * @property {number} height_px  the largest height of the photo
 *
 * @typedef {HandData<Box> & Photo} Data
 *
 * @typedef {object} Elements
 * @property {HTMLButtonElement[]} classes  one button a class
 * @property {HTMLButtonElement} remove
 * @property {HTMLButtonElement} clear
 * @property {HTMLElement} said  the line below the photo
 *
 * @typedef {object} Own
 * @property {Elements} el
 * @property {Stack} stack
 * @property {Block} photo
 * @property {number} kind  the class of the next rectangle
 * @property {Box | null} drawn  the rectangle that is being drawn
 *
 * @typedef {ByHand<Box, Data> & Own} State  `from` is the first corner of a rectangle that is being drawn
 */
