// The state of a canvas: Python's data, the visitor's actions, and the drawn maps.

/** @import {Block, Place} from "../javascript/buffer.js" */
/** @import {Fact} from "../javascript/boxes.js" */
/** @import {FlowBox} from "../javascript/flow.js" */
/** @import {Mark} from "../javascript/marks.js" */
/** @import {Style} from "../javascript/pen.js" */
/** @import {Stack} from "../javascript/stack.js" */
/** @import {Translate} from "../javascript/translation.js" */
/** @import {ExactColumns} from "./exact.js" */
/** @import {Choosing, Spot} from "../javascript/between.js" */
/** @import {Commits} from "./commits.js" */
/** @import {Pointed} from "./links.js" */
/** @import {Following} from "./following.js" */
/** @import {Moves} from "./moves.js" */
/** @import {Photo} from "./photo.js" */
/** @import {Requests} from "./requests.js" */
/** @import {Rest} from "./rest.js" */
/** @import {Room} from "./room.js" */
/** @import {Undo} from "./undo.js" */

/**
 * @typedef {[text: string, args: Record<string, unknown>, plural?: string]} Words  a text and its values
 * @typedef {Record<string, string>} Values  every field's value, as in the address
 * @typedef {Words | string} Said  a text, or a name or number that is the same in every language
 *
 * @typedef {Omit<FlowBox, "title" | "facts" | "exact" | "clickable"> & {title: Said, facts: Said[], exact: Said, fields: Values}} SaidBox
 * @typedef {{boxes: SaidBox[], arrows: [from: string, to: string][], alt: Said, wraps?: boolean}} SaidDiagram
 *
 * @typedef {object} Field  a control, or a parameter of the address without one
 * @property {string} kind  `slider`, `choice`, `switch`, `cells` or `word`
 * @property {string} default
 * @property {string} label
 * @property {string} help
 * @property {[value: string, label: string][]} options
 * @property {number} low
 * @property {number} high
 * @property {number} step
 * @property {string} unit
 * @property {string} zero  the meaning of 0 if it is not a number
 * @property {string[]} words  the meanings of all its values, if they only count steps
 * @property {boolean} affects_canvas  whether the maps depend on it
 *
 * @typedef {object} Suggestion  a view to try
 * @property {string} label
 * @property {Values} fields  those that differ from the opening
 *
 * @typedef {object} Opening  a lesson or section before the visitor changes anything
 * @property {Values} fields  those that differ from the defaults
 * @property {string} picture  the picture until the visitor chooses one
 * @property {Suggestion[]} views  to try
 *
 * @typedef {object} Data  the data that Python sends at every run
 * @property {string} slug
 * @property {string} title
 * @property {string} claim
 * @property {string} look_for  what the first look should find
 * @property {string} token  identifies the sender of requests; a new session has a new one
 * @property {boolean} settles  whether there is more to measure at rest
 * @property {number} revision  of the last commit that Python has taken over
 * @property {Record<string, Field>} fields
 * @property {Record<string, Opening>} openings  of every section, and of the lesson under ""
 * @property {Values} values
 * @property {number} most_cells  weights set by hand that the address holds
 * @property {string} picture_name
 * @property {Record<string, string>} own_names  of this tab's uploads, by key
 * @property {boolean} missing  whether the wanted picture was evicted
 * @property {string} wanted  its key
 * @property {string} language  its tag
 * @property {string} [buffer]  maps in base64, if our route cannot be reached
 * @property {string} [photo]  and the picture, as a data address
 *
 * @typedef {object} Groups  the values that a pool reads
 * @property {string} block  the name of their block
 * @property {number} size  of a group
 * @property {string[]} names  of all values
 * @property {Mark[]} marks
 * @property {string} mode  `max` or `mean`
 * @property {[low: number, high: number]} range  of all values of all places
 * @property {string} note
 * @property {number[]} order  the arriving map that each value is read from
 *
 * @typedef {object} SideBySide  one map of several pictures
 * @property {string[]} names
 * @property {string[]} keys
 * @property {[number, number][]} shapes  rows and columns of each
 * @property {number} channel
 * @property {Pick<Fact, "read_rows" | "read_columns">[]} reads
 *
 * @typedef {object} Header  the header of the maps from the route
 * @property {string} stage  the stage of the maps
 * @property {Record<string, Fact>} stages  those switched on, in order, the picture first
 * @property {string} device
 * @property {number} ms
 * @property {string} notice
 * @property {Record<string, Words>} titles  of all stages, on or off, in order
 * @property {SaidDiagram} [diagram]  in the place of the chips
 * @property {Record<string, string[]>} controls  of each stage
 * @property {Record<string, (string | number)[]>} limits  options, or the largest value
 * @property {Values} values  built instead of the requested ones
 * @property {string[]} names  of the maps
 * @property {Mark[]} marks  what each map stands for; none if there are none
 * @property {string[]} input_names
 * @property {Mark[]} input_marks
 * @property {string[]} [row_names]  of the matrix, if the maps are several times its rows
 * @property {Mark[]} [row_marks]
 * @property {string[]} [kernel_names]
 * @property {Mark[]} [kernel_marks]
 * @property {number[]} [weights]  of a small matrix, row by row, exact where its block has steps
 * @property {[row: number, column: number]} rest  the unit to show while none is pointed at or pinned
 * @property {number[][]} feeds  of every map the kernels that feed it, the strongest first
 * @property {number[][]} input_feeds  the same of every arriving map, if the kernels are the bank's
 * @property {Pick<Fact, "size" | "stride" | "padding">[]} [map_fields]  of each map, if branches see different boxes
 * @property {number} row_length  maps that belong in one row
 * @property {string} cells  the field with the weights set by hand; empty if there is none
 * @property {Words | null} filters_note
 * @property {boolean} as_picture
 * @property {string[]} [classes]
 * @property {Groups} [groups]
 * @property {SideBySide} [side_by_side]
 * @property {{maps: Block} & Partial<Record<string, Block>>} blocks
 * @property {string} [key]  all that they depend on; none if they came with Python's data
 * @property {boolean} [reduced]  whether they are smaller than requested, because many wait
 */

/**
 * The elements that are filled, shown or hidden later.
 * @typedef {Record<"title" | "claim" | "lookFor" | "suggestions" | "badge" | "stageBar" | "flowBar" | "stageFacts" | "controls" | "help" | "progress" | "notice" | "lab" | "columns" | "sheet", HTMLElement>} Frame
 * @typedef {Record<"mapsSection" | "mapsTitle" | "mapsBox" | "mapsSpots" | "litMaps" | "mapsBar" | "reading" | "scale" | "channel" | "channelBox", HTMLElement>} MapParts
 * @typedef {Record<"filters" | "filtersTitle" | "filtersNote" | "kernelsBox" | "kernelsBar" | "barsBox" | "barsNote", HTMLElement>} FilterParts
 * @typedef {Record<"matrix" | "matrixBox" | "matrixBar" | "cell" | "cellName" | "cellHint" | "editsNote", HTMLElement>} MatrixParts
 * @typedef {Record<"fieldSection" | "photoSpots" | "photoChoosing" | "fieldFacts" | "unread" | "combBox", HTMLElement>} FieldParts
 * @typedef {Record<"compare" | "showing", HTMLElement> & {keys: HTMLDialogElement}} Tools
 * @typedef {Record<"maps" | "mapsOverlay" | "kernels" | "kernelsOverlay" | "matrixCanvas" | "matrixHeads" | "matrixRows" | "matrixMarks" | "bars" | "fieldCanvas" | "comb", HTMLCanvasElement>} Canvases
 * @typedef {Record<"cellSlider" | "cellNumber", HTMLInputElement> & Record<"cellReset" | "editsReset" | "tour" | "undo" | "redo" | "reset", HTMLButtonElement> & {cards: HTMLButtonElement[]}} Inputs
 * @typedef {Frame & MapParts & FilterParts & MatrixParts & FieldParts & Tools & Canvases & Inputs} Elements
 */

/**
 * @typedef {object} State
 * @property {HTMLElement} root
 * @property {Elements} el
 * @property {string} language  its tag
 * @property {Translate} t
 * @property {string} slug
 * @property {string} token
 * @property {Record<string, Field>} fields
 * @property {Record<string, Opening>} openings  of every section, and of the lesson under ""
 * @property {Values} values  wanted now
 * @property {number} mostCells
 * @property {boolean} settles
 * @property {string} pictureName
 * @property {Record<string, string>} ownNames
 * @property {boolean} isNewServer  whether the server has not been told which pictures are this tab's
 * @property {boolean} gone  whether the wanted picture was evicted
 * @property {boolean} inline  whether maps come with Python's data
 * @property {string | undefined} inlinePhoto
 * @property {(name: string, value: unknown) => void} setStateValue
 * @property {Requests} requests
 * @property {ExactColumns} exact
 * @property {Commits} commits
 * @property {Undo} undo
 * @property {Moves} moves
 * @property {Following} following
 * @property {boolean} home  whether the last view that was told is the canvas's, and not that of its section
 * @property {number} answered  the revision of Python's last data
 * @property {() => void} redraw  draws again, unless maps are on their way, which will be drawn
 * @property {string} path  of the page whose values the canvas has
 * @property {string} refused  the request that a notice says something about
 * @property {boolean} typed  whether the last input came from the keyboard
 * @property {string | null} dragging  the field that is being dragged
 * @property {Choosing | null} choosing  a question whose answer is a place on the photo or the maps
 * @property {[row: number, column: number] | null} pointedCell  of that question's grid
 * @property {Spot | null} spot  where someone else points on the picture
 * @property {string[]} lit  what a tour lights
 * @property {Pointed | null} pointed  what is pointed at: a map, a kernel, an output or an input
 * @property {Place | null} hover  its pixel, if it is one of a drawn map
 * @property {Rest | null} rest  where the unit is while none is pointed at or pinned
 * @property {number | null} enlarged  the only map that is shown
 * @property {[row: number, column: number] | null} cell  the weight that is set by hand
 * @property {string | undefined} helped  the control whose help is shown
 * @property {Header | null} header  of the drawn maps
 * @property {Style | null} style
 * @property {string} controlled  the stage whose controls are shown
 * @property {string} size  of the canvas and the window, when last laid out
 * @property {Room} room  for filters, maps and field
 * @property {number | undefined} wantedPx  device pixels of the longer side of a map
 * @property {string | undefined} sharpened  the last request in another size
 * @property {Stack} maps
 * @property {Stack} kernels
 * @property {number} matrixSide  CSS px of a cell
 * @property {Photo} photo
 *
 * @typedef {State & {header: Header, style: Style}} Drawn  the state once maps are drawn
 */

/**
 * Whether maps are drawn.
 * @param {State} s
 * @returns {s is Drawn}
 */
export function isDrawn(s) {
  return s.header !== null && s.style !== null
}
