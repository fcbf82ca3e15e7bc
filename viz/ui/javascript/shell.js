// The shell: what the address holds for all pages alike, see `viz/shell.py`.
//
// Its values are this tab's, not those of an entry of the history: Back, the menu and links keep
// them, and a value that was removed stays away.

/**
 * @typedef {Record<string, string>} Shell  values by name, without the empty ones
 * @typedef {{path: string, values: Shell}} Kept  the values, and the page that they were last on
 */

/** @type {Record<string, RegExp>} */
export const SHELL = {
  lang: /^(en|zh-Hans)$/,
  present: /^1$/,
  room: /^[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}$/,
  tour: /^[1-9][0-9]?$/,
}

const CHANGED = "pointwise-shell"
const STREAMLITS = ["embed", "embed_options"] // these stay first

/**
 * The shell in a query; what is not allowed is left out.
 * @param {string} search
 * @returns {Shell}
 */
export function shellOf(search) {
  const query = new URLSearchParams(search)
  const said = Object.keys(SHELL).map((name) => [name, query.getAll(name).at(-1) ?? ""])
  return Object.fromEntries(said.filter(([name, value]) => SHELL[name].test(value)))
}

/**
 * A query with these values of the shell, in front of the lesson's.
 * @param {string} search
 * @param {Shell} shell
 */
export function withShell(search, shell) {
  const query = [...new URLSearchParams(search)].filter(([name]) => !(name in SHELL))
  const first = query.filter(([name]) => STREAMLITS.includes(name))
  const last = query.filter(([name]) => !STREAMLITS.includes(name))
  return new URLSearchParams([...first, ...Object.entries(shell), ...last]).toString()
}

/**
 * What stays in front of a lesson's query.
 * @param {string} search
 */
export function aroundLesson(search) {
  const query = [...new URLSearchParams(search)].filter(([name]) => STREAMLITS.includes(name))
  return withShell(new URLSearchParams(query).toString(), shellOf(search))
}

/**
 * The values now.
 * @returns {Shell}
 */
export function shellNow() {
  return kept().values
}

/**
 * Changes values in the address; an empty one is removed. The component that calls it tells Python
 * by a state value of its own, for `address.change_shell`.
 * @param {Shell} values
 */
export function changeShell(values) {
  takeOver(shellOf(new URLSearchParams({ ...shellNow(), ...values }).toString()))
  replaceAddress()
}

/**
 * Hears of every change in this tab; returns a function that stops it.
 * @param {(shell: Shell) => void} act
 */
export function hearShell(act) {
  const heard = () => act(shellNow())
  addEventListener(CHANGED, heard)
  return () => removeEventListener(CHANGED, heard)
}

/**
 * An address that this tab goes to, with the values now; a tour stays on its page.
 * @param {string | URL | null | undefined} url
 */
export function carried(url) {
  const to = new URL(url ?? "", location.href)
  const now = kept()
  if (to.pathname !== now.path) {
    now.path = to.pathname
    takeOver(Object.fromEntries(Object.entries(now.values).filter(([name]) => name !== "tour")))
  }
  if (!isEqual(shellOf(to.search), now.values)) to.search = withShell(to.search, now.values)
  return to
}

/**
 * One object for all components of the page, which are linked apart.
 * @returns {Kept}
 */
function kept() {
  const page = /** @type {{pointwiseShell?: Kept}} */ (globalThis)
  if (!page.pointwiseShell) {
    page.pointwiseShell = { path: location.pathname, values: shellOf(location.search) }
    addEventListener("popstate", replaceAddress, true) // before Streamlit reads the address
  }
  return page.pointwiseShell
}

/** @param {Shell} values */
function takeOver(values) {
  const now = kept()
  if (isEqual(now.values, values)) return
  now.values = values
  dispatchEvent(new Event(CHANGED))
}

function replaceAddress() {
  const to = carried(location.href)
  if (to.href !== location.href) history.replaceState(history.state, "", to)
}

/**
 * @param {Shell} a
 * @param {Shell} b
 */
function isEqual(a, b) {
  return Object.keys(SHELL).every((name) => (a[name] ?? "") === (b[name] ?? ""))
}
