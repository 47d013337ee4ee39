// What mouse, pen, finger and keyboard do on the pad. Three tools: the pen, the rubber, and one that moves the ink.

const STEP = 4; // dots that an arrow key goes: one pixel of the network's image

// hand: `tool` and, for the keyboard, where it is (`x`, `y`) and whether its tool is `down`; kept by the model, since
// JupyterLab may make the view anew. Calls `changed` after each change of the ink, `moved` when only the hand has.
function followHand(canvas, { ink, hand, dots, begin, changed, moved, clear, say }) {
  let from = null; // the point where pointer or finger was last
  const pointOf = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * dots, ((event.clientY - box.top) / box.height) * dots];
  };
  const use = (points) => {
    if (hand.tool !== "move") return ink.line(points, hand.tool === "rubber");
    const [[x0, y0], [x1, y1]] = [points[0], points.at(-1)];
    ink.move(x1 - x0, y1 - y0);
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({ preventScroll: true });
    begin(hand.tool);
    hand.shown = false;
    from = pointOf(event);
    if (hand.tool !== "move") use([from]);
    changed();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!from) return;
    // A quick hand makes several points between two frames; without them its curves would have corners.
    const all = event.getCoalescedEvents?.() ?? [];
    const points = (all.length ? all : [event]).map(pointOf);
    if (hand.tool === "move") { // by whole dots, and what is left over next time
      const to = points.at(-1), by = to.map((each, axis) => Math.trunc(each - from[axis]));
      if (!by[0] && !by[1]) return;
      ink.move(...by);
      from = from.map((each, axis) => each + by[axis]);
    } else {
      use([from, ...points]);
      from = points.at(-1);
    }
    changed();
  });
  const end = () => { from = null; };
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(name, end);

  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    if (event.key in arrows) {
      const [right, down] = arrows[event.key].map((each) => each * STEP);
      if (hand.tool === "move") {
        begin("move");
        ink.move(right, down);
        changed();
      } else {
        const before = [hand.x, hand.y], within = (place) => Math.max(0, Math.min(dots, place));
        [hand.x, hand.y, hand.shown] = [within(hand.x + right), within(hand.y + down), true];
        if (hand.down) use([before, [hand.x, hand.y]]);
        (hand.down ? changed : moved)();
      }
    } else if (event.key === " " && hand.tool !== "move") {
      hand.down = !hand.down;
      hand.shown = true;
      if (hand.down) {
        begin(hand.tool);
        use([[hand.x, hand.y]]);
      }
      say(`The ${hand.tool} is ${hand.down ? "down" : "lifted"}.`);
      (hand.down ? changed : moved)();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      clear();
    } else return;
    event.preventDefault();
  });
  canvas.addEventListener("blur", () => { hand.down = false; moved(); });
}
