// In every measured page: what is shown, when it has been painted, and which pixels it has.

;(() => {
  // The first element that fits, in the page or in any shadow root.
  function deep(selector, root = document) {
    const here = root.querySelector(selector)
    if (here) return here
    for (const element of root.querySelectorAll("*")) {
      const found = element.shadowRoot && deep(selector, element.shadowRoot)
      if (found) return found
    }
    return null
  }

  const all = (selector) => [...document.querySelectorAll(selector)]
  const href = (image) => image.getAttribute("href") ?? image.getAttribute("xlink:href")

  // For each way to draw: `pieces` are the elements that show something, `says` what each shows now.
  const KINDS = {
    canvas: {
      pieces: () => [deep(".maps canvas")].filter(Boolean),
      // set with every drawing, as `data-drawn` is; but the same maps drawn again say the same
      says: (canvas) => canvas.dataset.drawn && canvas.getAttribute("aria-label"),
      tiles: ([canvas]) => JSON.parse(canvas.dataset.tiles).map(([, ...box]) => [canvas, box]),
    },
    text: {
      pieces: () => all("[data-testid=stMarkdownContainer] p").filter((p) => p.textContent.startsWith("value")),
      says: (paragraph) => paragraph.textContent,
    },
    image: {
      pieces: () => all("[data-testid=stImage] img, [data-testid=stImageContainer] img").slice(0, 1),
      says: (image) => image.src,
      tiles: ([image]) => grid(image, 8, 20), // st.pyplot leaves a tenth of an inch at 200 dpi
    },
    gallery: {
      pieces: () => all(".thumbnail-item img, .gallery-item img"),
      says: (image) => image.src,
      tiles: (images) => images.map((image) => [image, [0, 0, image.naturalWidth, image.naturalHeight]]),
    },
    heatmaps: {
      pieces: () => all(".js-plotly-plot image"),
      says: href,
      tiles: (images) =>
        Promise.all(
          images.map(async (image) => {
            const copy = new Image()
            copy.src = href(image)
            await copy.decode()
            return [copy, [0, 0, copy.naturalWidth, copy.naturalHeight]]
          }),
        ),
    },
  }

  function grid(image, across, margin) {
    const wide = (image.naturalWidth - 2 * margin) / across
    const tall = (image.naturalHeight - 2 * margin) / across
    return [...Array(across * across).keys()].map((i) => [
      image,
      [margin + wide * (i % across), margin + tall * Math.floor(i / across), wide, tall],
    ])
  }

  // Pixels changed now are on the screen when the frame after the next one begins.
  const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))

  function says(kind) {
    return KINDS[kind].pieces().map(KINDS[kind].says)
  }

  function ready(kind, count) {
    const pieces = KINDS[kind].pieces()
    const drawn = pieces.every((piece) => KINDS[kind].says(piece) && piece.complete !== false)
    return pieces.length === count && drawn
  }

  // Resolves when every piece shows something else than now and has been decoded.
  function changed(kind, count) {
    const before = says(kind)
    const pieces = KINDS[kind].pieces()
    const root = pieces[0].getRootNode()
    return new Promise((done) => {
      const observer = new MutationObserver(async () => {
        const now = says(kind)
        if (now.length !== count || now.some((text, i) => !text || text === before[i])) return
        const images = KINDS[kind].pieces().filter((piece) => piece.decode)
        const decoded = await Promise.allSettled(images.map((image) => image.decode()))
        if (decoded.some(({ status }) => status === "rejected")) return // replaced meanwhile: one more change is to come
        observer.disconnect()
        done()
      })
      observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true })
    })
  }

  // Begins to wait for a key press; `step` then gives the milliseconds from it to what it changes
  // being painted. In two parts, for keys may overtake what the protocol says.
  let waiting = null

  function arm(kind, count) {
    let pressed = null
    addEventListener("keydown", (event) => (pressed = event.timeStamp), { capture: true, once: true })
    waiting = changed(kind, count)
      .then(painted)
      .then((at) => {
        if (pressed === null) throw new Error("it changed before a key was pressed")
        return at - pressed
      })
  }

  const step = () => waiting

  // Red, green and blue of every map, taken in the middle of each of its pixels.
  async function pixels(kind, rows, columns) {
    const tiles = await KINDS[kind].tiles(KINDS[kind].pieces())
    const out = new Uint8Array(tiles.length * rows * columns * 3)
    let at = 0
    for (const [source, [x, y, wide, tall]] of tiles) {
      const copy = new OffscreenCanvas(Math.round(wide), Math.round(tall)).getContext("2d", { willReadFrequently: true })
      copy.drawImage(source, x, y, wide, tall, 0, 0, copy.canvas.width, copy.canvas.height)
      const { data, width, height } = copy.getImageData(0, 0, copy.canvas.width, copy.canvas.height)
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const from = 4 * (Math.floor(((row + 0.5) * height) / rows) * width + Math.floor(((column + 0.5) * width) / columns))
          for (let k = 0; k < 3; k++) out[at++] = data[from + k]
        }
      }
    }
    return asAddress(out)
  }

  function asAddress(bytes) {
    return new Promise((done) => {
      const reader = new FileReader()
      reader.onload = () => done(reader.result)
      reader.readAsDataURL(new Blob([bytes]))
    })
  }

  // Width and height of the smallest map shown, in device pixels.
  async function shownPx(kind) {
    const tiles = await KINDS[kind].tiles(KINDS[kind].pieces())
    return [2, 3].map((side) => Math.min(...tiles.map(([, box]) => box[side])))
  }

  // --- dragging, pointing --------------------------------------------------------------------------

  const record = { inputs: [], draws: [], boxes: [] }

  function follow() {
    Object.assign(record, { inputs: [], draws: [], boxes: [] })
    let moved = null
    addEventListener("input", (event) => record.inputs.push(event.timeStamp), true)
    addEventListener("pointermove", (event) => (moved = event.timeStamp), true)
    let [shown] = says("canvas")
    new MutationObserver(async () => {
      const [now] = says("canvas")
      if (now === shown) return // the same maps once more
      shown = now
      record.draws.push(await painted())
    }).observe(deep(".maps canvas"), { attributeFilter: ["data-drawn"] })
    // where the frame that shows the box is made up, all that moved it has run
    new MutationObserver(() => {
      const from = moved
      requestAnimationFrame(() => record.boxes.push(performance.now() - from))
    }).observe(deep(".field > canvas"), { attributeFilter: ["data-box"] })
  }

  function rect(selector) {
    const { x, y, width, height } = deep(selector).getBoundingClientRect()
    return { x, y, width, height }
  }

  // --- the first sight ------------------------------------------------------------------------------

  // Milliseconds since 1970 at which the page's first words, or the first maps, were painted.
  const FIRST = {
    words: () => all("[data-testid=stSpinner], [data-testid=stMarkdownContainer] p, [data-testid=stBidiComponentRegular]").some(
      (element) => element.getBoundingClientRect().height > 0,
    ),
    maps: () => deep(".canvas[data-ready]") !== null,
  }

  async function first(what) {
    while (!FIRST[what]()) await new Promise(requestAnimationFrame)
    return performance.timeOrigin + (await painted())
  }

  window.bench = { deep, says, ready, arm, step, pixels, shownPx, follow, record, rect, first }
})()
