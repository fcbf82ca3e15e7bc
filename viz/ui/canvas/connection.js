// Watches the connection of the page to its server.

/**
 * Streamlit's root element has the connection state. While there is no connection, Streamlit opens a
 * dialog, which is hidden here and must not make the page inert.
 * @param {() => void} lost
 * @param {() => void} back called when there is a server again, perhaps a restarted one
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
