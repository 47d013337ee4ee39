// The playground on the page: draws the newest numbers, and tells the kernel what hand and keyboard do with them.

// A trait's bytes as an array of numbers. The bytes may begin anywhere, so floats are copied to where they may stand.
function numbersIn(model, name, Kind) {
  const bytes = model.get(name);
  return new Kind(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

const ONE_LINE = 900; // CSS pixels that the line above the network needs, or it has two
const TAKES_OVER = 60; // frames that a new view waits for the one before it to be gone
const SHELL = `<div class="playground-top">
    <span class="playground-depth" role="group" aria-label="Hidden layers">hidden layers
      <button type="button" data-step="-1" aria-label="One hidden layer less">−</button><b aria-live="polite"></b>
      <button type="button" data-step="1" aria-label="One hidden layer more">+</button></span>
    <span class="playground-line"></span></div>
  <div class="playground-stage"><canvas aria-hidden="true"></canvas>
    <div class="playground-map" role="img"></div>
    <div class="playground-heads"></div><div class="playground-nodes" role="group"></div>
    <p class="playground-refusal" role="alert"></p>
    <div class="playground-tip" aria-hidden="true" hidden></div></div>`;

function render({ model, el }) {
  el.classList.add("playground");
  el.innerHTML = SHELL;
  const find = (name) => el.querySelector(`.playground-${name}`);
  const stage = find("stage"), canvas = el.querySelector("canvas"), heads = find("heads"), nodes = find("nodes");
  const tip = find("tip"), line = find("line"), mapWords = find("map"), depth = find("depth");
  const ink = inkOf(canvas);
  const voice = announcer();
  el.append(voice.element);
  nodes.setAttribute("aria-label", "The network: arrow keys lead from neuron to neuron, Enter opens one");

  let palette = paletteOf(looks().dark), places = null, frame = null, over = null, marked = null, pending = false;
  let beyond = 0; // points that lie outside of the map
  let starts = { weights: [], biases: [] }; // where the numbers of each layer begin
  const images = { thumbnails: document.createElement("canvas"), large: document.createElement("canvas") };

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
    line.textContent = line.title = model.get("line"); // of a deep network it may be too long for its place
  }

  function arrange() { // another design, width or theme: where everything lies
    if (!design().sizes) return;
    places = placesFor(el.clientWidth, design(), offered());
    el.classList.toggle("playground-narrow", places.width < ONE_LINE);
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
    images.features = mapImage(numbersIn(model, "feature_maps", Int8Array), design().thumbnail, offered().features.length, palette, model.get("discretise"));
    images.scale = mapImage(Int8Array.from({ length: 255 }, (_, k) => k - 127), 255, 1, palette, model.get("discretise"));
    drawPoints();
    findAgain();
    layers.arrange(places);
    arrangeNodes();
    take();
    ask();
    // When the still picture is put beside it, JupyterLab makes the view anew: what stands below must not jump meanwhile.
    const output = el.closest(".jp-OutputArea-output");
    if (output) output.style.minHeight = `${places.height + 28}px`;
  }
  const put = (element, x, y, width, height) =>
    Object.assign(element.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
  function drawPoints() {
    if (!places) return;
    const points = numbersIn(model, "points", Float32Array);
    beyond = points.reduce((count, _, at) => count + (at % 3 === 0 && Math.max(Math.abs(points[at]), Math.abs(points[at + 1])) > 6), 0);
    images.points = pointsImage(points, model.get("learned"), design().problem, places.map.side, looks().density, palette);
    ask();
  }

  // --- Drawing

  const ask = () => {
    if (!pending) requestAnimationFrame(() => { pending = false; if (places && frame && el.isConnected) draw(); });
    pending = true;
  };
  function draw() {
    const lookedAt = over?.node ? keyOf(over.node) : "output";
    paintNetwork(ink, {
      places, frame, palette, images, over, marked, lookedAt, design: design(), features: offered().features,
      discretise: model.get("discretise"), sharp: model.get("large_of") === lookedAt, until: model.get("until"),
      title: over?.node && lookedAt !== "output" ? `What ${nameOf(over.node)} sees` : "What the network says",
      density: looks().density, beyond, weightAt, biasAt, testPoints: model.get("points").byteLength > 12 * model.get("learned"),
      isOver: (node) => over?.node && keyOf(node) === lookedAt,
    });
  }
  const tellMap = () => mapWords.setAttribute("aria-label", over?.node ? `What ${nameOf(over.node)} sees` : model.get("alt"));

  // --- The network's own buttons

  const want = (name, value) => { model.set(name, value); model.save_changes(); };
  const layers = layerControls(depth, heads, find("refusal"), { model, design, offered, want });

  function arrangeNodes() {
    const focused = nodes.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const before = nodes.querySelector("[tabindex='0']")?.dataset.key;
    const fixed = offered().fixed.includes("features");
    nodes.replaceChildren(...places.columns.flatMap((column) => column.nodes.map((node) => {
      const each = Object.assign(document.createElement("button"), { type: "button", onclick: () => press(node, each) });
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
    tip.hidden = next.length > 0;
    tip.textContent = "A network needs at least one feature."; // seen, if the hand has not gone on, and heard
    if (next.length) want("features", next);
    else voice.say(tip.textContent);
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

  let asked = null; // nothing yet: what the view before this one asked for may still be on its way
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
  function findAgain() { // what the hand was on, in another network: it may be gone, or the hand
    if (!over) return;
    const node = stage.matches(":hover") && places.columns.flatMap((column) => column.nodes).find((each) => over.node && keyOf(each) === asked);
    if (node) return look({ node });
    tip.hidden = true;
    look(null);
  }
  const editor = numberEditor(stage, {
    valueOf,
    change: (row, value) => model.send({ edit: { layer: row.layer, to: row.to, value, ...(row.from === undefined ? {} : { from: row.from }) } }),
    mark: (row) => { marked = row; ask(); },
    keep: (typed) => { if (el.isConnected || typed) model.typed = typed && { ...typed, key: edited }; },
  });
  let edited = null; // the key of the node whose numbers are edited
  function edit(node, opener, chosen = 0, text = undefined) {
    tip.hidden = true;
    edited = keyOf(node);
    const sources = node.layer === 1 ? design().features : [...Array(design().sizes[node.layer - 1]).keys()].map((k) => `neuron ${k + 1}`);
    const rows = [{ name: "bias", layer: node.layer, to: node.unit },
      ...sources.map((name, from) => ({ name: `weight of ${name}`, layer: node.layer, from, to: node.unit }))];
    const right = node.x + node.side + 14 > places.map.x - 246;
    editor.open({ title: nameOf(node), rows, chosen, text, x: right ? node.x - 256 : node.x + node.side + 10, y: node.y - 20, opener });
  }
  // JupyterLab may put this view in the place of one in which somebody types: then go on with that.
  function takeOver(looks) {
    const { typed } = model, opener = typed && [...nodes.children].find((each) => each.dataset.key === typed.key);
    if (!opener || !looks) return;
    if (typed.form.isConnected || !el.isConnected) requestAnimationFrame(() => takeOver(looks - 1));
    else edit(opener.node, opener, typed.chosen, typed.text);
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
  const wordsOf = (what) =>
    what.link ? `weight ${written(weightOf(what.link))}, from ${nameOf(what.link.from)} to ${nameOf(what.link.to)}. Click to change it.`
      : what.bias ? `bias ${written(biasAt(what.node.layer, what.node.unit))} of ${nameOf(what.node)}. Click to change it.`
      : what.node?.layer ? `${nameOf(what.node)}. Click for its bias and weights.` : what.node ? `${what.node.name}: click to ${what.node.unit < 0 ? "give it to the network" : "take it away"}.` : "";
  const tell = () => { // the number that the hand rests on, as it is now
    if (!tip.hidden && (over?.link || over?.bias)) tip.textContent = wordsOf(over);
  };
  function hover(event) {
    if (!places || !frame || editor.contains(event.target)) return;
    const what = found(event), words = wordsOf(what);
    tip.hidden = !words || (what.node && !what.node.layer && offered().fixed.includes("features"));
    tip.textContent = words;
    tip.style.left = `${Math.min(what.x + 14, places.width - 240)}px`;
    tip.style.top = `${what.y + 18}px`;
    stage.style.cursor = words ? "pointer" : "";
    look(what.node || what.link ? what : inFocus());
  }
  const inFocus = () => { // by the keyboard: a click leaves the focus behind, and the hand goes on
    const node = document.activeElement?.matches(":focus-visible") && document.activeElement.node;
    return node && nodes.contains(document.activeElement) ? { node } : null;
  };
  stage.addEventListener("pointermove", hover);
  stage.addEventListener("pointerover", hover); // a new view may be put, and laid out, under a hand that rests
  stage.addEventListener("pointerdown", hover);
  stage.addEventListener("pointerleave", () => { tip.hidden = true; if (!editor.opened) look(inFocus()); });
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

  let held = false; // whether hand or focus rest here: then nobody should put another view in this one's place
  const tellHeld = () => setTimeout(() => {
    const now = el.matches(":hover") || el.contains(document.activeElement);
    if (now !== held) model.send({ held: now });
    held = now;
  });
  for (const name of ["pointerenter", "pointerleave", "focusin", "focusout"]) el.addEventListener(name, tellHeld);
  const heard = {
    "change:number": () => { if (places && el.isConnected) { take(); ask(); editor.refresh(); tell(); } },
    "change:design change:offered change:discretise": () => { if (el.isConnected) { editor.close(); arrange(); } },
    "change:hidden change:features": () => { if (places) { layers.settle(); layers.arrange(places); } },
    "msg:custom": (said) => { if (said.settle) { editor.settle(); layers.settle(); } },
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
  look(null);
  takeOver(TAKES_OVER);
  return () => {
    for (const [names, does] of Object.entries(heard)) model.off(names, does);
    endTheme();
    size.disconnect();
    voice.end();
  };
}

export default { initialize: ({ model }) => followPage(model), render };
