// The canvas of a lesson: rail, sliders, filters, maps and field are one component.

const FULL_SCREEN_ICON =
  '<svg width="18" height="18" viewBox="0 0 18 18" fill="none" stroke="currentColor" stroke-width="2.2" aria-hidden="true"><path d="M2 6V2h4M12 2h4v4M16 12v4h-4M6 16H2v-4"/></svg>'

const NARROW = 560 // CSS px, as in canvas.css
const INSTANCES = new WeakMap()

export default function (component) {
  const { parentElement, data, setStateValue } = component
  let s = INSTANCES.get(parentElement)
  if (!s) {
    s = create(parentElement, data)
    INSTANCES.set(parentElement, s)
  }
  s.setStateValue = setStateValue
  update(s, data)
  return () => {
    s.resize.disconnect()
    s.connection?.disconnect()
    document.removeEventListener("keydown", s.onkey)
    INSTANCES.delete(parentElement)
  }
}

function create(parentElement, data) {
  const s = {
    el: {},
    header: null,
    revision: data.revision,
    values: {},
    enlarged: null,
    hover: null,
    recent: new Map(),
    ownNames: {},
    failures: 0,
    cell: null,
    dragging: null,
  }
  s.t = (text, args = {}) =>
    (s.words?.[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => s.words?.[args[name]] ?? args[name] ?? "")
  s.words = data.words
  s.set = (values) => {
    Object.assign(s.values, values)
    markOld(s)
    if (!s.values.pinned) s.values.showing = "now"
    request(s)
  }
  s.commit = () => commitAfterDrawing(s)
  s.notice = (text) => {
    s.el.notice.textContent = text
    s.el.notice.hidden = !text
    s.el.help.style.visibility = text ? "hidden" : "" // it stands over it, so that nothing jumps
  }
  s.arrived = (header) => {
    s.header = header
    if (s.style) draw(s) // at once: the wait for the frame is long enough to draw in
    requestAnimationFrame(() => {
      if (!s.style) draw(s) // the first time there is no layout before the frame
      setTimeout(() => commitIfDue(s)) // after the frame is painted
    })
  }
  s.lookAt = (stage) => lookAt(s, stage)
  s.shownPx = () => s.wantedPx ?? 128
  build(s, parentElement.querySelector(".canvas"))
  s.resize = new ResizeObserver(() => resized(s))
  s.resize.observe(s.el.lab)
  listenEverywhere(s)
  watchConnection(s)
  return s
}

function update(s, data) {
  s.words = data.words
  s.slug = data.slug
  const again = s.token !== undefined && s.token !== data.token
  if (s.token !== data.token) greet(s, data)
  s.fields = data.fields
  s.stages = data.stages
  s.switches = data.switches
  s.most_cells = data.most_cells
  s.settles = data.settles
  s.el.title.textContent = s.t(data.title)
  s.el.claim.textContent = s.t(data.claim)
  if (again) {
    request(s)
    commit(s) // the server began anew under an open page: it is told what stands here
    return
  }
  const newest = answered(s, data.revision)
  markOld(s)
  const changed = JSON.stringify(s.values) !== JSON.stringify(data.values)
  // a picture that is gone is still asked for by name: its last maps stay, no other's take their place
  const gone = data.missing && Boolean(s.header) && s.values.picture === data.wanted
  const cameBack = s.gone && !gone
  s.gone = gone
  if (cameBack) s.recent.clear() // the same address may now show something
  if (newest && !s.dragging && changed) s.values = { ...data.values, picture: gone ? data.wanted : data.values.picture }
  s.inlinePhoto = data.photo
  showPhoto(s)
  Object.assign(s.ownNames, data.own_names) // a server that began anew knows none of them
  if (!data.missing) s.pictureName = s.ownNames[data.values.picture] ?? data.picture_name // else it is still called what it was
  s.inline = Boolean(data.buffer) && !gone
  if (s.inline) {
    s.notice("")
    s.arrived(unpack(fromBase64(data.buffer)))
  } else if (!s.header || changed || cameBack) request(s)
  else if (s.style && themed(s)) requestAnimationFrame(() => draw(s))
}

// A new token is a new session: the tab is new, or the server began anew under an open page.
function greet(s, data) {
  s.token = data.token
  s.revision = Math.max(s.revision, data.revision) // a number seen twice would be no change
  s.committing = null
  s.recommit = false
  s.failures = 0
}

// The photo under the receptive field: that of what is drawn.
async function showPhoto(s) {
  const { picture: focus, working_size_px: size } = drawnValues(s)
  const picture = s.header?.side_by_side?.keys[s.hover?.map ?? 0] ?? focus
  const key = `${picture}.${size}`
  if (s.photoKey === key) return
  s.photoKey = key
  const source = s.inlinePhoto ?? `pictures/${picture}?working_size_px=${size}`
  const image = new Image()
  image.src = source
  try {
    await image.decode()
  } catch {
    return
  }
  if (s.photoKey !== key) return
  s.field.photo = image
  if (s.style) drawField(s) // else the first drawing is still to come and will take it in
}

function build(s, root) {
  const el = s.el
  el.badge = h("span", { class: "badge", role: "status" })
  el.title = h("h1")
  el.claim = h("p", { class: "claim" })
  el.cards = ["proof", "code", "take"].map((card) => cardButton(s, card))
  el.full = h("button", { type: "button", class: "small", "aria-label": s.t("Full screen"), title: s.t("Full screen") })
  el.full.innerHTML = FULL_SCREEN_ICON
  el.full.onclick = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen())
  el.rail = h("nav", { class: "rail", "aria-label": s.t("Stages") })
  el.facts = h("p", { class: "focus" })
  el.controls = h("div", { class: "controls" })
  el.help = h("p", { class: "help", "aria-live": "off" })
  el.progress = h("div", { class: "progress", role: "presentation" })
  el.notice = h("p", { class: "notice", role: "alert", hidden: true })
  el.columns = h("div", { class: "columns" }, buildFilters(s), buildMaps(s), buildField(s))
  el.lab = h(
    "div",
    { class: "lab" },
    h("header", {}, el.title, el.claim, h("div", { class: "tools" }, el.badge, ...buildCompare(s), ...el.cards, ...buildKeys(s), el.full)),
    h("div", { class: "line" }, el.rail, el.facts),
    h("div", { class: "shelf" }, el.controls, el.help, el.notice),
    el.progress,
    el.columns,
  )
  root.replaceChildren(el.lab)
  el.root = root
  s.field = new Field(el.fieldCanvas)
}

const CARDS = { proof: "Proof", code: "Code", take: "Save" }

function cardButton(s, card) {
  const button = h("button", { type: "button", class: "small", "aria-pressed": "false" }, s.t(CARDS[card]))
  button.dataset.card = card
  button.onclick = () => {
    s.values.card = s.values.card === card ? "" : card
    s.commit()
    showCards(s)
  }
  return button
}

function showCards(s) {
  for (const button of s.el.cards) {
    button.setAttribute("aria-pressed", String(s.values.card === button.dataset.card))
  }
}

function buildFilters(s) {
  const { el } = s
  el.kernels = h("canvas", { role: "img" })
  el.kernelsOverlay = h("canvas", { class: "overlay" })
  el.kernelsBar = h("div", { class: "bar" })
  el.filtersTitle = h("h2")
  el.filtersNote = h("p", { class: "note" })
  el.kernelsBox = h("div", { class: "stack" }, el.kernels, el.kernelsOverlay)
  s.kernels = new Stack(el.kernels, el.kernelsOverlay)
  el.filters = h(
    "section",
    { class: "filters" },
    el.filtersTitle,
    el.filtersNote,
    el.kernelsBox,
    el.kernelsBar,
    buildMatrix(s),
    buildBars(s),
  )
  return el.filters
}

function buildMaps(s) {
  const { el } = s
  el.maps = h("canvas", { role: "img" })
  el.mapsOverlay = h("canvas", {
    class: "overlay pointer",
    tabindex: "0",
    role: "application",
    "aria-label": s.t("Pointer over the maps: arrows move it, page keys change the map, space pins it, Enter enlarges"),
  })
  el.mapsBar = h("div", { class: "bar" })
  el.reading = h("p", { class: "reading", role: "status" })
  el.scale = h("div", { class: "segments", role: "radiogroup", "aria-label": s.t("Scale") })
  s.stack = new Stack(el.maps, el.mapsOverlay)
  listen(s, el.mapsOverlay)
  el.mapsTitle = h("h2", {}, s.t("Feature maps"))
  el.mapsBox = h("div", { class: "stack" }, el.maps, el.mapsOverlay)
  return h(
    "section",
    { class: "maps" },
    h("div", { class: "heading" }, el.mapsTitle, buildChannel(s), el.scale),
    el.mapsBox,
    h("div", { class: "underline" }, el.mapsBar, el.reading),
  )
}

function buildField(s) {
  const { el } = s
  el.fieldCanvas = h("canvas", { role: "img" })
  el.fieldFacts = h("p", { class: "facts" })
  el.unread = h("p", { class: "note" })
  el.comb = h("canvas", { role: "img" })
  el.combBox = h("div", { class: "comb" }, el.comb, el.unread)
  el.fieldSection = h(
    "section",
    { class: "field" },
    h("h2", {}, s.t("Receptive field")),
    el.fieldCanvas,
    el.fieldFacts,
    el.combBox,
  )
  return el.fieldSection
}

// A stage that is switched off has no maps: its controls appear, the maps stay the last stage's.
function lookAt(s, stage) {
  s.enlarged = null
  s.hover = null
  s.cell = null
  s.values.unit = ""
  s.set({ stage })
  s.commit()
}

function draw(s) {
  const { header, el } = s
  if (!header || !el.root.isConnected) return
  s.style = styleOf(el.root)
  s.focus = header.stage
  const { stage } = drawnValues(s)
  s.controlled = s.stages.includes(stage) ? stage : header.stage
  if (!inside(s.hover, header.blocks.maps.shape)) s.hover = null
  if (s.enlarged !== null && s.enlarged >= header.blocks.maps.shape[0]) s.enlarged = null
  el.root.dataset.ready = "yes"
  el.badge.textContent = `${header.reduced ? "≈ " : ""}${header.device} · ${header.ms.toFixed(1)} ms`
  el.badge.title = header.reduced ? s.t("Many are at work: the maps come smaller while you drag, and in full when you stop.") : ""
  if (header.notice) s.notice(s.t(header.notice))
  showCards(s)
  drawRail(s)
  drawControls(s)
  drawCompare(s)
  showPhoto(s)
  el.help.hidden = !el.help.textContent
  drawScale(s)
  drawChannel(s)
  drawMaps(s)
  drawFilters(s)
  drawField(s)
}

function inside(place, [count, rows, columns]) {
  return place && place.map < count && place.row < rows && place.column < columns
}

// Whether the page's colours or font are others than those drawn with.
function themed(s) {
  return JSON.stringify(styleOf(s.el.root)) !== JSON.stringify(s.style)
}

function styleOf(root) {
  const style = getComputedStyle(root)
  return {
    text: style.getPropertyValue("--st-text-color") || style.color,
    background: style.getPropertyValue("--st-background-color") || "#fff",
    font: style.fontFamily,
    size: 15,
  }
}

// What the maps may take: down to the window's end, or on a narrow screen half of it, so that
// maps and slider are seen together.
function room(s) {
  const width = s.el.mapsBox.clientWidth
  if (s.el.lab.clientWidth < NARROW) return { width, height: window.innerHeight * 0.5 }
  const top = s.el.mapsBox.getBoundingClientRect().top + pageScroll(s)
  return { width, height: Math.max(300, window.innerHeight - top - 64) }
}

// How far the page itself is scrolled: the room below the rail does not depend on it.
function pageScroll(s) {
  let node = s.el.root.getRootNode().host
  while (node && !(node.scrollTop > 0)) node = node.parentElement
  return node ? node.scrollTop : 0
}

function drawScale(s) {
  const field = s.fields.scale
  place(s.el.scale, "scale", () =>
    field.options.map(([value, word]) => {
      const input = h("input", { type: "radio", name: "scale", value })
      input.onchange = () => {
        s.values.scale = value
        s.commit()
        draw(s)
      }
      return h("label", { class: "option", title: s.t(field.help) }, input, h("span", {}, s.t(word)))
    }),
  )
  for (const input of s.el.scale.querySelectorAll("input")) input.checked = input.value === s.values.scale
}

function drawMaps(s) {
  const { header, el } = s
  const block = header.blocks.maps
  const { width, height } = room(s)
  if (width < 20) return
  s.stack.draw(block, {
    width,
    height,
    scale: s.values.showing === "difference" ? "symmetric" : s.values.scale,
    kind: s.values.showing !== "difference" && header.classes ? "class" : "map",
    classes: header.classes?.length,
    picture: header.as_picture && s.values.showing !== "difference" && !header.side_by_side ? s.t("as a picture") : null,
    names: mapNames(s),
    sizes: raggedSizes(header),
    family: header.side_by_side ? 1 : header.family,
    only: s.enlarged,
    style: s.style,
  })
  const [count] = block.shape
  const [channels, rows, columns] = header.stages[header.stage].shape
  const shape = `${channels} × ${rows} × ${columns}`
  el.mapsTitle.textContent = mapsTitle(s)
  const top = peak(block)
  el.maps.setAttribute(
    "aria-label",
    s.t("{shape} maps from {low} to {high}; the largest value is in map {map} at row {row}, column {column}", {
      shape,
      low: short(Math.min(...block.low)),
      high: short(top.value),
      map: mapNames(s)[top.map],
      row: top.row * block.mean_of,
      column: top.column * block.mean_of,
    }),
  )
  el.maps.dataset.drawn = String(Number(el.maps.dataset.drawn ?? 0) + 1)
  colourBar(s, el.mapsBar, s.stack.range, s.enlarged ?? s.hover?.map ?? 0)
  sharpen(s, count)
  showPointer(s)
}

function mapsTitle(s) {
  const { header, t } = s
  if (s.values.showing === "difference") return t("B − A")
  if (s.enlarged !== null) return t("Map {name}", { name: mapNames(s)[s.enlarged] })
  if (s.controlled === header.stage || header.stage === "picture") return t("Feature maps")
  const [title, args] = header.titles[header.stage]
  return t("Feature maps of {stage}", { stage: t(title, args) })
}

// Asks again when the maps have room for more (or much fewer) pixels than were sent.
function sharpen(s, count) {
  const ratio = window.devicePixelRatio || 1
  const tile = s.stack.tiles[0]
  const wanted = shownStep(s.header, Math.max(tile.wide, tile.tall) * ratio)
  s.wantedPx = wanted
  const best = meanFor(s.header, wanted)
  const key = `${asked(s)} ${count} ${s.enlarged} ${best}`
  if (best !== s.header.blocks.maps.mean_of && s.sharpened !== key && !s.header.reduced) {
    s.sharpened = key
    request(s)
  }
}

function colourBar(s, element, range, map) {
  element.classList.toggle("key", range.table === "classes")
  if (range.table === "classes") return element.replaceChildren(...classKey(s.header.classes))
  const { low, high } = range.each[map] ?? range.each[0]
  const kind = { sequential: "sequential", activation: "activation", weight: "weight" }[range.table]
  const stops = COLOURS[kind].join(", ")
  const middle = low < 0 && high > 0 ? h("span", {}, "0") : h("span")
  const parts = [
    h("div", { class: "gradient", style: `background: linear-gradient(to right, ${stops})` }),
    h("div", { class: "ends" }, h("span", {}, short(low)), middle, h("span", {}, short(high))),
    range.plain ? null : h("div", { class: "caption" }, range.shared ? s.t("one scale for all") : s.t("each map its own scale")),
  ]
  element.replaceChildren(...parts.filter(Boolean))
}

function drawFilters(s) {
  const { header, el } = s
  const bars = header.groups && !header.side_by_side // they say more of a pool than the bank's kernels
  const block = bars ? null : header.blocks.kernels
  const note = bars ? null : header.filters_note
  el.filtersTitle.textContent = bars ? s.t("At this pixel") : s.t("Filters")
  el.filtersNote.textContent = note ? s.t(note[0], note[1]) : ""
  el.filtersNote.hidden = !note
  el.kernelsBox.hidden = el.kernelsBar.hidden = !block
  if (block) {
    const width = el.filters.clientWidth
    const share = header.blocks.matrix ? 0.4 : 0.9 // the matrix stands below
    const height = Math.max(120, room(s).height * share)
    s.kernels.draw(block, {
      width,
      height,
      scale: "shared",
      kind: "weight",
      names: header.kernel_names ?? header.names,
      family: header.family,
      only: null,
      style: s.style,
    })
    el.kernels.setAttribute(
      "aria-label",
      s.t("{n} kernels of {size} × {size} pixels", { n: block.shape[0], size: block.shape[1] }),
    )
    colourBar(s, el.kernelsBar, s.kernels.range, 0)
  }
  drawMatrix(s)
  drawBars(s)
}

// The unit the field is drawn for: under the pointer, else pinned, else in the middle.
function currentUnit(s) {
  const n = s.header.blocks.maps.mean_of
  const [rows, columns] = shapeOf(s, s.hover?.map ?? 0)
  if (s.hover) {
    const inside = (at, length) => Math.min(length - 1, at * n + Math.floor(n / 2))
    return { map: s.hover.map, row: inside(s.hover.row, rows), column: inside(s.hover.column, columns) }
  }
  return pinnedUnit(s) ?? { map: 0, row: Math.floor(rows / 2), column: Math.floor(columns / 2) }
}

// Rows and columns of a drawn map: those of its stage, or of its picture's.
function shapeOf(s, map) {
  return s.header.side_by_side?.shapes[map] ?? s.header.stages[s.header.stage].shape.slice(1)
}

function pinnedUnit(s) {
  const [channels, rows, columns] = s.header.stages[s.header.stage].shape
  if (!s.values.unit || s.header.side_by_side) return null
  const [map, row, column] = s.values.unit.split(".").map(Number)
  return map < channels && row < rows && column < columns ? { map, row, column } : null
}

function drawField(s) {
  const { header, el, t } = s
  const unit = currentUnit(s)
  const fact = { ...header.stages[header.stage], ...header.side_by_side?.reads[unit.map] }
  fact.shape = [fact.shape[0], ...shapeOf(s, unit.map)]
  const space = room(s)
  const width = el.fieldSection.clientWidth
  if (width < 20) return
  const said = s.field.draw(fact, unit, { width, height: Math.max(180, space.height - 190) })
  if (!said) return
  const [row, column] = [said.rows, said.columns].map(([first, last]) => (first + last) / 2)
  const parts = [
    `${fact.size[0]} × ${fact.size[1]} px, ${t("stride")} ${fact.stride[0]}`,
    t("centre row {row}, column {column}", { row, column }),
  ]
  if (said.clipped) parts.push(t("clipped at the border"))
  el.fieldFacts.textContent = parts.join(" · ")
  el.fieldCanvas.dataset.box = said.box.join(" ")
  el.fieldCanvas.setAttribute(
    "aria-label",
    t("{name}: the unit in row {row}, column {column} sees {box}", {
      name: s.pictureName,
      row: unit.row,
      column: unit.column,
      box: parts.join(", "),
    }),
  )
  drawUnread(s, fact, unit)
}

function drawUnread(s, fact, unit) {
  const { header, el, t } = s
  const names = Object.keys(header.stages)
  const at = names.indexOf(header.stage)
  const before = header.stages[names[Math.max(0, at - 1)]]
  const strided = at > 0 && fact.stride[0] > before.stride[0]
  el.comb.hidden = !strided
  el.combBox.hidden = fact.stride[0] === 1 || Boolean(header.side_by_side)
  if (el.combBox.hidden) return
  const [, tall, wide] = header.stages.picture.shape
  const pixels = neverRead(fact, tall, wide)
  const sentences = []
  if (strided) {
    const own = ownFact(fact, before)
    const [, height, width] = before.shape
    const positions = neverRead(own, height, width)
    const share = ((100 * positions) / (height * width)).toFixed(1)
    sentences.push(t("Never read: {n} of {all} positions of the incoming map ({share} %).", { n: exact(positions), all: exact(height * width), share }))
    drawComb(el.comb, own, unit, before.shape, s.style)
    el.comb.setAttribute("aria-label", t("Close-up of the incoming map: the layer reads one position in {n}", { n: own.stride[0] * own.stride[1] }))
  }
  sentences.push(
    pixels
      ? t("No output sees {n} of the picture's {all} pixels (grey).", { n: exact(pixels), all: exact(tall * wide) })
      : t("Every pixel of the picture is still seen: the fields overlap."),
  )
  el.unread.textContent = sentences.join(" ")
}

// --- the pointer over the maps -------------------------------------------------------------------

function listen(s, overlay) {
  overlay.onpointermove = (event) => point(s, s.stack.at(event.offsetX, event.offsetY))
  overlay.onpointerleave = () => point(s, null)
  let pressed = null // a click has whole CSS pixels only, and maps are finer than that
  overlay.onpointerup = (event) => (pressed = [event.offsetX, event.offsetY])
  overlay.onclick = (event) => {
    point(s, s.stack.at(...(pressed ?? [event.offsetX, event.offsetY])))
    pressed = null
    pin(s)
  }
  overlay.ondblclick = () => enlarge(s)
  overlay.onkeydown = (event) => {
    const act = keys(s, event)
    if (!act) return
    event.preventDefault()
    act()
  }
}

function keys(s, event) {
  const far = event.shiftKey ? 10 : 1
  return {
    ArrowUp: () => step(s, 0, -far, 0),
    ArrowDown: () => step(s, 0, far, 0),
    ArrowLeft: () => step(s, 0, 0, -far),
    ArrowRight: () => step(s, 0, 0, far),
    PageUp: () => step(s, -1, 0, 0),
    PageDown: () => step(s, 1, 0, 0),
    Enter: () => enlarge(s),
    " ": () => pin(s),
    Escape: () => release(s),
  }[event.key]
}

function step(s, map, row, column) {
  const { shape, mean_of: n } = s.header.blocks.maps
  const [count] = shape
  const [rows, columns] = raggedSizes(s.header)?.[s.hover?.map ?? 0] ?? shape.slice(1)
  const unit = currentUnit(s)
  const from = s.hover ?? { map: unit.map, row: Math.floor(unit.row / n), column: Math.floor(unit.column / n) }
  const within = (value, length) => Math.max(0, Math.min(length - 1, value))
  const next = {
    map: within(from.map + map, count),
    row: within(from.row + row, rows),
    column: within(from.column + column, columns),
  }
  if (s.enlarged !== null && next.map !== s.enlarged) {
    s.enlarged = next.map
    drawMaps(s)
  }
  point(s, next)
}

function point(s, place) {
  s.hover = place
  if (!s.style) return
  showPointer(s)
  showPhoto(s)
  drawField(s)
  drawBars(s)
}

function showPointer(s) {
  const n = s.header.blocks.maps.mean_of
  const pinned = pinnedUnit(s)
  const place =
    s.hover ?? (pinned && { map: pinned.map, row: Math.floor(pinned.row / n), column: Math.floor(pinned.column / n) })
  s.stack.mark(place, s.stack.range.table !== "classes")
  if (s.values.scale === "own") colourBar(s, s.el.mapsBar, s.stack.range, s.enlarged ?? place?.map ?? 0)
  const resting = s.values.showing === "difference" ? largestDifference(s) : s.t("Point at a map; click to take a number apart.")
  s.el.reading.textContent = place ? reading(s, place, n) : resting
}

function reading(s, place, n) {
  const unit = currentUnit(s)
  const value = valueAt(s.header.blocks.maps, place.map, place.row, place.column)
  const where = s.t("map {name} · row {row} · column {column}", {
    name: mapNames(s)[place.map],
    row: unit.row,
    column: unit.column,
  })
  const named = s.stack.range.table === "classes"
  const mean = n > 1 && !named ? ` (${s.t("mean of {n} × {n} units", { n })})` : ""
  const text = named ? s.header.classes[Math.round(value)] : told(s.header.blocks.maps, place.map, value)
  return `${where}: ${text}${mean}`
}

function pin(s) {
  if (!s.hover || s.header.side_by_side || s.values.showing === "difference") return
  const unit = currentUnit(s)
  s.values.unit = `${unit.map}.${unit.row}.${unit.column}`
  s.commit()
  showPointer(s)
}

function release(s) {
  if (s.enlarged !== null) return enlarge(s)
  s.hover = null
  if (s.values.unit) {
    s.values.unit = ""
    s.commit()
  }
  showPointer(s)
  drawField(s)
}

function enlarge(s) {
  const unit = currentUnit(s)
  s.enlarged = s.enlarged === null ? unit.map : null
  s.hover = null
  drawMaps(s)
  drawField(s)
}

function resized(s) {
  const width = s.el.lab.clientWidth
  if (!s.header || s.width === width) return
  s.width = width
  draw(s)
}
