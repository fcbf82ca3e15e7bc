// The state of a page with small pictures on it.

/** @import {Catalogue, Translate} from "../javascript/translation.js" */

/**
 * @typedef {[kind: number, row: number, column: number]} Placed
 * Which picture, and the place of its upper left pixel on the page.
 *
 * @typedef {[row: number, column: number]} Place  in pixels of the page, whole or not
 *
 * @typedef {{revision: number, placed: Placed[]}} Arranged  what Python is told; revisions count upwards
 *
 * @typedef {object} Data  the data from Python
 * @property {number[][]} pictures  of each kind its pixels row by row, from 0, paper, to 255, ink
 * @property {number} side  of a picture
 * @property {string[]} names  of each kind; those of one name follow one another
 * @property {[height: number, width: number]} page
 * @property {Placed[]} placed  a later one lies over an earlier one
 * @property {number} most  pictures on the page
 * @property {boolean} disabled
 * @property {number} revision  the last one that Python has
 * @property {Catalogue} words
 *
 * @typedef {object} Elements
 * @property {HTMLButtonElement[]} add  one button a name
 * @property {HTMLButtonElement} remove
 * @property {HTMLButtonElement} clear
 * @property {HTMLCanvasElement} page
 * @property {HTMLElement} said  the line below the page
 *
 * @typedef {object} State
 * @property {HTMLElement} root
 * @property {Elements} el
 * @property {Data} data  the last
 * @property {Translate} t
 * @property {Placed[]} placed
 * @property {number} selected  index of a picture; −1 for none
 * @property {Place | null} from  where in the picture the pointer holds it; null if it holds none
 * @property {boolean} moved  whether it was moved since the pointer took it
 * @property {number} sent  the last revision that Python was told
 * @property {number} width  CSS px, when last drawn
 * @property {number | undefined} timer  until the moves by keys are told
 * @property {(arranged: Arranged) => void} tell
 */
