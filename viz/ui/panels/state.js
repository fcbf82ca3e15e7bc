// The state of a group of panels.

/** @import {Block} from "../javascript/buffer.js" */
/** @import {Kind} from "../javascript/colours.js" */
/** @import {Mark} from "../javascript/marks.js" */
/** @import {Stack} from "../javascript/stack.js" */
/** @import {Translate} from "../javascript/translation.js" */

/**
 * @typedef {[top: number, left: number, bottom: number, right: number]} Region  thousandths of a picture
 *
 * @typedef {object} Data  the data from Python
 * @property {string} buffer  in base64
 * @property {number} height_px
 * @property {number} columns
 * @property {number} narrowest_px
 * @property {Region | null} region
 * @property {string} language  its tag
 *
 * @typedef {object} Said  a panel's entry in the buffer's header
 * @property {string} block
 * @property {string} title
 * @property {string[]} names
 * @property {Kind} kind
 * @property {string} note
 * @property {string} scale  the name of the scale it shares with others, or empty
 * @property {string[]} classes
 * @property {Mark[]} marks
 * @property {string} over  the block of the picture that the maps lie on, or empty
 *
 * @typedef {object} Under  the picture that the maps of a panel lie on
 * @property {Block} block
 * @property {Stack} stack
 * @property {HTMLInputElement} opacity  of the maps, in per cent
 *
 * @typedef {object} Panel
 * @property {Said} said
 * @property {Block} block
 * @property {HTMLElement} element
 * @property {HTMLElement} bar
 * @property {HTMLElement} value
 * @property {Stack} stack
 * @property {Under | null} under
 * @property {boolean} selects  whether a rectangle can be drawn on it
 *
 * @typedef {object} State
 * @property {HTMLElement} root
 * @property {Panel[]} panels
 * @property {Translate} t
 * @property {string} buffer
 * @property {number} width  CSS px, when last laid out
 * @property {number} height  CSS px of one panel's maps
 * @property {number} columns
 * @property {Region | null} region
 * @property {[row: number, column: number] | null} selecting  the first corner of a rectangle being drawn
 * @property {Map<string, string>} opacities  of panels by title, as they were set by hand
 * @property {(region: Region) => void} choose
 */
