// The state of a page with small pictures on it.

/** @import {ByHand, HandData} from "../javascript/by_hand.js" */

/**
 * @typedef {[kind: number, row: number, column: number]} Placed
 * Which picture, and the place of its upper left pixel on the page.
 *
 * @typedef {[row: number, column: number]} Place  in pixels of the page, whole or not
 *
 * @typedef {object} Page  what the page itself is, from Python
 * @property {number[][]} pictures  of each kind its pixels row by row, from 0, paper, to 255, ink
 * @property {number} side  of a picture
 * @property {string[]} names  of each kind; those of one name follow one another
 * @property {[height: number, width: number]} page
 *
 * @typedef {HandData<Placed> & Page} Data
 *
 * @typedef {object} Elements
 * @property {HTMLButtonElement[]} add  one button a name
 * @property {HTMLButtonElement} remove
 * @property {HTMLButtonElement} clear
 * @property {HTMLCanvasElement} page
 * @property {HTMLElement} said  the line below the page
 *
 * @typedef {object} Own
 * @property {Elements} el
 * @property {boolean} moved  whether a picture was moved since the pointer took it
 *
 * @typedef {ByHand<Placed, Data> & Own} State  `from` is where in the picture the pointer holds it
 */
