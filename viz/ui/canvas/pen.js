// What is drawn on a canvas everywhere alike.

function size(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1
  const [wide, tall] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== wide) canvas.width = wide
  if (canvas.height !== tall) canvas.height = tall
  canvas.style.width = `${width}px`
  canvas.style.height = `${height}px`
}

// A small bar lying as the filter's bars lie, in the hue of its orientation.
function bar(context, x, y, degrees) {
  const angle = (degrees * Math.PI) / 180
  const [dx, dy] = [7 * Math.cos(angle), -7 * Math.sin(angle)]
  context.strokeStyle = orientationColour(degrees)
  context.lineWidth = 3.5
  context.lineCap = "round"
  context.beginPath()
  context.moveTo(x - dx, y - dy)
  context.lineTo(x + dx, y + dy)
  context.stroke()
}

// A frame that is seen on dark and on light.
function frame(context, x, y, side, line, strong) {
  context.lineWidth = line + 2
  context.strokeStyle = "rgb(0 0 0 / 70%)"
  context.strokeRect(x, y, side, side)
  context.lineWidth = line
  context.strokeStyle = strong ? COLOURS.field : "#ffffff"
  context.strokeRect(x, y, side, side)
}

// Every weight of a matrix in its cell, dark on pale and pale on dark.
function writeWeights(context, block, { side, range, font, x, y, map }) {
  const [, rows, columns] = block.shape
  context.font = `600 15px ${font}`
  context.textAlign = "center"
  context.textBaseline = "middle"
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = valueAt(block, map, row, column)
      const far = Math.abs((value - range.low) / (range.high - range.low || 1) - 0.5)
      context.fillStyle = far > 0.3 ? "#fff" : "#111"
      context.fillText(value.toFixed(2).replace("-", "−"), x + (column + 0.5) * side, y + (row + 0.5) * side)
    }
  }
}
