// The training chart on the page: a legend, the canvas (see training_chart_drawing.js), and a reader of its values,
// which is a slider over the steps for keyboard and screen reader, and enlarges on a click or Enter.

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

function legend(list, { lines, batches, training }) {
  const item = (line, name, band) => {
    const made = document.createElement("li");
    made.append(swatch(line, band), name);
    return made;
  };
  const items = (lines ?? []).map((line) => item(line, line.name, false));
  list.replaceChildren(...items, ...(items.length ? [item(batches.at(-1), training, true)] : []));
}

function render({ model, el, chosen }) {
  chosen.zoomed ??= Boolean(model.get("setting").zoomed);
  el.innerHTML = `
    <figure class="training-chart">
      <div class="chart-home">
        <div class="chart-head"><ul class="chart-legend"></ul>
          <button type="button" class="chart-zoom" aria-label="Zoom to 85–100% accuracy and small losses">85–100%</button>
          <button type="button" class="chart-enlarge">Enlarge</button></div>
        <div class="chart-stage"><canvas role="img"></canvas>
          <div class="chart-reader" tabindex="0" role="slider" aria-label="Read the chart at a step" aria-valuemin="0"></div></div>
        <p class="chart-readout"></p></div>
      <dialog aria-label="The training chart, enlarged"></dialog>
    </figure>`;
  const part = (name) => el.querySelector(name);
  const figure = part("figure"), canvas = part("canvas"), home = part(".chart-home"), dialog = part("dialog");
  const reader = part(".chart-reader"), readout = part(".chart-readout");
  const zoom = part(".chart-zoom"), enlarger = part(".chart-enlarge");
  const said = announcer(), gone = goneNotice(model, el);
  figure.append(gone.element, said.element);
  let chart = take(model), layout = null, due = 0;

  const draw = () => {
    due = 0;
    if (!canvas.parentElement.clientWidth) return; // out of sight
    const fitHeight = dialog.open ? window.innerHeight * 0.96 - 120 : 0;
    layout = paint(canvas, chart, { ...chosen, fitHeight });
    figure.dataset.frame = model.get("number"); // for those who count frames
  };
  const redraw = () => { due = due || requestAnimationFrame(draw); };
  const caption = () => {
    const above = aboveTheAxis(chart, panelsOf(chart, chosen.zoomed)[1].high);
    const hint = readable(chart).length ? "Point at the chart, or use the arrow keys, to read it at a step." : "";
    return [chart.setting.caption, above && `Above the axis, ${above}.`, hint].filter(Boolean).join(" ");
  };
  const tellCursor = () => {
    const { cursor } = chosen;
    readout.textContent = cursor === null ? caption() : readAt(chart, cursor);
    readout.classList.toggle("long", chart.runs.length > 2); // room for two lines, so that nothing jumps
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
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); enlarge(event); }
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

  // Enlarged, everything moves into the dialog, and back when it closes.
  const moveTo = (place, focused) => {
    place.append(...(place === dialog ? home : dialog).childNodes);
    enlarger.textContent = place === dialog ? "Close" : "Enlarge";
    focused.focus({ preventScroll: true });
    draw();
  };
  const enlarge = (event) => {
    const focused = event.currentTarget;
    if (dialog.open) { dialog.close(); return; }
    figure.style.minHeight = `${figure.offsetHeight}px`; // so that the page below does not move
    dialog.showModal();
    moveTo(dialog, focused);
    tellKernel(model, { room: dialog.clientWidth });
  };
  dialog.addEventListener("close", () => {
    const focused = dialog.contains(document.activeElement) ? document.activeElement : reader;
    moveTo(home, focused);
    figure.style.minHeight = "";
    tellKernel(model, { room: 0 });
  });
  reader.addEventListener("click", enlarge);
  enlarger.addEventListener("click", enlarge);
  const tellZoom = () => zoom.setAttribute("aria-pressed", chosen.zoomed);
  zoom.addEventListener("click", () => { chosen.zoomed = !chosen.zoomed; tellZoom(); tellCursor(); redraw(); });
  keepKeys(figure);

  const size = new ResizeObserver(redraw);
  size.observe(home);
  size.observe(dialog);
  window.addEventListener("resize", redraw); // zooming the page changes its density
  const endTheme = followTheme(newSetting); // inks and all
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

// Asked for once by each model, which keeps what the reader has chosen: JupyterLab makes a cell's view anew when its
// output changes.
export default () => {
  const chosen = { cursor: null, zoomed: null, focused: false }; // not zoomed by hand: as the setting says
  return { initialize: ({ model }) => followPage(model), render: (view) => render({ ...view, chosen }) };
};
