// The state of a stack builder: the layers, and which one is selected.

/** @import {Translate} from "../javascript/translation.js" */

/**
 * @typedef {[kind: string, kernel: number, stride: number, before: number, after: number, dilation: number]} Layer
 * "c" a convolution, "d" a depthwise one, "m" a max pool, "a" an average pool; then its numbers.
 *
 * @typedef {{revision: number, layers: Layer[]}} Built  what Python is told; revisions count upwards
 *
 * @typedef {object} Data  the data from Python
 * @property {Layer[]} layers  in the order of the data
 * @property {[kind: string, word: string][]} kinds
 * @property {Record<string, number>} most  the largest value of each number of a layer
 * @property {number} most_layers
 * @property {boolean} disabled
 * @property {string} refused  why the last change was not taken, or empty
 * @property {number} revision  the last one that Python has
 * @property {string} language  its tag
 *
 * @typedef {object} Elements
 * @property {HTMLElement} strip  one box a layer
 * @property {HTMLSelectElement} kind
 * @property {Record<string, HTMLInputElement>} numbers
 * @property {Record<string, HTMLButtonElement>} buttons
 * @property {HTMLElement} said
 *
 * @typedef {object} State
 * @property {HTMLElement} root
 * @property {Elements} el
 * @property {Data} data  the last
 * @property {Translate} t
 * @property {Layer[]} layers
 * @property {number} selected  index of a layer
 * @property {number} sent  the last revision that Python was told
 * @property {number | undefined} timer  until a change is told
 * @property {(built: Built) => void} tell
 */
