// The playground on the page: draws the newest numbers, and tells the kernel what hand and keyboard do with them.

// A trait's bytes as an array of numbers. The bytes may begin anywhere, so floats are copied to where they may stand.
function numbersIn(model, name, Kind) {
  const bytes = model.get(name);
  return new Kind(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

const SHELL = `<div class="playground-top">
    <span class="playground-depth" role="group" aria-label="Hidden layers">hidden layers
      <button type="button" data-step="-1" aria-label="One hidden layer less">−</button><b aria-live="polite"></b>
      <button type="button" data-step="1" aria-label="One hidden layer more">+</button></span>
    <span class="playground-line"></span></div>
  <div class="playground-stage"><canvas aria-hidden="true"></canvas>
    <div class="playground-map" role="img"></div>
    <div class="playground-heads"></div><div class="playground-nodes" role="group"></div>
    <div class="playground-tip" aria-hidden="true" hidden></div></div>`;

function render({ model, el }) {
  el.classList.add("playground");
  el.innerHTML = SHELL;
  const find = (name) => el.querySelector(`.playground-${name}`);
  const stage = find("stage"), canvas = el.querySelector("canvas"), heads = find("heads"), nodes = find("nodes");
  const tip = find("tip"), line = find("line"), mapWords = find("map"), depth = find("depth");
  const ink = inkOf(canvas);
  const voice = announcer(), gone = goneNotice(model, el);
  el.append(voice.element, gone.element);
  nodes.setAttribute("aria-label", "The network: arrow keys lead from neuron to neuron, Enter opens one");

  let palette = paletteOf(looks().dark), places = null, frame = null, over = null, marked = null, pending = false;
  let starts = { weights: [], biases: [] }; // where the numbers of each layer begin
  const images = { thumbnails: document.createElement("canvas"), large: document.createElement("canvas") };
  let featureImage = null, pointImage = null;

  // --- What is shown

  const design = () => model.get("design"), offered = () => model.get("offered");
  const keyOf = (node) => (node.layer ? (node.layer === last() ? "output" : `${node.layer}:${node.unit}`) : node.name);
  const last = () => design().sizes.length - 1;
  const nameOf = (node) => {
    if (!node.layer) return node.name;
    return node.layer === last() ? "the output" : `neuron ${node.unit + 1} of layer ${node.layer}`;
  };
  const weightAt = (layer, from, to) => frame.weights[starts.weights[layer] + from * design().sizes[layer] + to];
  const biasAt = (layer, to) => frame.biases[starts.biases[layer] + to];
  const valueOf = (row) => (row.from === undefined ? biasAt(row.layer, row.to) : weightAt(row.layer, row.from, row.to));

  function take() { // the newest frame; what is derived from it
    frame = { weights: numbersIn(model, "weights", Float32Array), biases: numbersIn(model, "biases", Float32Array),
      maps: numbersIn(model, "maps", Int8Array), large: numbersIn(model, "large", Int8Array),
      curves: numbersIn(model, "curves", Float32Array) };
    frame.largest = design().sizes.map((size, layer) => {
      let largest = 1e-9;
      if (layer) for (let k = starts.weights[layer]; k < starts.weights[layer + 1]; k++) largest = Math.max(largest, Math.abs(frame.weights[k]));
      return largest;
    });
    line.textContent = model.get("line");
  }

  function arrange() { // another design, width or theme: where everything lies
    if (!design().sizes) return;
    places = placesFor(el.clientWidth, design(), offered());
    starts = { weights: [0, 0], biases: [0, 0] };
    design().sizes.forEach((size, layer, sizes) => {
      if (!layer) return;
      starts.weights.push(starts.weights[layer] + size * sizes[layer - 1]);
      starts.biases.push(starts.biases[layer] + size);
    });
    const { density } = looks();
    canvas.width = Math.round(places.width * density);
    canvas.height = Math.round(places.height * density);
    for (const part of [canvas, stage]) Object.assign(part.style, { width: `${places.width}px`, height: `${places.height}px` });
    put(mapWords, places.map.x, places.map.y, places.map.side, places.map.side);
    featureImage = mapImage(numbersIn(model, "feature_maps", Int8Array), design().thumbnail, offered().features.length, palette, model.get("discretise"));
    drawPoints();
    arrangeHeads();
    arrangeNodes();
    take();
    ask();
  }
  const put = (element, x, y, width, height) =>
    Object.assign(element.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
  function drawPoints() {
    if (!places) return;
    pointImage = pointsImage(numbersIn(model, "points", Float32Array), model.get("learned"), design().problem, places.map.side, looks().density, palette);
    ask();
  }

  // --- Drawing

  const ask = () => {
    if (!pending) requestAnimationFrame(() => { pending = false; if (places && frame) draw(); });
    pending = true;
  };
  const isOver = (node) => over && over.node && keyOf(over.node) === keyOf(node);

  function draw() {
    const { density } = looks(), thumbnail = design().thumbnail, discretise = model.get("discretise");
    ink.setTransform(density, 0, 0, density, 0, 0);
    ink.clearRect(0, 0, places.width, places.height);
    places.links.forEach(drawLink);
    mapImage(frame.maps, thumbnail, frame.maps.length / thumbnail ** 2, palette, discretise, images.thumbnails);
    let row = 0;
    for (const { nodes } of places.columns) for (const node of nodes) {
      const image = node.layer ? images.thumbnails : featureImage;
      drawNode(node, image, (node.layer ? row++ : offered().features.indexOf(node.name)) * thumbnail, thumbnail);
    }
    drawMap(thumbnail, discretise);
    drawCurves();
  }
  function drawLink(link) {
    const weight = weightAt(link.layer, link.from.unit, link.to.unit);
    const chosen = (over && over.link === link) || (marked && marked.from === link.from.unit && marked.to === link.to.unit && marked.layer === link.layer);
    const width = 3 * Math.min(1, Math.abs(weight) / frame.largest[link.layer]);
    if (!chosen && !(width > 0.12)) return;
    ink.setLineDash(weight < 0 ? DASHES : []);
    if (chosen) {
      ink.lineWidth = width + 4;
      ink.strokeStyle = palette.ink;
      ink.stroke(link.path);
    }
    ink.lineWidth = Math.max(width, chosen ? 1 : 0);
    ink.strokeStyle = css(weight > 0 ? palette.blue : palette.orange);
    ink.stroke(link.path);
    ink.setLineDash([]);
  }
  function drawNode(node, image, row, thumbnail) {
    ink.globalAlpha = node.unit < 0 ? 0.3 : 1; // a feature that the network is not given
    ink.imageSmoothingEnabled = true;
    ink.drawImage(image, 0, row, thumbnail, thumbnail, node.x, node.y, node.side, node.side);
    ink.globalAlpha = 1;
    ink.lineWidth = isOver(node) ? 2.5 : 1;
    ink.strokeStyle = isOver(node) ? palette.ink : palette.muted;
    if (node.unit < 0) ink.setLineDash([2, 2]);
    ink.strokeRect(node.x, node.y, node.side, node.side);
    ink.setLineDash([]);
    ink.fillStyle = node.unit < 0 ? palette.muted : palette.ink;
    ink.font = "12px sans-serif";
    ink.textAlign = "right";
    ink.textBaseline = "middle";
    if (!node.layer) return ink.fillText(node.name, node.x - 5, node.y + node.side / 2);
    const bias = biasAt(node.layer, node.unit), dot = biasPlace(node);
    ink.fillStyle = css(bias > 0 ? palette.blue : palette.orange);
    ink.globalAlpha = 0.25 + 0.75 * Math.min(1, Math.abs(bias));
    ink.fillRect(dot.x, dot.y, dot.side, dot.side);
    ink.globalAlpha = 1;
    ink.lineWidth = 1;
    ink.strokeStyle = palette.muted;
    ink.strokeRect(dot.x, dot.y, dot.side, dot.side);
  }
  function drawMap(thumbnail, discretise) {
    const { x, y, side } = places.map, node = over && over.node, wanted = node ? keyOf(node) : "output";
    const sharp = model.get("large_of") === wanted, size = Math.sqrt(frame.large.length);
    ink.imageSmoothingEnabled = !discretise;
    if (sharp) ink.drawImage(mapImage(frame.large, size, 1, palette, discretise, images.large), x, y, side, side);
    else if (node.layer) ink.drawImage(images.thumbnails, 0, rowOf(node) * thumbnail, thumbnail, thumbnail, x, y, side, side);
    else ink.drawImage(featureImage, 0, offered().features.indexOf(node.name) * thumbnail, thumbnail, thumbnail, x, y, side, side);
    if (sharp && (wanted !== "output" || design().problem === "classification")) {
      ink.save();
      ink.beginPath();
      ink.rect(x, y, side, side);
      ink.clip();
      ink.translate(x, y);
      ink.scale(side / size, side / size);
      ink.lineWidth = (1.8 * size) / side;
      ink.strokeStyle = palette.ink;
      ink.stroke(boundary(frame.large, size));
      ink.restore();
    }
    if (pointImage) ink.drawImage(pointImage, x, y, side, side);
    ink.lineWidth = 1;
    ink.strokeStyle = palette.muted;
    ink.strokeRect(x, y, side, side);
    ink.fillStyle = palette.ink;
    ink.font = "13px sans-serif";
    ink.textAlign = "left";
    ink.textBaseline = "alphabetic";
    ink.fillText(wanted === "output" ? "What the network says" : `What ${nameOf(node)} sees`, x, y - 22);
    ink.font = "12px sans-serif";
    ink.fillStyle = palette.muted;
    ink.fillText("● blue: above 0    ■ orange: below 0", x, y - 7);
  }
  const rowOf = (node) => places.columns.slice(1, node.layer).reduce((sum, column) => sum + column.nodes.length, 0) + node.unit;

  function drawCurves() {
    const until = model.get("until"), rows = frame.curves, classes = design().problem === "classification";
    const gap = 56, width = classes ? (places.width - gap - 46 - 8) / 2 : places.width - 46 - 8;
    const loss = { x: 46, y: places.top, width, title: "loss (mean squared error)", figures: [1, 3], low: 0, high: classes ? 1.5 : 0.5, until };
    drawCurve(ink, rows, { ...loss, ticks: classes ? [0, 0.5, 1, 1.5] : [0, 0.25, 0.5] }, palette);
    if (classes) drawCurve(ink, rows, { ...loss, x: 46 + width + gap, title: "accuracy", figures: [2, 4], low: 0.4, high: 1.02, ticks: [0.5, 0.75, 1] }, palette);
    drawLegend(ink, 46 + width - 170, places.top - 7, palette);
  }

  const tellMap = () => mapWords.setAttribute("aria-label", over?.node ? `What ${nameOf(over.node)} sees` : model.get("alt"));

  // --- The network's own buttons

  const button = (words, action) => Object.assign(document.createElement("button"), { type: "button", onclick: action, ariaLabel: words });
  const want = (name, value) => { model.set(name, value); model.save_changes(); };
  const wantLayer = (layer, count) => {
    const hidden = [...model.get("hidden")];
    hidden[layer - 1] = Math.max(1, Math.min(offered().neurons, Math.round(count)));
    want("hidden", hidden);
  };
  const wantDepth = (step) => {
    const hidden = model.get("hidden"), count = hidden.length + step;
    if (count < 0 || count > offered().layers) return;
    want("hidden", step < 0 ? hidden.slice(0, count) : [...hidden, hidden.at(-1) ?? 8]);
  };
  depth.querySelectorAll("button").forEach((each) => { each.onclick = () => wantDepth(Number(each.dataset.step)); });

  function arrangeHeads() {
    const fixed = offered().fixed.includes("hidden"), hidden = model.get("hidden"), focused = document.activeElement?.dataset?.head;
    depth.querySelector("b").textContent = design().sizes.length - 2;
    const [less, more] = depth.querySelectorAll("button");
    less.hidden = more.hidden = fixed;
    less.disabled = !hidden.length;
    more.disabled = hidden.length >= offered().layers;
    heads.replaceChildren(...places.columns.map(({ layer, x, nodes }) => {
      const head = document.createElement("div"), wide = layer && layer < last();
      head.className = "playground-head";
      put(head, x + places.cell / 2 - 34, 0, 68, HEAD);
      const shown = nodes.length < design().sizes[layer] && wide ? `, ${nodes.length} shown` : "";
      head.innerHTML = `<span>${layer ? (wide ? `layer ${layer}${shown}` : "output") : "features"}</span>`;
      if (!wide || fixed) return head;
      const field = Object.assign(document.createElement("input"), { type: "number", min: 1, max: offered().neurons, value: design().sizes[layer], ariaLabel: `Neurons in layer ${layer}` });
      field.dataset.head = layer;
      field.onchange = () => (field.value === "" ? (field.value = hidden[layer - 1]) : wantLayer(layer, field.valueAsNumber));
      const row = document.createElement("div");
      row.append(...[-1, 1].map((step) => {
        const each = button(`One neuron ${step < 0 ? "less" : "more"} in layer ${layer}`, () => wantLayer(layer, model.get("hidden")[layer - 1] + step));
        each.textContent = step < 0 ? "−" : "+";
        each.dataset.head = `${layer}${step}`;
        each.disabled = step < 0 ? hidden[layer - 1] <= 1 : hidden[layer - 1] >= offered().neurons;
        return each;
      }));
      row.insertBefore(field, row.lastChild);
      head.append(row);
      return head;
    }));
    if (focused) heads.querySelector(`[data-head="${focused}"]`)?.focus({ preventScroll: true });
  }

  function arrangeNodes() {
    const focused = nodes.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const before = nodes.querySelector("[tabindex='0']")?.dataset.key;
    const fixed = offered().fixed.includes("features");
    nodes.replaceChildren(...places.columns.flatMap((column) => column.nodes.map((node) => {
      const each = button("", () => press(node, each));
      each.dataset.key = keyOf(node);
      each.node = node;
      each.tabIndex = -1;
      put(each, node.x, node.y, node.side, node.side);
      if (!node.layer && !fixed) each.setAttribute("aria-pressed", String(node.unit >= 0));
      each.setAttribute("aria-label", node.layer ? nameOf(node) : `feature ${node.name}`);
      each.onfocus = () => { rove(each); look({ node }); describe(each); };
      each.onblur = () => look(null);
      return each;
    })));
    const all = [...nodes.children], same = (key) => key && all.find((each) => each.dataset.key === key);
    rove(same(focused ?? before) ?? all[0]);
    if (focused) (same(focused) ?? all[0]).focus({ preventScroll: true });
  }
  const rove = (chosen) => { for (const each of nodes.children) each.tabIndex = each === chosen ? 0 : -1; };
  const describe = (each) => { // a bias changes all the time: it is said when somebody comes to hear it
    const { node } = each;
    if (node.layer && frame) each.setAttribute("aria-label", `${nameOf(node)}, bias ${written(biasAt(node.layer, node.unit))}`);
  };
  function press(node, opener) {
    if (node.layer) return edit(node, opener);
    if (offered().fixed.includes("features")) return;
    const on = model.get("features"), next = offered().features.filter((name) => (name === node.name) !== on.includes(name));
    if (next.length) want("features", next);
    else voice.say("A network needs at least one feature.");
  }
  nodes.addEventListener("keydown", (event) => {
    const node = event.target.node, column = node && places.columns[node.layer].nodes, row = column?.indexOf(node);
    const beside = (step) => {
      const other = places.columns[node.layer + step]?.nodes;
      return other && other.reduce((best, each) => (Math.abs(each.y - node.y) < Math.abs(best.y - node.y) ? each : best));
    };
    const to = { ArrowUp: () => column[row - 1], ArrowDown: () => column[row + 1], ArrowLeft: () => beside(-1), ArrowRight: () => beside(1),
      Home: () => places.columns[0].nodes[0], End: () => places.columns.at(-1).nodes[0] }[event.key]?.();
    if (!to) return event.key === "Escape" && event.target.blur?.();
    event.preventDefault();
    [...nodes.children].find((each) => each.node === to).focus();
  });

  // --- Hovering, and editing

  let asked = "output";
  function look(what) {
    over = what;
    const key = what?.node ? keyOf(what.node) : "output";
    if (key !== asked) {
      model.send({ look: key });
      asked = key;
      tellMap();
    }
    ask();
  }
  const editor = numberEditor(stage, {
    valueOf,
    change: (row, value) => model.send({ edit: { layer: row.layer, to: row.to, value, ...(row.from === undefined ? {} : { from: row.from }) } }),
    mark: (row) => { marked = row; ask(); },
  });
  function edit(node, opener, chosen = 0) {
    const sources = node.layer === 1 ? design().features : [...Array(design().sizes[node.layer - 1]).keys()].map((k) => `neuron ${k + 1}`);
    const rows = [{ name: "bias", layer: node.layer, to: node.unit },
      ...sources.map((name, from) => ({ name: `weight of ${name}`, layer: node.layer, from, to: node.unit }))];
    const right = node.x + node.side + 14 > places.map.x - 220;
    editor.open({ title: nameOf(node), rows, chosen, x: right ? node.x - 230 : node.x + node.side + 10, y: node.y - 20, opener });
  }
  function found(event) { // what lies under the pointer: a node, its bias, or a link
    const box = stage.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const within = (place, room = 0) => x >= place.x - room && x <= place.x + place.side + room && y >= place.y - room && y <= place.y + place.side + room;
    const all = places.columns.flatMap((column) => column.nodes), node = all.find((each) => within(each));
    if (node) return { node, x, y };
    const bias = all.find((each) => each.layer && within(biasPlace(each), 3));
    if (bias) return { node: bias, bias: true, x, y };
    ink.setTransform(1, 0, 0, 1, 0, 0);
    for (const reach of event.pointerType === "touch" ? [6, 14, 24] : [4, 9]) {
      ink.lineWidth = reach;
      const scaled = (link) => ink.isPointInStroke(link.path, x, y);
      const link = places.links.filter(scaled).sort((a, b) => Math.abs(weightOf(b)) - Math.abs(weightOf(a)))[0];
      if (link) return { link, x, y };
    }
    return { x, y };
  }
  const weightOf = (link) => weightAt(link.layer, link.from.unit, link.to.unit);
  function hover(event) {
    if (!places || !frame || editor.contains(event.target)) return;
    const what = found(event);
    const words = what.link ? `weight ${written(weightOf(what.link))}, from ${nameOf(what.link.from)} to ${nameOf(what.link.to)}. Click to change it.`
      : what.bias ? `bias ${written(biasAt(what.node.layer, what.node.unit))} of ${nameOf(what.node)}. Click to change it.`
      : what.node?.layer ? `${nameOf(what.node)}. Click for its bias and weights.` : what.node ? `${what.node.name}: click to ${what.node.unit < 0 ? "give it to the network" : "take it away"}.` : "";
    tip.hidden = !words || (what.node && !what.node.layer && offered().fixed.includes("features"));
    tip.textContent = words;
    tip.style.left = `${Math.min(what.x + 14, places.width - 240)}px`;
    tip.style.top = `${what.y + 18}px`;
    stage.style.cursor = words ? "pointer" : "";
    const focused = nodes.contains(document.activeElement) ? { node: document.activeElement.node } : null;
    look(what.node || what.link ? what : focused);
  }
  stage.addEventListener("pointermove", hover);
  stage.addEventListener("pointerdown", hover);
  stage.addEventListener("pointerleave", () => { tip.hidden = true; if (!editor.opened) look(null); });
  stage.addEventListener("click", (event) => {
    if (!places || !frame || editor.contains(event.target) || event.target.closest("button, input")) return;
    const what = found(event);
    tip.hidden = true;
    const opener = (node) => [...nodes.children].find((each) => keyOf(each.node) === keyOf(node));
    if (what.link) edit(what.link.to, opener(what.link.to), 1 + what.link.from.unit);
    else if (what.bias) edit(what.node, opener(what.node));
    else editor.close();
  });

  // --- Hearing of changes

  const held = (value) => () => model.send({ held: value });
  for (const [name, value] of [["pointerenter", true], ["pointerleave", false], ["focusin", true], ["focusout", false]]) el.addEventListener(name, held(value));
  const heard = {
    "change:number": () => { if (places) { take(); ask(); editor.refresh(); } },
    "change:design change:offered change:discretise": () => { editor.close(); arrange(); },
    "change:hidden change:features": () => { if (places) arrangeHeads(); },
    "change:points change:learned": drawPoints,
    "change:said": () => voice.say(model.get("said")),
    "change:alt": tellMap,
  };
  for (const [names, does] of Object.entries(heard)) model.on(names, does);
  const endTheme = followTheme(() => { palette = paletteOf(looks().dark); arrange(); });
  const size = new ResizeObserver(() => { if (places?.width !== Math.max(FEWEST_PIXELS, el.clientWidth)) arrange(); });
  size.observe(el);
  keepKeys(el);
  tellMap();
  arrange();
  return () => {
    for (const [names, does] of Object.entries(heard)) model.off(names, does);
    endTheme();
    size.disconnect();
    voice.end();
    gone.end();
  };
}

export default { initialize: ({ model }) => followPage(model), render };
