// The training chart's canvas: accuracy and loss against the step, drawn from numbers (their columns: see
// training_chart.py). What stands around it, and what keys and pointer do, is in training_chart.js.

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

// What the model holds now: a run for each line, with steps, accuracy and loss of its tests, and its batches.
function take(model) {
  const setting = model.get("setting");
  const tests = [...model.get("earlier"), model.get("tests")];
  const trained = [...model.get("earlier_batches"), model.get("batches")];
  const runs = (setting.lines ?? []).map((line, number) => {
    const [steps, accuracy, loss] = columns(tests[number], 3);
    const [middles, ...spread] = columns(trained[number], 7);
    const batches = { steps: middles, accuracy: spread.slice(0, 3), loss: spread.slice(3) }; // lowest, mean, highest
    return { line, steps, accuracy, loss, batches };
  });
  const sheet = model.get("sheet");
  return {
    setting, runs,
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
  return (steps.size ? [...steps] : [...(chart.runs.at(-1)?.batches.steps ?? [])]).sort((a, b) => a - b);
}

// All values at a step, in words.
function readAt(chart, step) {
  const alone = chart.runs.length === 1;
  const values = chart.runs.flatMap((run) => {
    const place = placeOf(run.steps, step);
    if (place < 0 || (step > run.steps[place] && place === run.steps.length - 1 && !alone)) return [];
    return `${run.line.prefix || `${run.line.name}: `}${PERCENT(run.accuracy[place])}, ${LOSS(run.loss[place])}`;
  });
  const latest = chart.runs.at(-1);
  if (latest?.batches.steps.length) {
    const { steps, accuracy, loss } = latest.batches;
    const place = Math.max(0, placeOf(steps, step)); // a stretch is known by its middle, which lies after its first steps
    const whose = alone ? "training" : `training of ${latest.line.prefix.replace(/: $/, "") || latest.line.name}`;
    values.push(`${whose}: ${PERCENT(accuracy[1][place])}, ${LOSS(loss[1][place])}`);
  }
  return `Step ${COUNT(step)}, accuracy and loss: ${values.join(" · ") || "nothing measured"}`;
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
  const every = roundStep(top, 6);
  const digits = Math.max(0, -Math.floor(Math.log10(every) + 1e-9)) + (/25$/.test(every.toPrecision(2)) ? 1 : 0);
  return [
    { name: "accuracy", title: "Accuracy", low: zoomed ? 0.85 : 0, high: 1, every: zoomed ? 0.05 : 0.2,
      mark: (value) => `${Math.round(100 * value)}%`, show: PERCENT },
    { name: "loss", title: "Loss per image", low: 0, high: top, every,
      mark: (value) => (value >= 1e5 ? value.toExponential(0) : value.toFixed(digits)), show: LOSS },
  ];
}

// What reaches highest above the axis of the loss, in words; "" if nothing does.
function aboveTheAxis({ runs }, top) {
  const most = (values) => values.reduce((highest, value) => Math.max(highest, value), 0);
  const reached = runs.map(({ line, loss }) => [line.prefix ? `run ${line.prefix}` : "tests: ", most(loss)]);
  reached.push(["batches: ", Math.max(0, ...runs.map(({ batches }) => most(batches.loss[2])))]);
  const [who, highest] = reached.sort((a, b) => b[1] - a[1])[0];
  return highest > top * 1.001 ? `${who}up to ${LOSS(highest)}` : "";
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
  const fitting = Math.min(0.8 * wide, (fitHeight - below) / rows - head - foot);
  const high = fitHeight ? Math.max(8 * font, fitting) : stacked ? 130 : 164;
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
  const { setting, runs } = chart, last = setting.last || 1;
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
  ink.font = `${font}px ${colours.family}`;
  const fitting = Math.floor(frame.width / (ink.measureText(COUNT(last)).width + 1.6 * font));
  const everyStep = Math.max(1, roundStep(last, Math.max(1, Math.min(5, fitting))));
  for (let step = 0; step <= last; step += everyStep) {
    const atEnd = X(step) > right - 2 * font; // its end keeps clear of the values at the lines' ends
    write(COUNT(step), atEnd ? Math.min(right, X(step) + 1.5 * font) : X(step), bottom + 0.95 * font, atEnd ? "right" : "center");
  }
  write("step", frame.x + frame.width / 2, bottom + 2.1 * font, "center");
  write(panel.title, frame.x, frame.y - 1.05 * font, "left", colours.ink, "600");
  const titleWidth = ink.measureText(panel.title).width;

  // Lines, none of which leaves the frame
  ink.save();
  ink.beginPath(); ink.rect(frame.x, frame.y - 1, frame.width + 1, frame.height + 2); ink.clip();
  if (panel.name === "loss" && setting.nothing && setting.nothing <= panel.high) {
    ink.strokeStyle = colours.muted;
    ink.setLineDash([1.5, 3]);
    ink.beginPath(); ink.moveTo(frame.x, Y(setting.nothing)); ink.lineTo(right, Y(setting.nothing)); ink.stroke();
  }
  const trace = (steps, values) => steps.forEach((step, place) => ink.lineTo(X(step), Y(values[place])));
  ink.setLineDash([]);
  ink.lineWidth = 1;
  runs.forEach(({ batches: { steps, [panel.name]: [lowest, mean, highest] } }, number) => {
    if (!steps.length) return;
    ink.strokeStyle = ink.fillStyle = lineInk(setting.batches[number]);
    ink.globalAlpha = runs.length > 1 ? 0.13 : 0.22;
    ink.beginPath();
    trace(steps, highest);
    trace(steps.slice().reverse(), lowest.slice().reverse());
    ink.fill();
    ink.globalAlpha = 0.85;
    ink.beginPath(); trace(steps, mean); ink.stroke();
  });
  ink.globalAlpha = 1;
  ink.lineWidth = 2.2 * (font / 12);
  ink.lineJoin = "round";
  for (const run of runs) {
    const values = run[panel.name];
    ink.strokeStyle = ink.fillStyle = lineInk(run.line);
    ink.setLineDash(run.line.dash.map((length) => (length * font) / 12));
    ink.beginPath(); trace(run.steps, values); ink.stroke();
    if (run.steps.length === 1) { ink.beginPath(); ink.arc(X(run.steps[0]), Y(values[0]), 2.5, 0, 7); ink.fill(); }
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
  const above = panel.name === "loss" && aboveTheAxis(chart, panel.high);
  if (above) {
    const fits = (text) => ink.measureText(text).width < frame.width - titleWidth - 1.5 * font;
    write(fits(`↑ ${above}`) ? `↑ ${above}` : "↑", right, frame.y - 1.05 * font, "right");
  }
  const ended = runs.filter((run) => run.steps.length);
  const inside = (y) => Math.min(bottom, Math.max(frame.y, y));
  const ends = ended.map((run) => inside(Y(run[panel.name].at(-1))));
  keptApart(ends, 1.15 * font, frame.y, bottom - 3).forEach((height, place) => {
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
