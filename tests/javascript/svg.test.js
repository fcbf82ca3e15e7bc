// A view as SVG: every kind of item, and text of which nothing can break out.

import assert from "node:assert/strict"
import { test } from "node:test"

import { svgOf } from "../../viz/ui/javascript/svg.js"

/** @param {import("../../viz/ui/javascript/svg.js").Item[]} items */
const drawn = (...items) => svgOf({ width: 40, height: 30.456, background: "#fff", title: "A & B", items })

/** @param {string} text */
const words = (text) => ({
  kind: /** @type {const} */ ("text"),
  x: 1,
  y: 2,
  width: 30,
  text,
  anchor: /** @type {const} */ ("start"),
  font: '600 15px "Source Sans", sans-serif',
  fill: "rgb(1, 2, 3)",
  opacity: 0.5,
})

test("a view has its size, its ground and its title", () => {
  const svg = drawn()
  assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="40" height="30.46" viewBox="0 0 40 30.46">/)
  assert.match(svg, /<title>A &#38; B<\/title>/)
  assert.match(svg, /<rect width="100%" height="100%" fill="#fff"\/>/)
})

test("text stays text, as wide as on screen in any font", () => {
  const svg = drawn(words("Max over 4"))
  assert.match(svg, /<text x="1" y="2" text-anchor="start"[^>]* textLength="30"[^>]*>Max over 4<\/text>/)
  assert.match(svg, /style="font:600 15px &#34;Source Sans&#34;, sans-serif"/)
})

test("nothing breaks out of a text", () => {
  const svg = drawn(words('</text><script>alert("1")</script>'), words("\0\u001b\ud800 x\ud83d\ude00"))
  assert.equal(svg.includes("<script"), false)
  assert.match(svg, /&#60;\/text&#62;&#60;script&#62;/)
  assert.match(svg, />\ufffd\ufffd\ufffd x\u{1f600}<\/text>/u)
})

test("a gradient has its colours from left to right", () => {
  const place = { x: 0, y: 0, width: 10, height: 2 }
  const svg = drawn({ kind: "gradient", ...place, colours: ["#000", "#888", "#fff"] })
  const stops = [...svg.matchAll(/offset="([\d.]+)" stop-color="(#\w+)"/g)].map(([, at, colour]) => [at, colour])
  assert.deepEqual(stops, [
    ["0", "#000"],
    ["0.5", "#888"],
    ["1", "#fff"],
  ])
  const name = /id="(\w+)"/.exec(svg)?.[1]
  assert.ok(svg.includes(`fill="url(#${name})"`))
})

test("pixels of a picture are not smoothed, and items keep their order", () => {
  const place = { x: 1, y: 2, width: 3, height: 4 }
  const image = { kind: /** @type {const} */ ("image"), ...place, source: "data:image/png;base64,AA==" }
  const box = { kind: /** @type {const} */ ("box"), ...place, fill: "red", opacity: 1, radius: 2 }
  const svg = drawn(image, box)
  assert.match(svg, /<image x="1" y="2" width="3" height="4" href="data:image\/png;base64,AA==".*pixelated/)
  assert.ok(svg.indexOf("<image") < svg.indexOf('rx="2"'))
})
