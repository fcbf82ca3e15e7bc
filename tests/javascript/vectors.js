// The numbers that Python is held to as well, see tests/vectors/make.py.

import { readFileSync } from "node:fs"

/** @param {string} name */
export function vectors(name) {
  const file = new URL(`../vectors/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, "utf8"))[name]
}
