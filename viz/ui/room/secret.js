// The lecturer's secret: in the storage of this browser alone, and in the link for a second device.

const KEY = "pointwise room"
const LEADS = "pointwise leads" // in a tab that leads; a reload keeps it, another tab does not have it
const FRAGMENT = /^#lead=([\w-]{43})$/
const BYTES = 32

/** A new secret: 32 random bytes as base64url. */
export function newSecret() {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES))
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")
}

/** The secret of this browser; empty if there is none. */
export function storedSecret() {
  return stored(() => localStorage.getItem(KEY)) ?? ""
}

/** Whether this tab leads. */
export function leadsHere() {
  return stored(() => sessionStorage.getItem(LEADS)) === "1" && storedSecret() !== ""
}

/** @param {string} secret */
export function keepSecret(secret) {
  stored(() => localStorage.setItem(KEY, secret))
  stored(() => sessionStorage.setItem(LEADS, "1"))
}

export function forgetSecret() {
  stored(() => localStorage.removeItem(KEY))
  stored(() => sessionStorage.removeItem(LEADS))
}

/** Takes the secret out of the address; empty if there is none. */
export function takeFromAddress() {
  const [, secret = ""] = location.hash.match(FRAGMENT) ?? []
  if (secret) history.replaceState(history.state, "", `${location.pathname}${location.search}`)
  return secret
}

/**
 * A browser may refuse storage; then a reload ends what it would keep.
 * @template Result
 * @param {() => Result} use
 */
function stored(use) {
  try {
    return use()
  } catch {
    return null
  }
}
