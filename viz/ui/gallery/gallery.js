// Thumbnails to choose a picture from: a radio group, one Tab stop, arrows move the choice.

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".gallery")
  root.setAttribute("aria-label", data.label)
  const listed = data.pictures.map(({ key }) => key).join()
  if (root.dataset.listed !== listed) {
    root.dataset.listed = listed
    root.replaceChildren(...data.pictures.map((picture) => thumbnail(picture, data.side_px)))
  }
  for (const input of root.querySelectorAll("input")) {
    input.checked = input.value === data.chosen
    input.onchange = () => setTriggerValue("picked", input.value)
  }
}

function thumbnail({ key, name }, side) {
  const label = document.createElement("label")
  const input = document.createElement("input")
  const image = document.createElement("img")
  Object.assign(input, { type: "radio", name: "picture", value: key, ariaLabel: name })
  Object.assign(image, { src: `pictures/${key}?thumbnail_px=${side}`, alt: "", title: name })
  label.append(input, image)
  return label
}
