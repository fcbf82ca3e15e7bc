// The state of the card: the visitor's own questions, and the round of the room that this tab is in.

/** @import {Translate} from "../javascript/translation.js" */
/** @import {Answer, Face, Question, Right, Truth} from "./questions.js" */
/** @import {Session} from "./session.js" */
/** @import {Bar, Tally} from "./tally.js" */

/**
 * @typedef {object} Data  from Python, at every run
 * @property {string} slug
 * @property {string} language  its tag
 * @property {Question[] | null} questions  null while the card is closed
 * @property {number} asked  how often this visitor has asked for questions
 *
 * @typedef {{code: string, secret: string | null}} Room  the secret is null in a tab that follows
 *
 * @typedef {object} Round  a question to the class, as the server tells it
 * @property {number} number
 * @property {number} attempt  1, or 2 after a discussion
 * @property {Record<string, Face>} question  in every language
 * @property {boolean} open
 * @property {number} [answers]  how many, once it is closed
 * @property {Tally} [tally]
 * @property {Tally} [before]  of the attempt before
 * @property {Right & Record<string, Truth>} [truth]
 *
 * @typedef {object} Button
 * @property {string} label
 * @property {() => void} act
 * @property {boolean} [main]  the next thing to do
 *
 * @typedef {object} Card  what is drawn
 * @property {string} key  equal for the same question in the same attempt
 * @property {string} heading
 * @property {string} aside  the score, or how many have answered
 * @property {string} ask
 * @property {Face | null} face
 * @property {Answer | null} given
 * @property {Truth | null} truth  null while it is hidden
 * @property {((answer: Answer) => void) | null} answer  takes one; null if none is wanted
 * @property {Bar[] | null} bars  of a class, in the place of the form
 * @property {number} all  answers of the class
 * @property {Verdict | null} verdict
 * @property {string} note  a sentence under the question
 * @property {Button[]} buttons
 * @property {() => void} close
 *
 * @typedef {{right: boolean, lead: string, rest: string}} Verdict
 *
 * @typedef {object} State
 * @property {HTMLElement} root
 * @property {Data} data
 * @property {Translate} t
 * @property {string} language
 * @property {(name: string, value: unknown) => void} setStateValue
 * @property {Session | null} session  null while the card is closed
 * @property {string | null} shown  the view on the canvas as an address; null before the canvas has told
 * @property {Room | null} room
 * @property {Round | null} round
 * @property {number} answers  to the open round
 * @property {number} followers  in the room
 * @property {number} dismissed  the number of the round that a follower has closed
 * @property {Answer | null} given  the follower's answer to the round
 * @property {string} refused  why an answer was not taken, or a request failed
 * @property {boolean} sending
 * @property {() => void} redraw
 */
