// Whether the visitor sees what the page shows below the canvas.

const PARTS = ".st-key-sections, .st-key-opened"
const LEAST = 80 // CSS px: the choice of sections is always in view, and does not depend on the values

export function isPageInView() {
  return [...document.querySelectorAll(PARTS)].some((part) => {
    const { top, bottom, height } = part.getBoundingClientRect()
    return height > LEAST && top < window.innerHeight - LEAST && bottom > 0
  })
}

/**
 * Acts once, when the visitor has scrolled there; returns a function that prevents it.
 * @param {() => void} act
 */
export function whenPageInView(act) {
  const observer = new IntersectionObserver(
    () => {
      if (!isPageInView()) return
      observer.disconnect()
      act()
    },
    { rootMargin: `0px 0px -${LEAST}px 0px` },
  )
  for (const part of document.querySelectorAll(PARTS)) observer.observe(part)
  return () => observer.disconnect()
}
