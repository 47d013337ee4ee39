// One filter over one digit: window times filter is one number, at its place in the output. All is computed here.

const CELL = 6; // CSS pixels of one pixel of the digit, and of one number of the output
const SWEEP = 4000; // milliseconds in which the window walks over the whole digit
const NUMBER = /^[+-]?(\d+[.,]?\d*|[.,]\d+)$/;
const GRID = [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => [row, column]));
const MARK = "#D55E00"; // of the window and of its place

const two = (number) => number.toFixed(2).replace("-", "−").replace(/^−(0\.00)$/, "$1");
const short = (number) => String(Math.round(number * 1000) / 1000).replace("-", "−");

// Red for what is positive, blue for what is negative, as in the weight images of lesson 01; 0 is white.
function tint(share) {
  const strength = Math.min(1, Math.abs(share)), [red, green, blue] = share > 0 ? [178, 24, 43] : [33, 102, 172];
  return [red, green, blue].map((part) => Math.round(255 + strength * (part - 255)));
}

const SHELL = `<div class="filter-row filter-presets" role="group" aria-label="Filters to begin with"></div>
  <div class="filter-row">
    <label>digit <select class="filter-digit"></select></label>
    <label>stride <select class="filter-stride"><option>1</option><option>2</option><option>3</option></select></label>
    <label><input type="checkbox" class="filter-relu"> ReLU: negative sums become 0</label>
    <button type="button" class="filter-walk">Walk over the digit</button></div>
  <div class="filter-stage">
    <figure><figcaption>the digit</figcaption>
      <div class="filter-pad" tabindex="0" role="application"
        aria-label="The digit, with the window on it. Arrow keys move the window."><canvas aria-hidden="true"></canvas></div></figure>
    <figure><figcaption>window</figcaption><div class="filter-grid filter-window" aria-hidden="true"></div></figure>
    <span class="filter-sign" aria-hidden="true">×</span>
    <figure><figcaption>filter: yours</figcaption><div class="filter-grid filter-weights" role="group"
      aria-label="The nine numbers of the filter"></div></figure>
    <span class="filter-sign" aria-hidden="true">=</span>
    <figure><figcaption>nine products</figcaption><div class="filter-grid filter-products" aria-hidden="true"></div>
      <div class="filter-sum"></div></figure>
    <span class="filter-sign" aria-hidden="true">→</span>
    <figure><figcaption class="filter-out-name"></figcaption><div class="filter-out" role="img"><canvas></canvas></div></figure>
  </div>
  <div class="filter-row filter-sliders"><label>row <input type="range" min="0" class="filter-y"></label>
    <label>column <input type="range" min="0" class="filter-x"></label></div>
  <p class="filter-words"></p><p class="filter-alert" role="alert"></p>`;

function render({ model, el }) {
  el.classList.add("filter-view");
  el.innerHTML = SHELL;
  const find = (name) => el.querySelector(`.filter-${name}`);
  const pad = find("pad"), out = find("out"), words = find("words"), alert = find("alert"), walk = find("walk");
  const [digitInk, outInk] = [pad, out].map((each) => each.firstChild.getContext("2d"));
  const { element: said, say, end: endSaying } = announcer();
  const { element: gone, end: endGone } = goneNotice(model, el);
  el.append(gone, said);
  keepKeys(el);

  const cells = (name, make) => GRID.map(([row, column]) => find(name).appendChild(make(row, column)));
  const plain = () => document.createElement("span");
  const windowCells = cells("window", plain), productCells = cells("products", plain);
  const fields = cells("weights", (row, column) => Object.assign(document.createElement("input"), {
    type: "text", inputMode: "decimal", autocomplete: "off", ariaLabel: `weight in row ${row + 1}, column ${column + 1}`,
  }));

  let result = null; // of the present digit, filter and stride: rows, columns, sums, the largest of them
  let walking = 0, reached = Infinity; // the frame asked for; how many numbers of the output are shown
  let walked = null; // row and column that a walk has come to: the model hears of the last one only

  const pixel = (row, column) => {
    const side = model.get("side");
    return model.get("images").getUint8((model.get("chosen") * side + row) * side + column) / 255;
  };
  const set = (traits) => {
    for (const [name, value] of Object.entries(traits)) model.set(name, value);
    model.save_changes();
  };

  function compute() {
    const weights = model.get("weights"), stride = model.get("stride");
    const places = Math.floor((model.get("side") - 3) / stride) + 1, sums = new Float64Array(places ** 2);
    for (let row = 0; row < places; row++)
      for (let column = 0; column < places; column++)
        GRID.forEach(([down, right], k) => (sums[row * places + column] += weights[k] * pixel(row * stride + down, column * stride + right)));
    result = { places, sums, largest: sums.reduce((most, each) => Math.max(most, Math.abs(each)), 1e-9) };
  }
  const place = () => walked ?? ["row", "column"].map((name) => Math.max(0, Math.min(model.get(name), result.places - 1)));
  const shown = (sum) => (model.get("rectified") ? Math.max(0, sum) : sum);

  function size(canvas, ink, count, cell) {
    const density = window.devicePixelRatio || 1, across = count * cell;
    canvas.width = canvas.height = Math.round(across * density);
    canvas.style.width = canvas.style.height = `${across}px`;
    ink.setTransform(density, 0, 0, density, 0, 0);
  }
  function frame(ink, x, y, side) {
    ink.lineWidth = 4;
    ink.strokeStyle = "#ffffff";
    ink.strokeRect(x, y, side, side);
    ink.lineWidth = 2;
    ink.strokeStyle = MARK;
    ink.strokeRect(x, y, side, side);
  }

  function drawDigit([row, column], stride) {
    const side = model.get("side");
    size(pad.firstChild, digitInk, side, CELL);
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const grey = Math.round(255 * (1 - pixel(y, x)));
        digitInk.fillStyle = `rgb(${grey} ${grey} ${grey})`;
        digitInk.fillRect(x * CELL, y * CELL, CELL, CELL);
      }
    frame(digitInk, column * stride * CELL, row * stride * CELL, 3 * CELL);
  }
  function drawOutput([row, column]) {
    const { places, sums, largest } = result, cell = Math.floor((26 * CELL) / places);
    size(out.firstChild, outInk, places, cell);
    outInk.fillStyle = "#e4e4e4";
    outInk.fillRect(0, 0, places * cell, places * cell);
    sums.forEach((sum, k) => {
      if (k >= reached) return;
      outInk.fillStyle = `rgb(${tint(shown(sum) / largest).join(" ")})`;
      outInk.fillRect((k % places) * cell, Math.floor(k / places) * cell, cell, cell);
    });
    frame(outInk, column * cell - 2, row * cell - 2, cell + 4); // around the number, whose colour is to be seen
    find("out-name").textContent = `output, ${places} × ${places}`;
  }
  function fill(element, text, share) {
    element.textContent = text;
    element.style.background = `rgb(${tint(0.45 * share).join(" ")})`;
  }

  function draw() {
    const at = place(), [row, column] = at, stride = model.get("stride"), weights = model.get("weights");
    const values = GRID.map(([down, right]) => pixel(row * stride + down, column * stride + right));
    const products = values.map((value, k) => value * weights[k]), sum = result.sums[row * result.places + column];
    const most = Math.max(1e-9, ...products.map(Math.abs));
    values.forEach((value, k) => {
      const grey = Math.round(255 * (1 - 0.4 * value));
      windowCells[k].textContent = two(value);
      windowCells[k].style.background = `rgb(${grey} ${grey} ${grey})`;
    });
    products.forEach((product, k) => fill(productCells[k], two(product), product / most));
    fields.forEach((field, k) => {
      if (field === document.activeElement && field.dataset.edited === "yes") return;
      field.value = short(weights[k]);
      field.dataset.edited = "no";
      field.removeAttribute("aria-invalid");
    });
    if (!fields.some((field) => field.getAttribute("aria-invalid") === "true")) alert.textContent = "";
    const kept = model.get("rectified") && sum < 0 ? `${two(sum)}, made 0` : two(sum);
    fill(find("sum"), `sum ${kept}`, shown(sum) / result.largest);
    drawDigit(at, stride);
    drawOutput(at);
    for (const [name, value] of [["y", row], ["x", column]]) Object.assign(find(name), { max: result.places - 1, value });
    find("digit").value = model.get("chosen");
    find("stride").value = model.get("stride");
    find("relu").checked = model.get("rectified");
    const same = (preset) => preset.every((weight, k) => weight === weights[k]);
    for (const button of find("presets").children) button.setAttribute("aria-pressed", same(model.get("presets")[button.textContent]));
    words.textContent = `Row ${row}, column ${column}: nine products add up to ${kept}. Over all ${result.places ** 2} places `
      + `the sums go from ${two(Math.min(...result.sums))} to ${two(Math.max(...result.sums))}.`;
    out.setAttribute("aria-label", `The output, red above 0 and blue below. ${words.textContent}`);
  }
  const renew = () => { compute(); draw(); };

  // --- What a hand does

  const stop = () => {
    const at = walked;
    cancelAnimationFrame(walking);
    [walking, reached, walked] = [0, Infinity, null];
    walk.textContent = "Walk over the digit";
    if (at) set({ row: at[0], column: at[1] });
  };
  const go = (row, column) => {
    const last = result.places - 1, inside = (value) => Math.max(0, Math.min(value, last));
    stop();
    set({ row: inside(row), column: inside(column) });
    draw();
    say(words.textContent);
  };
  const by = (down, right) => go(place()[0] + down, place()[1] + right);
  const KEYS = {
    ArrowUp: () => by(-1, 0), ArrowDown: () => by(1, 0), ArrowLeft: () => by(0, -1), ArrowRight: () => by(0, 1),
    Home: () => go(place()[0], 0), End: () => go(place()[0], result.places),
  };
  pad.addEventListener("keydown", (event) => {
    if (!KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  // The pointer holds the window by its middle; on the output it points at the place itself.
  function follows(element, middle) {
    const move = (event) => {
      const { left, top, width } = element.firstChild.getBoundingClientRect(), stride = model.get("stride");
      const at = (from, start) => Math.floor(((from - start) / width) * (middle ? model.get("side") : result.places));
      const [row, column] = [at(event.clientY, top), at(event.clientX, left)];
      go(...(middle ? [row, column].map((each) => Math.round((each - 1) / stride)) : [row, column]));
    };
    element.addEventListener("pointerdown", (event) => { element.setPointerCapture(event.pointerId); move(event); });
    element.addEventListener("pointermove", (event) => event.buttons && move(event));
  }
  follows(pad, true);
  follows(out, false);

  function step(began, now) {
    const count = result.places ** 2, index = Math.min(count - 1, Math.floor((count * (now - began)) / SWEEP));
    reached = index + 1;
    walked = [Math.floor(index / result.places), index % result.places];
    draw();
    if (index < count - 1) walking = requestAnimationFrame((later) => step(began, later));
    else { stop(); draw(); say(words.textContent); }
  }
  walk.addEventListener("click", () => {
    if (walking) { stop(); draw(); return; }
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) { go(result.places, result.places); return; }
    walk.textContent = "Stop walking";
    walking = requestAnimationFrame((now) => step(now, now));
  });

  const take = (field, k) => {
    if (field.dataset.edited !== "yes") return;
    const typed = field.value.trim().replace("−", "-"), value = Number(typed.replace(",", "."));
    const good = NUMBER.test(typed) && Math.abs(value) < 1e6;
    field.setAttribute("aria-invalid", !good);
    alert.textContent = good ? "" : `Type a number such as 1 or −0.5; ${field.ariaLabel} stays ${short(model.get("weights")[k])}.`;
    if (!good) return;
    field.dataset.edited = "no";
    stop();
    set({ weights: model.get("weights").map((weight, other) => (other === k ? value : weight)) });
    renew();
  };
  fields.forEach((field, k) => {
    field.addEventListener("input", () => (field.dataset.edited = "yes"));
    field.addEventListener("change", () => take(field, k));
    field.addEventListener("focus", () => field.select());
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") take(field, k);
      if (event.key === "Escape") { field.dataset.edited = "no"; draw(); }
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      field.value = short(model.get("weights")[k] + (event.key === "ArrowUp" ? 0.5 : -0.5));
      field.dataset.edited = "yes";
      take(field, k);
    });
  });
  for (const name of Object.keys(model.get("presets"))) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
    button.addEventListener("click", () => {
      stop();
      for (const field of fields) field.dataset.edited = "no";
      set({ weights: [...model.get("presets")[name]] });
      renew();
      say(`${name}. ${words.textContent}`);
    });
    find("presets").append(button);
  }
  find("digit").replaceChildren(...model.get("names").map((name, value) => Object.assign(document.createElement("option"), { value, textContent: name })));
  const chooses = (name, read) => find(name).addEventListener("change", (event) => { stop(); set(read(event.target)); renew(); });
  chooses("digit", (chosen) => ({ chosen: Number(chosen.value) }));
  chooses("stride", (chosen) => {
    const was = model.get("stride"), stride = Number(chosen.value), [row, column] = place();
    const places = Math.floor((model.get("side") - 3) / stride) + 1; // the window stays as near to its pixels as it can
    const there = (each) => Math.min(places - 1, Math.round((each * was) / stride));
    return { stride, row: there(row), column: there(column) };
  });
  chooses("relu", (box) => ({ rectified: box.checked }));
  find("y").addEventListener("input", (event) => go(event.target.valueAsNumber, place()[1]));
  find("x").addEventListener("input", (event) => go(place()[0], event.target.valueAsNumber));

  const traits = ["images", "chosen", "weights", "row", "column", "stride", "rectified"].map((name) => `change:${name}`);
  const hear = () => { walked = null; stop(); renew(); }; // a walk changes no trait on its way: this ends it
  for (const each of traits) model.on(each, hear);
  renew();
  return () => {
    cancelAnimationFrame(walking);
    endSaying();
    endGone();
    for (const each of traits) model.off(each, hear);
  };
}

export default { initialize: ({ model }) => followPage(model), render };
