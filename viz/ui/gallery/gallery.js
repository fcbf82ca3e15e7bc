// Thumbnails to choose a picture from: a radio group with one Tab stop, in which arrows move the
// choice, or check boxes if several can be chosen.

import { found, h } from "../javascript/elements.js"
import { translated } from "../javascript/translation.js"

/**
 * @typedef {{key: string, name: string, removable: boolean}} Picture  `removable` if it is the visitor's own
 *
 * @typedef {object} Data  the data from Python
 * @property {Picture[]} pictures
 * @property {string[]} chosen  keys
 * @property {boolean} several  whether any number can be chosen
 * @property {string} label
 * @property {number} side_px
 * @property {string} language  its tag
 */

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data, setTriggerValue: (name: string, value: unknown) => void}} component
 */
export default function gallery({ parentElement, data, setTriggerValue }) {
  const root = found(parentElement, ".gallery")
  root.setAttribute("aria-label", data.label)
  root.setAttribute("role", data.several ? "group" : "radiogroup")
  const listed = data.pictures
    .map(({ key }) => key)
    .concat(data.language)
    .join()
  if (root.dataset.listed !== listed) {
    root.dataset.listed = listed
    root.replaceChildren(...data.pictures.map((picture) => thumbnail(picture, data)))
    focusAgain(root)
  }
  const inputs = [...root.querySelectorAll("input")]
  // First all types: a checked box that becomes a radio button unchecks the others.
  for (const input of inputs) input.type = data.several ? "checkbox" : "radio"
  for (const input of inputs) {
    input.checked = data.chosen.includes(input.value)
    input.onchange = () => setTriggerValue("picked", input.value)
  }
  for (const button of root.querySelectorAll("button")) {
    button.onclick = () => {
      root.dataset.removed = button.dataset.place
      setTriggerValue("removed", button.value)
    }
  }
  document.addEventListener("paste", takePasted) // adding the same function again has no effect
  return () => document.removeEventListener("paste", takePasted)
}

/**
 * A thumbnail; one of the visitor's own has a button that removes it.
 * @param {Picture} picture
 * @param {Data} data
 */
function thumbnail({ key, name, removable }, { pictures, side_px: side, language }) {
  const label = document.createElement("label")
  const input = document.createElement("input")
  const image = document.createElement("img")
  Object.assign(input, { type: "radio", name: "picture", value: key, ariaLabel: name })
  Object.assign(image, { src: `pictures/${key}?thumbnail_px=${side}`, alt: "", title: name })
  label.append(input, image)
  const remove = translated(language, "Remove “{name}”", { name })
  const place = pictures.findIndex((each) => each.key === key)
  const button = { type: "button", value: key, "data-place": place, "aria-label": remove, title: remove }
  return h("div", { class: "picture" }, label, removable ? h("button", button, "✕") : null)
}

/**
 * Gives the focus to the picture that took the place of the removed one.
 * @param {HTMLElement} root
 */
function focusAgain(root) {
  const { removed } = root.dataset
  delete root.dataset.removed
  if (removed !== undefined) root.querySelectorAll("input")[Number(removed)]?.focus()
}

/**
 * Treats a picture that is pasted anywhere on the page like one that is dropped.
 * @param {ClipboardEvent} event
 */
function takePasted(event) {
  const pictures = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith("image/"))
  const uploader = /** @type {HTMLInputElement | null} */ (
    document.querySelector('[data-testid="stFileUploaderDropzoneInput"]')
  )
  if (!pictures.length || !uploader) return
  event.preventDefault()
  const transfer = new DataTransfer()
  for (const picture of pictures) transfer.items.add(picture)
  uploader.files = transfer.files
  uploader.dispatchEvent(new Event("change", { bubbles: true }))
}
