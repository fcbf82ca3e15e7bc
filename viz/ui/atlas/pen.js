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
