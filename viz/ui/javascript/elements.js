// Builds and finds elements.

/**
 * An element with attributes and children. A name that starts with `on` sets a handler; `true` sets
 * an attribute without a value; `false`, `null` and `undefined` set nothing.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {(Node | string | number | null | undefined)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) Object.assign(element, { [name]: value })
    else if (value === true) element.setAttribute(name, "")
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value))
  }
  element.append(...children.filter((child) => child !== null && child !== undefined).map(asNode))
  return element
}

/**
 * Prose with `**strong**` words as elements; everything else in it is plain text.
 * @param {string} prose
 */
export function emphasised(prose) {
  const parts = prose.split("**")
  return parts.map((part, n) => (n % 2 ? h("strong", {}, part) : document.createTextNode(part)))
}

/** @param {Node | string | number} child */
function asNode(child) {
  return typeof child === "number" ? String(child) : child
}

/**
 * Replaces the content of an element only if it changes, so that focus and selection stay.
 * @param {HTMLElement} element
 * @param {string} key equal for equal content
 * @param {() => (Node | string | null)[]} build
 */
export function place(element, key, build) {
  if (element.dataset.key === key) return
  element.dataset.key = key
  element.replaceChildren(...build().filter((child) => child !== null))
}

/**
 * The element that a selector finds; it must exist.
 * @template {HTMLElement} [E=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {E}
 */
export function found(root, selector) {
  const element = /** @type {E | null} */ (root.querySelector(selector))
  if (!element) throw new Error(`nothing is ${selector}`)
  return element
}

/**
 * An element of a drawing.
 * @param {string} tag
 * @param {Record<string, unknown>} attributes
 * @param {(Node | string)[]} children
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  element.append(...children)
  return element
}
