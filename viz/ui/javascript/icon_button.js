// Buttons with an icon in place of a word.

import { h } from "./elements.js"

const ICONS = {
  back: "M10.5 3.5v11L4 9zM12.5 3.5h2.2v11h-2.2z",
  play: "M5 3l10 6-10 6z",
  pause: "M4.5 3.5h3v11h-3zM10.5 3.5h3v11h-3z",
  forward: "M7.5 3.5v11L14 9zM3.3 3.5h2.2v11H3.3z",
}

/** @typedef {keyof typeof ICONS} Icon */

/**
 * @param {string} label
 * @param {Icon} icon
 * @param {() => void} onclick
 */
export function iconButton(label, icon, onclick) {
  const button = h("button", { type: "button", onclick })
  showIcon(button, label, icon)
  return button
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} label
 * @param {Icon} icon
 */
export function showIcon(button, label, icon) {
  button.setAttribute("aria-label", label)
  button.title = label
  button.innerHTML = `<svg width="18" height="18" viewBox="0 0 18 18" fill="currentColor" aria-hidden="true"><path d="${ICONS[icon]}"/></svg>`
}
