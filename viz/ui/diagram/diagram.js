// Boxes and arrows on the page.

import { found } from "../javascript/elements.js"
import { drawFlow } from "../javascript/flow.js"

/** @import {Flow} from "../javascript/flow.js" */

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Flow, setTriggerValue: (name: string, value: string) => void}} component
 */
export default function diagram({ parentElement, data, setTriggerValue }) {
  return drawFlow(found(parentElement, ".diagram"), data, (key) => setTriggerValue("picked", key))
}
