// Data sets as small pictures of their points: radio buttons, so that arrow keys lead through them.

const PICTURE = 34, REACH = 6, DOT = 1.8; // CSS pixels of a picture's side and of a point; the plane is from −6 to 6

function paintData(canvas, points, place, palette, { density }) {
  canvas.width = canvas.height = Math.round(PICTURE * density);
  const ink = inkOf(canvas);
  ink.scale(density, density);
  for (let k = 0; k < points.length; k += 4) {
    if (points[k] !== place) continue;
    const x = (points[k + 1] / REACH + 1) * (PICTURE / 2), y = (1 - points[k + 2] / REACH) * (PICTURE / 2), value = points[k + 3];
    ink.fillStyle = css(value > 0 ? palette.blue : palette.orange);
    ink.globalAlpha = Math.min(1, 0.3 + Math.abs(value));
    ink.fillRect(x - DOT / 2, y - DOT / 2, DOT, DOT);
  }
}

function render({ model, el }) {
  const labels = model.get("labels"), problems = model.get("problems"), radios = `data ${Math.random()}`; // its own in each view
  const bytes = model.get("points"), points = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  el.setAttribute("role", "radiogroup");
  el.setAttribute("aria-label", model.get("description"));
  const groups = [...new Set(model.get("names").map((value) => problems[value]))].map((problem) => { // each under its name, which tells what is chosen
    const group = document.createElement("div"), name = document.createElement("p"), row = document.createElement("div");
    group.append(name, row);
    el.append(group);
    return { problem, name, row };
  });
  const choices = model.get("names").map((value) => {
    const words = labels[value];
    const choice = document.createElement("span"), canvas = document.createElement("canvas");
    const input = Object.assign(document.createElement("input"), { type: "radio", name: radios, value, ariaLabel: words, title: words });
    canvas.setAttribute("aria-hidden", "true");
    input.addEventListener("change", () => { model.set("value", value); model.save_changes(); });
    choice.append(canvas, input);
    groups.find(({ problem }) => problem === problems[value]).row.append(choice);
    return { input, canvas };
  });

  const show = () => {
    const value = model.get("value"), chosen = document.createElement("b");
    chosen.textContent = value;
    for (const { problem, name } of groups) {
      if (problem === problems[value]) name.replaceChildren(`${problem}: `, chosen);
      else name.replaceChildren(problem);
    }
    for (const { input } of choices) input.checked = input.value === value;
  };
  const paint = () => choices.forEach(({ canvas }, place) => paintData(canvas, points, place, paletteOf(looks().dark), looks()));
  keepKeys(el);
  model.on("change:value", show);
  const endTheme = followTheme(paint);
  window.addEventListener("resize", paint); // zooming the page changes its density
  show();
  paint();
  return () => {
    model.off("change:value", show);
    window.removeEventListener("resize", paint);
    endTheme();
  };
}

export default { render };
