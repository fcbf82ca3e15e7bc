// The numbers of one pixel as bars, group by group, the one that a max keeps lit; follows the pointer.

const ROW_GAP = 6
const MOST_ROWS = 10 // more groups than this stand in several columns
const TALLEST_ROW = 84
const SHORTEST_ROW = 34
const ROOM_FOR_VALUE = 76 // CSS px of a group; in narrower ones the bars speak alone
const BELOW = 0.3 // how much of the bars' height lies below 0

function buildBars(s) {
  s.el.bars = h("canvas", { role: "img" })
  s.el.barsNote = h("p", { class: "note" })
  s.el.barsBox = h("div", { hidden: true }, s.el.bars, s.el.barsNote)
  return s.el.barsBox
}

function drawBars(s) {
  const { groups } = s.header
  s.el.barsBox.hidden = !groups || Boolean(s.header.side_by_side)
  if (s.el.barsBox.hidden) return
  const values = valuesHere(s, s.header.blocks[groups.block])
  const plan = planBars(s, values.length / groups.size)
  const context = blank(s.el.bars, plan.width, plan.height)
  const span = spanOf(s.header.blocks[groups.block])
  const kept = []
  for (let group = 0; group < plan.count; group++) {
    const own = values.slice(group * groups.size, (group + 1) * groups.size)
    kept.push(drawGroup(context, s, own, group, plan, span))
  }
  const n = s.header.blocks[groups.block].mean_of
  const mean = n > 1 ? ` ${s.t("Each number is the mean of {n} × {n} units.", { n })}` : ""
  s.el.barsNote.textContent = s.t(groups.note) + mean
  s.el.bars.dataset.kept = kept.join(" ")
  s.el.bars.setAttribute("aria-label", s.t("{n} numbers in {count} groups; kept: {kept}", { n: values.length, count: plan.count, kept: kept.map((i, group) => groups.names[group * groups.size + i]).join(", ") }))
}

// What every map of the block says at the place that is looked at.
function valuesHere(s, block) {
  const { row, column } = currentUnit(s)
  const [count, rows, columns] = block.shape
  const at = (place, length) => Math.min(length - 1, Math.floor(place / block.mean_of))
  return Array.from({ length: count }, (_, map) => valueAt(block, map, at(row, rows), at(column, columns)))
}

// One scale for all places, so that bars compare; what is far below 0 never wins and is cut off.
function spanOf(block) {
  const high = Math.max(0, ...block.high) || 1
  return { low: Math.max(Math.min(0, ...block.low), -BELOW * high), high }
}

function planBars(s, count) {
  const across = Math.ceil(count / MOST_ROWS)
  const down = Math.ceil(count / across)
  const width = s.el.filters.clientWidth
  const tall = Math.min(TALLEST_ROW, Math.max(SHORTEST_ROW, (room(s).height - 40) / down - ROW_GAP))
  return { count, across, down, width, tall, wide: width / across - (across > 1 ? ROW_GAP : 0), height: down * (tall + ROW_GAP) }
}

function blank(canvas, width, height) {
  size(canvas, width, height)
  const context = canvas.getContext("2d")
  const ratio = window.devicePixelRatio || 1
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  return context
}

// Draws one group and returns which of its numbers is the largest.
function drawGroup(context, s, values, group, plan, { low, high }) {
  const { groups } = s.header
  const name = groups.names[group * groups.size] ?? ""
  const angle = name.match(/^([\d.]+)°/)
  const [left, top] = [(group % plan.across) * (plan.wide + ROW_GAP), Math.floor(group / plan.across) * (plan.tall + ROW_GAP)]
  const y = (value) => top + plan.tall * (1 - (Math.max(low, value) - low) / (high - low))
  const step = plan.wide / values.length
  const best = values.indexOf(Math.max(...values))
  const hue = angle ? orientationColour(Number(angle[1])) : COLOURS.field
  values.forEach((value, i) => {
    const lit = i === best && groups.mode === "max"
    context.fillStyle = lit ? hue : s.style.text
    context.globalAlpha = lit ? 1 : 0.28
    const [from, to] = [y(Math.max(0, value)), y(Math.min(0, value))]
    context.fillRect(left + i * step + 0.5, from, Math.max(1, step - 1.5), Math.max(1, to - from))
  })
  context.globalAlpha = 1
  const kept = groups.mode === "max" ? values[best] : values.reduce((sum, value) => sum + value, 0) / values.length
  context.fillStyle = groups.mode === "max" ? s.style.text : hue
  context.fillRect(left, groups.mode === "max" ? y(0) : y(kept) - 1, step * values.length, groups.mode === "max" ? 1 : 2.5)
  if (plan.wide >= ROOM_FOR_VALUE) {
    writeKept(context, s, told(s.header.blocks[groups.block], group * groups.size + best, kept), left + step * values.length, top)
  }
  return best
}

function writeKept(context, s, text, right, top) {
  context.font = `600 14px ${s.style.font}`
  context.textAlign = "right"
  context.textBaseline = "top"
  const width = context.measureText(text).width + 4
  context.fillStyle = s.style.background
  context.globalAlpha = 0.75
  context.fillRect(right - width, top, width, 16)
  context.globalAlpha = 1
  context.fillStyle = s.style.text
  context.fillText(text, right - 2, top)
}
