// The state of a perceptron that is drawn as a network for one pixel.

/** @import {Boxes} from "../javascript/boxes.js" */
/** @import {Pixel} from "../javascript/pointed.js" */
/** @import {Translate} from "../javascript/translation.js" */
/** @import {Photo} from "../canvas/photo.js" */
/** @import {Newest} from "../javascript/newest.js" */

/**
 * @typedef {object} Layer  of the perceptron
 * @property {string} stage  that has its units as maps
 * @property {string} title
 * @property {string[]} names  of its units
 * @property {number} low  the smallest activation of all units at all pixels
 * @property {number} high
 *
 * @typedef {object} Weights  between a layer and the next
 * @property {number[][]} matrix  a row for each unit of the next layer
 * @property {boolean} rectified  whether a ReLU follows
 *
 * @typedef {object} Numbers  of one pixel
 * @property {Pixel} pixel
 * @property {number[]} inputs  the activations of the first layer
 * @property {number[]} maps  the numbers of the maps of the last layer
 *
 * @typedef {object} Data  the data from Python
 * @property {string} slug
 * @property {string} token  identifies the sender of requests
 * @property {string} query  all that the maps depend on, but not their stage
 * @property {string} photo  the address of the picture
 * @property {Boxes} boxes  what each pixel reads of it
 * @property {Layer[]} layers
 * @property {Weights[]} weights
 * @property {Numbers} numbers  of the pixel that was clicked, or is shown at rest
 * @property {string} alt
 * @property {string} language  its tag
 *
 * @typedef {object} Elements
 * @property {HTMLCanvasElement} photo
 * @property {HTMLCanvasElement} patch
 * @property {HTMLElement} seen  what the photo and the patch show
 * @property {HTMLElement} drawing
 * @property {HTMLElement} said
 *
 * @typedef {object} State
 * @property {HTMLElement} root
 * @property {Elements} el
 * @property {Data} data  the last
 * @property {Translate} t
 * @property {Photo} photo
 * @property {Pixel | null} pointed  the pixel under the pointer
 * @property {Pixel | null} kept  the one that was clicked on this photo
 * @property {Numbers | null} numbers  the last that were fetched for these data
 * @property {Newest<Pixel, Numbers>} newest
 * @property {number} width  CSS px, when last laid out
 */
