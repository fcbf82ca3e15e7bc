// Whether the page has its server.

/**
 * Streamlit says on its root whether the page is connected. While it is not, a dialog that is not
 * shown would make the page inert: it stays in hand.
 * @param {() => void} lost
 * @param {() => void} back called when there is a server again, perhaps one that began anew
 */
export function watchConnection(lost, back) {
  const app = document.querySelector('[data-testid="stApp"]')
  if (!app) return null
  const root = app.closest("#root")
  let connected = true
  const observer = new MutationObserver(() => {
    const now = app.getAttribute("data-test-connection-state") === "CONNECTED"
    if (!now) root?.removeAttribute("inert")
    if (now === connected) return
    connected = now
    if (connected) back()
    else lost()
  })
  observer.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] })
  if (root) observer.observe(root, { attributes: true, attributeFilter: ["inert"] })
  return observer
}
