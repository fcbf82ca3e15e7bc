// The page's theme: Streamlit's own, set as the page around an embedded app may set it.

/**
 * @typedef {{name: string, label: string, info: Record<string, unknown>}} Theme  `info` as in Streamlit's CustomThemeConfig
 */

const STORED = "pointwise-theme" // read by viz/first_page/skeleton.js too, before the first paint

/** The theme that was chosen in this browser, empty if none was. */
export function storedTheme() {
  try {
    return localStorage.getItem(STORED) ?? ""
  } catch {
    return "" // a browser may refuse storage
  }
}

/** The theme that is shown. */
export function chosenTheme() {
  const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches
  return document.documentElement.dataset.theme || storedTheme() || (isDark() ? "dark" : "light")
}

/**
 * Shows a theme at once, in all components, and at the next load.
 * @param {string} name
 * @param {Theme[]} themes
 */
export function showTheme(name, themes) {
  const theme = themes.find((each) => each.name === name)
  if (!theme) return
  try {
    localStorage.setItem(STORED, name)
  } catch {
    // it is shown until the page is left
  }
  document.documentElement.dataset.theme = name
  const message = { stCommVersion: 1, type: "SET_CUSTOM_THEME_CONFIG", themeName: "", themeInfo: theme.info }
  postMessage(message, location.origin)
}
