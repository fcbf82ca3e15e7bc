// Elements.

function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value
    else if (value === true) element.setAttribute(name, "")
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value)
  }
  element.append(...children.filter((child) => child !== null && child !== undefined))
  return element
}

// Replaces what is in a place only if it says something new, so that focus and selection stay.
function place(element, key, build) {
  if (element.dataset.key === key) return
  element.dataset.key = key
  element.replaceChildren(...build())
}
