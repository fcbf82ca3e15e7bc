// The state of an orientation map.

/** @import {Photo} from "../canvas/photo.js" */
/** @import {Boxes} from "../javascript/boxes.js" */
/** @import {Newest} from "../javascript/newest.js" */
/** @import {Pixel} from "../javascript/pointed.js" */
/** @import {Translate} from "../javascript/translation.js" */
/** @import {Oriented} from "./colouring.js" */

/**
 * @typedef {object} Numbers  of one pixel
 * @property {Pixel} pixel
 * @property {number[]} responses  to each orientation
 *
 * @typedef {object} Data  the data from Python
 * @property {string} slug
 * @property {string} token  identifies the sender of requests
 * @property {string} query  all that the maps depend on, but not their stage
 * @property {string} photo  the address of the picture
 * @property {string} stage  that has the filters' numbers as maps
 * @property {number} phases  of each orientation
 * @property {number[]} degrees  of the bars of each orientation
 * @property {Boxes} boxes  what each pixel reads of the picture
 * @property {string} hues  base64, a byte a pixel: whole degrees
 * @property {string} lights  base64, a byte a pixel
 * @property {number} reach  the strength that has the full light
 * @property {Numbers} numbers  of the pixel that was clicked, or is shown at rest
 * @property {string} alt
 * @property {string} language  its tag
 *
 * @typedef {object} Elements
 * @property {HTMLCanvasElement} photo
 * @property {HTMLCanvasElement} map
 * @property {HTMLElement} bar
 * @property {HTMLElement} wheel
 * @property {HTMLElement} said
 * @property {Record<"photo" | "map" | "wheel", HTMLElement>} titles
 *
 * @typedef {object} State
 * @property {HTMLElement} root
 * @property {Elements} el
 * @property {Data} data  the last
 * @property {Translate} t
 * @property {Photo} photo
 * @property {Oriented} map
 * @property {HTMLCanvasElement} picture  the map, a pixel each
 * @property {Pixel | null} pointed  the pixel under the pointer
 * @property {Pixel | null} kept  the one that was clicked here
 * @property {Numbers | null} numbers  the last that were fetched for these data
 * @property {Newest<Pixel, Numbers>} newest
 * @property {number} width  CSS px, when last laid out
 */
