// Where the visible part of the page ends: the bar of a tour lies over its bottom edge.

/**
 * Says how much of the bottom edge is covered, to scripts and to style sheets; 0 for nothing.
 * @param {number} px
 */
export function coverFloor(px) {
  const { dataset, style } = document.documentElement
  if (px) dataset.tourPx = String(Math.ceil(px))
  else delete dataset.tourPx
  style.setProperty("--bar", `${Math.ceil(px)}px`)
}

/**
 * The height of the window that nothing covers, CSS px.
 */
export function visibleHeight() {
  return window.innerHeight - Number(document.documentElement.dataset.tourPx ?? 0)
}

/**
 * Whether something lies over the bottom edge.
 */
export function isCovered() {
  return visibleHeight() < window.innerHeight
}

/** How much of the window's top is covered by a question that stays there, CSS px. */
export function coveredAbove() {
  const question = document.querySelector(".st-key-question")
  if (!(question instanceof HTMLElement) || !question.parentElement) return 0
  return getComputedStyle(question.parentElement).position === "sticky" ? question.offsetHeight : 0
}
