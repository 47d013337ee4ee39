// The training chart: accuracy and loss against the step, drawn from numbers (their columns: see training_chart.py).

const NARROW = 560; // CSS pixels below which the two panels stand one below the other
const PERCENT = (value) => `${(100 * value).toFixed(1)}%`;
const LOSS = (value) =>
  value >= 99999.5 ? value.toExponential(0) : value.toFixed(value < 9.9995 ? 3 : value < 999.95 ? 1 : 0);
const COUNT = (value) => value.toLocaleString("en");
// From as much against a digit as can be, over 0, to as much for it.
const SHADES = {
  light: ["#053061", "#2166ac", "#92c5de", "#f7f7f7", "#f4a582", "#b2182b", "#67001f"],
  dark: ["#c6e4ff", "#5aa9e6", "#1f4e79", "#161616", "#7d2a2a", "#e5694f", "#ffd0bd"],
};

// --- The numbers ---------------------------------------------------------------------------------------------------

// Packed columns of float32 as an array of `count` arrays.
function columns(packed, count) {
  if (!packed || !packed.byteLength) return Array.from({ length: count }, () => []);
  const values = new Float32Array(packed.buffer.slice(packed.byteOffset, packed.byteOffset + packed.byteLength));
  const length = values.length / count;
  return Array.from({ length: count }, (_, each) => values.subarray(each * length, (each + 1) * length));
}

// What the model holds now: a run for each line, with steps, accuracy and loss of its tests; the latest's batches.
function take(model) {
  const setting = model.get("setting");
  const packed = [...model.get("earlier"), model.get("tests")];
  const runs = (setting.lines ?? []).map((line, number) => {
    const [steps, accuracy, loss] = columns(packed[number], 3);
    return { line, steps, accuracy, loss };
  });
  const [steps, ...spread] = columns(model.get("batches"), 7);
  const sheet = model.get("sheet");
  return {
    setting, runs,
    batches: { steps, accuracy: spread.slice(0, 3), loss: spread.slice(3) }, // each: lowest, mean, highest
    sheet: sheet && sheet.byteLength ? new Uint8Array(sheet.buffer, sheet.byteOffset, sheet.byteLength) : null,
  };
}

// The place in ascending `steps` of the last one that is at or before `step`, or -1.
function placeOf(steps, step) {
  let low = 0, high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= step) low = middle + 1; else high = middle;
  }
  return low - 1;
}

// Every step at which there is something to read, in order.
function readable(chart) {
  const steps = new Set(chart.runs.flatMap((run) => [...run.steps]));
  return (steps.size ? [...steps] : [...chart.batches.steps]).sort((a, b) => a - b);
}

// All values at a step, in words.
function readAt(chart, step) {
  const alone = chart.runs.length === 1;
  const values = chart.runs.flatMap((run) => {
    const place = placeOf(run.steps, step);
    if (place < 0 || (step > run.steps[place] && place === run.steps.length - 1 && !alone)) return [];
    return `${run.line.prefix || "test "}${PERCENT(run.accuracy[place])}, loss ${LOSS(run.loss[place])}`;
  });
  const place = placeOf(chart.batches.steps, step);
  const { accuracy, loss } = chart.batches;
  if (place >= 0) values.push(`batches ${PERCENT(accuracy[1][place])}, loss ${LOSS(loss[1][place])}`);
  return `step ${COUNT(step)}: ${values.join(" · ") || "nothing measured"}`;
}

// --- Drawing -------------------------------------------------------------------------------------------------------

const isDark = () => document.body.dataset.jpThemeLight === "false";
const lineInk = (line) => (isDark() ? line.dark : line.light);
const textInk = (line) => (isDark() ? line.dark : line.text);

// The distance between round marks, some `count` of them up to `end`.
function roundStep(end, count) {
  const power = 10 ** Math.floor(Math.log10(end / count));
  return power * [1, 2, 2.5, 5, 10].find((times) => (times * power * count) >= end * 0.999);
}

// The two panels: what each shows, and between which values.
function panelsOf({ setting, runs }, zoomed) {
  const top = zoomed ? (setting.top ?? 2.5) * 0.28 : setting.top ?? 2.5;
  const every = roundStep(top, 5);
  const digits = Math.max(0, -Math.floor(Math.log10(every) + 1e-9)) + (/25$/.test(every.toPrecision(2)) ? 1 : 0);
  return [
    { name: "accuracy", title: "Accuracy", low: zoomed ? 0.85 : 0, high: 1, every: zoomed ? 0.05 : 0.2,
      mark: (value) => `${Math.round(100 * value)}%`, show: PERCENT },
    { name: "loss", title: setting.title ?? "Loss", low: 0, high: top, every,
      mark: (value) => (value >= 1e5 ? value.toExponential(0) : value.toFixed(digits)), show: LOSS },
  ];
}

// Where everything stands, in CSS pixels: `font` is the height of the letters.
function layOut(width, font, chart, fitHeight) {
  const stacked = width < NARROW;
  const prefix = Math.max(0, ...chart.runs.map((run) => run.line.prefix.length));
  const left = 3.6 * font, right = (4 + 0.55 * prefix) * font, gap = 1.2 * font;
  const wide = stacked ? width - left - right : (width - gap) / 2 - left - right;
  const head = 1.9 * font, foot = 2.9 * font;
  const sheet = chart.sheet ? Math.min(4.7 * font, (width - left - gap) / 10 - 4) : 0;
  const below = sheet ? sheet + 3.6 * font : 0;
  const rows = stacked ? 2 : 1;
  const high = fitHeight ? Math.max(8 * font, (fitHeight - below) / rows - head - foot) : stacked ? 130 : 164;
  const frames = [0, 1].map((number) => ({
    x: left + (stacked ? 0 : number * (left + wide + right + gap)),
    y: head + (stacked ? number * (head + high + foot) : 0),
    width: wide, height: high,
  }));
  const bottom = rows * (head + high + foot);
  return { frames, sheet, sheetTop: bottom, left, height: bottom + below };
}

// Heights of labels moved apart, so that none overlaps the next and none leaves the frame.
function keptApart(heights, gap, top, bottom) {
  const order = heights.map((height, place) => ({ height, place })).sort((a, b) => a.height - b.height);
  let least = top;
  for (const each of order) { each.height = Math.max(least, each.height); least = each.height + gap; }
  let most = bottom;
  for (const each of order.reverse()) { each.height = Math.min(most, each.height); most = each.height - gap; }
  const apart = [];
  for (const each of order) apart[each.place] = each.height;
  return apart;
}

function drawPanel(ink, colours, font, frame, panel, chart, cursor) {
  const { setting, runs, batches } = chart, last = setting.last || 1;
  const X = (step) => frame.x + (step / last) * frame.width;
  const Y = (value) => frame.y + frame.height * (1 - (value - panel.low) / (panel.high - panel.low));
  const bottom = frame.y + frame.height, right = frame.x + frame.width;
  const write = (text, x, y, align = "left", colour = colours.muted, weight = "") => {
    ink.font = `${weight} ${font}px ${colours.family}`;
    ink.fillStyle = colour;
    ink.textAlign = align;
    ink.fillText(text, x, y);
  };
  ink.textBaseline = "middle";

  // Axes
  ink.lineWidth = 1;
  ink.strokeStyle = colours.grid;
  ink.setLineDash([]);
  for (let value = panel.low; value <= panel.high * 1.0001; value += panel.every) {
    const y = Math.round(Y(value)) + 0.5;
    ink.beginPath(); ink.moveTo(frame.x, y); ink.lineTo(right, y); ink.stroke();
    write(panel.mark(value), frame.x - 6, y, "right");
  }
  const everyStep = Math.max(1, roundStep(last, frame.width < 22 * font ? 4 : 5));
  for (let step = 0; step <= last; step += everyStep) write(COUNT(step), X(step), bottom + 0.95 * font, "center");
  write("step", frame.x + frame.width / 2, bottom + 2.1 * font, "center");
  write(panel.title, frame.x, frame.y - 1.05 * font, "left", colours.ink, "600");

  // Lines, none of which leaves the frame
  const off = [];
  ink.save();
  ink.beginPath(); ink.rect(frame.x, frame.y - 1, frame.width + 1, frame.height + 2); ink.clip();
  if (panel.name === "loss" && setting.nothing && setting.nothing <= panel.high) {
    ink.strokeStyle = colours.muted;
    ink.setLineDash([1.5, 3]);
    ink.beginPath(); ink.moveTo(frame.x, Y(setting.nothing)); ink.lineTo(right, Y(setting.nothing)); ink.stroke();
  }
  const trace = (steps, values) => steps.forEach((step, place) => ink.lineTo(X(step), Y(values[place])));
  const [lowest, mean, highest] = batches[panel.name];
  if (batches.steps.length) {
    ink.setLineDash([]);
    ink.strokeStyle = ink.fillStyle = lineInk(setting.batches);
    ink.globalAlpha = runs.length > 1 ? 0.16 : 0.22;
    ink.beginPath();
    trace(batches.steps, highest);
    trace(batches.steps.slice().reverse(), lowest.slice().reverse());
    ink.fill();
    ink.globalAlpha = 0.85;
    ink.lineWidth = 1;
    ink.beginPath(); trace(batches.steps, mean); ink.stroke();
    ink.globalAlpha = 1;
    off.push(["batches", highest.reduce((most, value) => Math.max(most, value), 0)]);
  }
  ink.lineWidth = 2.2 * (font / 12);
  ink.lineJoin = "round";
  for (const run of runs) {
    const values = run[panel.name];
    ink.strokeStyle = ink.fillStyle = lineInk(run.line);
    ink.setLineDash(run.line.dash.map((length) => (length * font) / 12));
    ink.beginPath(); trace(run.steps, values); ink.stroke();
    if (run.steps.length === 1) { ink.beginPath(); ink.arc(X(run.steps[0]), Y(values[0]), 2.5, 0, 7); ink.fill(); }
    off.push([run.line.prefix ? `run ${run.line.prefix.split(":")[0]}` : "tests", Math.max(0, ...values)]);
  }
  ink.setLineDash([]);
  if (cursor !== null) {
    ink.strokeStyle = colours.ink;
    ink.lineWidth = 1;
    ink.beginPath(); ink.moveTo(X(cursor), frame.y); ink.lineTo(X(cursor), bottom); ink.stroke();
    for (const run of runs) {
      const place = placeOf(run.steps, cursor);
      if (place < 0) continue;
      ink.fillStyle = lineInk(run.line);
      ink.strokeStyle = colours.paper;
      ink.beginPath(); ink.arc(X(run.steps[place]), Y(run[panel.name][place]), 4, 0, 7); ink.fill(); ink.stroke();
    }
  }
  ink.restore();

  // Words on the lines and at their ends
  if (panel.name === "loss" && setting.nothing && setting.nothing <= panel.high) {
    const text = `knows nothing: ${setting.nothing.toFixed(2)}`, y = Y(setting.nothing) - 0.7 * font;
    ink.lineWidth = 3;
    ink.strokeStyle = colours.paper;
    ink.font = `${font - 1}px ${colours.family}`;
    ink.textAlign = "right";
    ink.strokeText(text, right - 4, y);
    ink.fillStyle = colours.muted;
    ink.fillText(text, right - 4, y);
  }
  const above = off.filter(([, most]) => most > panel.high * 1.001).sort((a, b) => b[1] - a[1]);
  if (panel.name === "loss" && above.length)
    write(`↑ ${above[0][0]}: up to ${LOSS(above[0][1])}`, right, frame.y - 1.05 * font, "right");
  const ended = runs.filter((run) => run.steps.length);
  const inside = (y) => Math.min(bottom, Math.max(frame.y, y));
  const ends = ended.map((run) => inside(Y(run[panel.name].at(-1))));
  keptApart(ends, 1.15 * font, frame.y, bottom).forEach((height, place) => {
    const { line, [panel.name]: values } = ended[place];
    write(line.prefix + panel.show(values.at(-1)), right + 5, height, "left", textInk(line), "600");
  });
}

// The ten weight images in a row: red speaks for the digit, blue against it.
function drawSheet(ink, colours, font, layout, bytes) {
  const shades = SHADES[isDark() ? "dark" : "light"].map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  const shade = (byte) => {
    const at = (byte / 255) * (shades.length - 1), below = Math.min(Math.floor(at), shades.length - 2);
    return shades[below].map((value, channel) => value + (at - below) * (shades[below + 1][channel] - value));
  };
  const table = Array.from({ length: 256 }, (_, byte) => shade(byte));
  const image = new ImageData(280, 28);
  bytes.forEach((byte, place) => image.data.set([...table[byte], 255], 4 * place));
  const rough = new OffscreenCanvas(280, 28);
  rough.getContext("2d").putImageData(image, 0, 0);
  ink.imageSmoothingEnabled = false;
  ink.textBaseline = "middle";
  const top = layout.sheetTop + 1.7 * font;
  ink.font = `600 ${font}px ${colours.family}`;
  ink.fillStyle = colours.ink;
  ink.textAlign = "left";
  ink.fillText("Weights into each digit", layout.left, layout.sheetTop + 0.6 * font);
  const wide = ink.measureText("Weights into each digit").width;
  ink.font = `${font}px ${colours.family}`;
  ink.fillStyle = colours.muted;
  ink.fillText("red +: for it, blue −: against it", layout.left + wide + font, layout.sheetTop + 0.6 * font);
  ink.textAlign = "center";
  for (let digit = 0; digit < 10; digit++) {
    const x = layout.left + digit * (layout.sheet + 4);
    ink.drawImage(rough, 28 * digit, 0, 28, 28, x, top, layout.sheet, layout.sheet);
    ink.fillText(String(digit), x + layout.sheet / 2, top + layout.sheet + 0.8 * font);
  }
}

// Everything on the canvas, as wide as its place; returns where the panels stand.
function paint(canvas, chart, { cursor, zoomed, fitHeight }) {
  const style = getComputedStyle(canvas), width = canvas.parentElement.clientWidth;
  const colour = (name) => style.getPropertyValue(`--chart-${name}`).trim();
  const colours = { ink: colour("ink"), muted: colour("muted"), grid: colour("grid"), paper: colour("paper"), family: style.fontFamily };
  const font = parseFloat(style.fontSize), density = window.devicePixelRatio || 1;
  const layout = layOut(width, font, chart, fitHeight);
  const size = [Math.round(width * density), Math.round(layout.height * density)];
  if (canvas.width !== size[0] || canvas.height !== size[1]) {
    [canvas.width, canvas.height] = size;
    canvas.style.height = `${layout.height}px`;
  }
  const ink = canvas.getContext("2d");
  ink.setTransform(density, 0, 0, density, 0, 0);
  ink.clearRect(0, 0, width, layout.height);
  panelsOf(chart, zoomed).forEach((panel, number) =>
    drawPanel(ink, colours, font, layout.frames[number], panel, chart, cursor));
  if (chart.sheet) drawSheet(ink, colours, font, layout, chart.sheet);
  return layout;
}

// --- What stands around the canvas ---------------------------------------------------------------------------------

// A short piece of a line, as it looks in the chart; `band` for the mean of the batches in its band.
function swatch(line, band) {
  const make = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const svg = make("svg", { width: 34, height: 10, "aria-hidden": "true" });
  const stroke = lineInk(line);
  if (band) svg.append(make("rect", { width: 34, height: 10, fill: stroke, opacity: 0.22 }));
  const dashes = band ? "" : line.dash.join(" ");
  svg.append(make("line", { x1: 0, x2: 34, y1: 5, y2: 5, stroke, "stroke-width": band ? 1 : 2.2, "stroke-dasharray": dashes }));
  return svg;
}

function legend(list, { lines, batches }) {
  const item = (line, band) => {
    const made = document.createElement("li");
    made.append(swatch(line, band), line.name);
    return made;
  };
  list.replaceChildren(...(lines ?? []).map((line) => item(line, false)), ...(lines?.length ? [item(batches, true)] : []));
}

// What the reader has chosen, kept with the model: a cell's view is made anew when its output changes.
const choices = new WeakMap();

function render({ model, el }) {
  const chosen = choices.get(model) ?? { cursor: null, zoomed: false, focused: false };
  choices.set(model, chosen);
  el.innerHTML = `
    <figure class="training-chart">
      <div class="chart-head"><ul class="chart-legend"></ul>
        <button type="button" class="chart-zoom" title="Accuracies of 85% and more, small losses">Zoom in</button>
        <button type="button" class="chart-enlarge" aria-haspopup="dialog">Enlarge</button></div>
      <div class="chart-home"><div class="chart-stage"><canvas role="img"></canvas>
        <div class="chart-reader" tabindex="0" role="slider" aria-label="Read the chart at a step" aria-valuemin="0"></div></div>
        <p class="chart-readout"></p></div>
      <dialog aria-label="The training chart, enlarged"><form method="dialog"><button>Close</button></form></dialog>
    </figure>`;
  const part = (name) => el.querySelector(name);
  const figure = part("figure"), canvas = part("canvas"), home = part(".chart-home"), dialog = part("dialog");
  const reader = part(".chart-reader"), readout = part(".chart-readout"), zoom = part(".chart-zoom");
  const said = announcer(), gone = goneNotice(model);
  figure.append(gone.element, said.element);
  let chart = take(model), layout = null, due = 0;

  const draw = () => {
    due = 0;
    if (!canvas.parentElement.clientWidth) return; // out of sight
    const fitHeight = dialog.open ? window.innerHeight * 0.96 - 110 : 0;
    layout = paint(canvas, chart, { ...chosen, fitHeight });
    figure.dataset.frame = model.get("number"); // for those who count frames
  };
  const redraw = () => { due = due || requestAnimationFrame(draw); };
  const tellCursor = () => {
    const { cursor } = chosen;
    readout.textContent = cursor === null ? chart.setting.caption ?? "" : readAt(chart, cursor);
    readout.classList.toggle("reading", cursor !== null);
    reader.setAttribute("aria-valuemax", chart.setting.last ?? 0);
    reader.setAttribute("aria-valuenow", cursor ?? 0);
    reader.setAttribute("aria-valuetext", cursor === null ? "Arrow keys read the values. Enter enlarges." : readAt(chart, cursor));
  };
  const setCursor = (step) => { chosen.cursor = step; tellCursor(); redraw(); };
  const newNumbers = () => {
    chart = take(model);
    if (chosen.cursor > chart.setting.last) chosen.cursor = null;
    tellCursor();
    redraw();
  };
  const newLegend = () => { legend(part(".chart-legend"), chart.setting); redraw(); };
  const newSetting = () => { chart = take(model); newLegend(); };
  const newWords = () => canvas.setAttribute("aria-label", model.get("alt"));
  const newSaid = () => said.say(model.get("said"));

  // Reading with the keyboard goes from test to test; with the pointer to the test that is nearest.
  const jump = (by) => {
    const steps = readable(chart);
    if (!steps.length) return;
    const now = chosen.cursor === null ? (by > 0 ? -1 : steps.length) : placeOf(steps, chosen.cursor);
    setCursor(steps[Math.max(0, Math.min(steps.length - 1, now + by))]);
  };
  const keys = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity };
  reader.addEventListener("keydown", (event) => {
    if (event.key in keys) { event.preventDefault(); jump(keys[event.key]); }
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); enlarge(); }
    if (event.key === "Escape" && chosen.cursor !== null && !dialog.open) setCursor(null);
  });
  reader.addEventListener("pointermove", (event) => {
    const box = reader.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const frame = layout?.frames.find((each) =>
      x >= each.x - 8 && x <= each.x + each.width + 8 && y >= each.y && y <= each.y + each.height);
    const steps = readable(chart);
    if (!frame || !steps.length) { setCursor(null); return; }
    const step = ((x - frame.x) / frame.width) * chart.setting.last;
    const place = Math.max(0, placeOf(steps, step));
    const next = Math.min(place + 1, steps.length - 1);
    setCursor(steps[step - steps[place] > steps[next] - step ? next : place]);
  });
  reader.addEventListener("pointerleave", () => setCursor(null));
  reader.addEventListener("focus", () => { chosen.focused = true; });
  reader.addEventListener("blur", () => { chosen.focused = false; if (chosen.cursor !== null) setCursor(null); });

  const enlarge = () => {
    if (dialog.open) return dialog.close();
    figure.style.minHeight = `${figure.offsetHeight}px`; // so that the page below does not move
    dialog.prepend(...home.childNodes);
    dialog.showModal();
    reader.focus();
    draw();
  };
  dialog.addEventListener("close", () => {
    home.append(...[...dialog.childNodes].filter((each) => each.tagName !== "FORM"));
    figure.style.minHeight = "";
    reader.focus();
    draw();
  });
  reader.addEventListener("click", enlarge);
  part(".chart-enlarge").addEventListener("click", enlarge);
  const tellZoom = () => zoom.setAttribute("aria-pressed", chosen.zoomed);
  zoom.addEventListener("click", () => { chosen.zoomed = !chosen.zoomed; tellZoom(); redraw(); });
  keepKeys(figure);

  const size = new ResizeObserver(redraw);
  size.observe(home);
  size.observe(dialog);
  window.addEventListener("resize", redraw); // zooming the page changes its density
  const endTheme = followTheme(newLegend);
  const heard = { "change:number": newNumbers, "change:setting": newSetting, "change:alt": newWords, "change:said": newSaid };
  for (const [name, answer] of Object.entries(heard)) model.on(name, answer);
  newLegend(); newWords(); tellZoom(); tellCursor();
  if (chosen.focused) requestAnimationFrame(() => reader.focus({ preventScroll: true }));
  return () => {
    for (const [name, answer] of Object.entries(heard)) model.off(name, answer);
    window.removeEventListener("resize", redraw);
    cancelAnimationFrame(due);
    size.disconnect(); endTheme(); said.end(); gone.end();
  };
}

export default { initialize: ({ model }) => followPage(model), render };
