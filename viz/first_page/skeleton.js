// Runs when the skeleton is on screen, before the page's own scripts, which are modules.

const GIVE_UP_MS = 20000 // then the page is shown as it is, whatever it is
const ERROR = "[data-testid=stException], [data-testid=stDialog], [data-testid=stMain] [data-testid=stAlert]"

{
  // Streamlit's client would first look for its routes below the lesson's own path.
  const base = location.pathname.replace(new RegExp(`/(${SLUGS.join("|")})/?$`), "/")
  window.__streamlit = { BACKEND_BASE_URL: new URL(base, location.origin).href }

  const skeleton = document.getElementById("skeleton")
  // Streamlit keeps a theme for each path; the page's own choice is for all of them.
  const streamlits = `stActiveTheme-${location.pathname}-v2`
  const chosen = localStorage.getItem("pointwise-theme")
  if (chosen) {
    document.documentElement.dataset.theme = chosen
    localStorage.setItem(streamlits, JSON.stringify(chosen === "dark" ? "Dark" : "Light"))
  }
  const named = /^"(Dark|Light)"$/.exec(localStorage.getItem(streamlits) ?? "")?.[1]
  const isDark = named ? named === "Dark" : matchMedia("(prefers-color-scheme: dark)").matches
  skeleton.classList.add(isDark ? "dark" : chosen === "contrast" ? "contrast" : "light")
  const query = new URLSearchParams(location.search)
  if (query.get("present") === "1") document.documentElement.dataset.present = "1"
  const hasMenu = !query.has("embed") && query.get("present") !== "1"
  if (!hasMenu) skeleton.style.setProperty("--side", "0px")

  // The menu is shown as soon as it is there; an error is shown instead of the skeleton.
  const look = () => {
    isLooking = false
    if (document.querySelector(ERROR)) return remove()
    const menu = document.querySelector("[data-testid=stSidebar]")
    if (!menu) return
    skeleton.classList.add("connected")
    skeleton.style.setProperty("--side", `${Math.max(0, menu.getBoundingClientRect().right)}px`)
  }
  let isLooking = false
  const watch = new MutationObserver(() => {
    if (!isLooking) requestAnimationFrame(look)
    isLooking = true
  })
  watch.observe(document.body, { childList: true, subtree: true })
  const remove = () => {
    watch.disconnect()
    skeleton.remove()
  }
  addEventListener("pointwise-ready", remove, { once: true })
  setTimeout(remove, GIVE_UP_MS)
}
