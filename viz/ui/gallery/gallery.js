// Thumbnails to choose a picture from: a radio group with one Tab stop, in which arrows move the
// choice, or check boxes if several can be chosen.

import { found } from "../javascript/elements.js"

/**
 * @typedef {{key: string, name: string}} Picture
 *
 * @typedef {object} Data  the data from Python
 * @property {Picture[]} pictures
 * @property {string[]} chosen  keys
 * @property {boolean} several  whether any number can be chosen
 * @property {string} label
 * @property {number} side_px
 */

/**
 * Called by Streamlit at mount and when data or theme change.
 * @param {{parentElement: ParentNode, data: Data, setTriggerValue: (name: string, value: unknown) => void}} component
 */
export default function gallery({ parentElement, data, setTriggerValue }) {
  const root = found(parentElement, ".gallery")
  root.setAttribute("aria-label", data.label)
  root.setAttribute("role", data.several ? "group" : "radiogroup")
  const listed = data.pictures.map(({ key }) => key).join()
  if (root.dataset.listed !== listed) {
    root.dataset.listed = listed
    root.replaceChildren(...data.pictures.map((picture) => thumbnail(picture, data.side_px)))
  }
  for (const input of root.querySelectorAll("input")) {
    input.type = data.several ? "checkbox" : "radio"
    input.checked = data.chosen.includes(input.value)
    input.onchange = () => setTriggerValue("picked", input.value)
  }
  document.addEventListener("paste", takePasted) // adding the same function again has no effect
  return () => document.removeEventListener("paste", takePasted)
}

/**
 * @param {Picture} picture
 * @param {number} side
 */
function thumbnail({ key, name }, side) {
  const label = document.createElement("label")
  const input = document.createElement("input")
  const image = document.createElement("img")
  Object.assign(input, { type: "radio", name: "picture", value: key, ariaLabel: name })
  Object.assign(image, { src: `pictures/${key}?thumbnail_px=${side}`, alt: "", title: name })
  label.append(input, image)
  return label
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
