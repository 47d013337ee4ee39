// The digit pad on the page: the pad itself, what the networks see of it, what they say, and the digits that are kept.

const PAD = `<div class="pad-parts">
    <div class="pad-draw">
      <canvas class="pad-canvas" tabindex="0" role="application" aria-roledescription="drawing pad"></canvas>
      <fieldset class="pad-tools"><legend>tool</legend></fieldset>
      <div class="pad-buttons">
        <button type="button" data-does="clear">Clear</button>
        <button type="button" data-does="example">A test digit</button>
        <button type="button" data-does="wrong" aria-expanded="false">It got mine wrong</button></div>
      <div class="pad-meant" role="group" aria-label="Which digit did you mean?" hidden><span>You meant</span></div>
    </div>
    <div class="pad-seen">
      <canvas role="img" aria-label="What the networks see: 28 × 28 pixels"></canvas>
      <span>what the networks see</span>
      <label><input type="checkbox"> centred and scaled, as MNIST is</label></div>
    <div class="pad-says"><table aria-label="What each network says"></table></div>
  </div>
  <p class="pad-words"></p>
  <div class="pad-own" hidden><h4>Yours that were misread</h4><ul></ul>
    <button type="button" data-does="picture">What would have to change?</button></div>`;
const TOOLS = { pen: "Pen", rubber: "Rubber", move: "Move" };
const HELP = "Draw with mouse, pen or finger. Arrow keys move the tool, Space puts it down or lifts it; with the tool " +
  "“Move” they move the digit. Delete clears the pad.";

function render({ model, el, hand }) {
  el.classList.add("digit-pad");
  el.innerHTML = PAD;
  const find = (name) => el.querySelector(name), does = (name) => find(`[data-does=${name}]`);
  const canvas = find(".pad-canvas"), seen = find(".pad-seen canvas"), words = find(".pad-words");
  const centred = find(".pad-seen input"), meant = find(".pad-meant"), own = find(".pad-own"), parts = find(".pad-parts");
  const voice = announcer(), gone = goneNotice(model, el), dots = model.get("dots"), ink = newInk(dots);
  el.prepend(gone.element);
  el.append(voice.element);
  const wish = (name, number = 0) => tellKernel(model, { wish: name, number });

  // --- The pad

  let due = 0, unsent = false;
  const draw = () => {
    due = 0;
    const density = looks().density, side = canvas.clientWidth * density;
    if (canvas.width !== side) canvas.width = canvas.height = Math.max(1, Math.round(side));
    const style = getComputedStyle(canvas), pen = canvas.getContext("2d"), size = canvas.width / dots;
    pen.globalCompositeOperation = "source-over";
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(ink.canvas, 0, 0, canvas.width, canvas.height);
    pen.globalCompositeOperation = "source-in"; // the ink is a mask, and takes the page's own colour
    pen.fillStyle = style.color;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.globalCompositeOperation = "source-over";
    if (hand.shown && hand.tool !== "move" && document.activeElement === canvas) {
      pen.strokeStyle = style.outlineColor;
      pen.lineWidth = 2 * density;
      pen.setLineDash(hand.down ? [] : [3 * density, 3 * density]);
      pen.beginPath();
      pen.arc(hand.x * size, hand.y * size, ((hand.tool === "pen" ? PEN : RUBBER) / 2) * size, 0, 2 * Math.PI);
      pen.stroke();
    }
    if (!unsent) return;
    unsent = false;
    model.set({ ink: new DataView(ink.bytes().buffer), example: false });
    model.save_changes(); // which waits for the kernel, and then sends the newest only
  };
  const redraw = () => { due = due || requestAnimationFrame(draw); };
  const changed = () => { unsent = true; redraw(); };
  const clear = () => {
    ink.clear();
    closeMeant();
    changed();
  };
  // Our own digit gives way to the first stroke of the reader's.
  const begin = (tool) => {
    if (model.get("example") && tool === "pen") ink.clear();
    model.set("example", false);
  };
  followHand(canvas, { ink, hand, dots, begin, changed, moved: redraw, clear, say: voice.say });
  const newInkCame = () => {
    if (unsent) return; // the reader has drawn on meanwhile
    ink.put(model.get("ink"));
    redraw();
  };

  const tools = find(".pad-tools"), group = `pad-tool-${Math.random()}`;
  for (const [tool, name] of Object.entries(TOOLS)) {
    const label = document.createElement("label"), radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: group, value: tool, checked: hand.tool === tool });
    radio.addEventListener("change", () => {
      Object.assign(hand, { tool, down: false });
      canvas.dataset.tool = tool;
      redraw();
    });
    label.append(radio, name);
    tools.append(label);
  }
  canvas.dataset.tool = hand.tool;

  // --- Buttons

  const closeMeant = () => {
    if (meant.contains(document.activeElement)) does("wrong").focus();
    meant.hidden = true;
    does("wrong").setAttribute("aria-expanded", "false");
  };
  for (let digit = 0; digit < 10; digit++) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: digit });
    button.addEventListener("click", () => { wish("meant", digit); closeMeant(); });
    meant.append(button);
  }
  meant.addEventListener("keydown", (event) => event.key === "Escape" && closeMeant());
  does("clear").addEventListener("click", clear);
  does("example").addEventListener("click", () => wish("example"));
  does("picture").addEventListener("click", () => wish("picture"));
  does("wrong").addEventListener("click", () => {
    if (!meant.hidden) return closeMeant();
    if (ink.isEmpty()) return voice.say((words.textContent = "Draw a digit first."));
    meant.hidden = false;
    does("wrong").setAttribute("aria-expanded", "true");
    meant.querySelector("button").focus();
  });
  centred.addEventListener("change", () => {
    model.set("centred", centred.checked);
    model.save_changes();
  });
  keepKeys(el);

  // --- What comes from the kernel

  const showAnswers = answerTable(find("table")), showKept = keptDigits(find("ul"), wish);
  const newAnswers = () => {
    if (!el.isConnected && el.dataset.frame) return;
    paintGrey(seen, model.get("image"), 0, 28);
    showAnswers(model.get("answers"));
    words.textContent = model.get("words");
    canvas.setAttribute("aria-label", `${HELP} ${model.get("words")}`);
    centred.checked = model.get("centred");
    el.dataset.frame = model.get("number"); // for those who count frames
  };
  const newKept = () => {
    own.hidden = !model.get("kept").length;
    showKept(model.get("kept"), model.get("kept_images"));
  };
  const newTheme = () => { newAnswers(); newKept(); redraw(); };
  const newSaid = () => voice.say(model.get("said"));

  // The picture in the file is made anew when nobody is at the pad: JupyterLab makes the view anew then, too.
  let held = false;
  const tellHeld = () => setTimeout(() => {
    const now = el.isConnected && (el.matches(":hover") || el.contains(document.activeElement));
    if (now !== held) wish("held", Number((held = now)));
  });
  for (const name of ["focusin", "focusout", "pointerenter", "pointerleave"]) el.addEventListener(name, tellHeld);

  const size = new ResizeObserver(redraw);
  size.observe(canvas);
  const endTheme = followTheme(newTheme);
  const heard = { "change:number": newAnswers, "change:ink": newInkCame, "change:kept": newKept, "change:said": newSaid };
  for (const [name, answer] of Object.entries(heard)) model.on(name, answer);
  newInkCame();
  newTheme();
  return () => {
    for (const [name, answer] of Object.entries(heard)) model.off(name, answer);
    cancelAnimationFrame(due);
    size.disconnect(); endTheme(); voice.end(); gone.end();
  };
}

// Asked for once by each model, which keeps the tool in the reader's hand.
export default () => {
  const hand = { tool: "pen", x: 56, y: 56, down: false, shown: false };
  return { initialize: ({ model }) => followPage(model), render: (view) => render({ ...view, hand }) };
};
