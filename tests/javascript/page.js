// A page without elements: events reach who listens, and animation frames come when they are told to.

export class FakePage {
  constructor() {
    const target = new EventTarget()
    /** @type {(() => void)[]} */
    this.frames = []
    Object.assign(globalThis, {
      addEventListener: target.addEventListener.bind(target),
      removeEventListener: target.removeEventListener.bind(target),
      dispatchEvent: target.dispatchEvent.bind(target),
    })
  }

  /** What a component takes for `requestAnimationFrame`. */
  get nextFrame() {
    return (/** @type {() => void} */ run) => this.frames.push(run)
  }

  frame() {
    for (const run of this.frames.splice(0)) run()
  }
}
