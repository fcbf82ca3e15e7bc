// The state of a stepper.

/** @import {Table} from "../javascript/colours.js" */
/** @import {Range} from "../javascript/ranges.js" */
/** @import {Translate} from "../javascript/translation.js" */
/** @import {Plan} from "./plan.js" */
/** @import {Cell, Plane, Reading} from "./reading.js" */
/** @import {Ink, Written} from "./cells.js" */

/**
 * @typedef {Range & {table: Table}} Scale
 * @typedef {number[][][]} Tints  the packed colour of every number of every plane
 *
 * @typedef {object} Data  the data from Python
 * @property {Plane[]} inputs
 * @property {Reading[]} readings
 * @property {string[]} channels  names of the inputs
 * @property {string[]} outputs  names of the outputs
 * @property {boolean} colour  whether the inputs are red, green and blue
 * @property {string} alt
 * @property {[row: number, column: number]} origin  of the upper left pixel, in the text
 * @property {boolean} complete  whether it opens with every output
 * @property {string} language  its tag
 *
 * @typedef {object} Prepared  a reading with derived values
 * @property {Reading} reading
 * @property {boolean[][]} read  whether any output reads a pixel
 * @property {Cell} leftOver
 * @property {Tints} tints  of its outputs
 * @property {Written} written  its outputs
 *
 * @typedef {object} Part  the elements of one reading
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} box
 * @property {HTMLElement} reads
 * @property {HTMLElement} sum
 * @property {HTMLElement} differs
 * @property {HTMLElement} never
 *
 * @typedef {Record<"back" | "play" | "forward", HTMLButtonElement> & {slider: HTMLInputElement, value: HTMLOutputElement, legends: HTMLElement}} Elements
 *
 * @typedef {object} State
 * @property {HTMLElement} root
 * @property {Elements} el
 * @property {Part[]} parts  one for each reading
 * @property {Data} data
 * @property {Prepared[]} readings
 * @property {Translate} t
 * @property {number} steps
 * @property {number} step
 * @property {number} output
 * @property {Tints} tints  of the inputs
 * @property {Written} written  the inputs
 * @property {Scale | null} inputScale  null if they are colours
 * @property {Scale} outputScale
 * @property {number | null} timer  while it plays
 * @property {number} width
 * @property {Ink} ink
 * @property {Plan | null} plan
 */
