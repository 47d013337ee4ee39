// The buttons and fields by which layers and neurons are added and taken away.

// depth: holds the buttons for the number of layers. heads: what stands above the columns is put there. want: told the
// name and value of what the reader wants the network to be.
function layerControls(depth, heads, { model, design, offered, want }) {
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
  const buttons = [...depth.querySelectorAll("button")];
  for (const each of buttons) each.onclick = () => wantDepth(Number(each.dataset.step));

  const button = (layer, step) => {
    const each = Object.assign(document.createElement("button"), {
      type: "button",
      textContent: step < 0 ? "−" : "+",
      ariaLabel: `One neuron ${step < 0 ? "less" : "more"} in layer ${layer}`,
      onclick: () => wantLayer(layer, model.get("hidden")[layer - 1] + step),
    });
    each.dataset.head = `${layer}${step}`;
    return each;
  };
  const field = (layer) => {
    const each = Object.assign(document.createElement("input"), {
      type: "number", min: 1, max: offered().neurons, ariaLabel: `Neurons in layer ${layer}`,
    });
    each.dataset.head = layer;
    each.onchange = () => {
      if (Number.isFinite(each.valueAsNumber)) wantLayer(layer, each.valueAsNumber);
      each.value = model.get("hidden")[layer - 1]; // what was taken, however much was typed
    };
    return each;
  };
  const isHidden = (layer) => layer > 0 && layer < design().sizes.length - 1;
  const head = (layer, roomy) => {
    const each = document.createElement("div");
    each.className = "playground-head";
    Object.assign(each.style, { top: 0, width: "68px" });
    each.append(document.createElement("span"));
    if (isHidden(layer) && !offered().fixed.includes("hidden")) {
      const row = document.createElement("div");
      row.append(...(roomy ? [button(layer, -1), field(layer), button(layer, 1)] : [field(layer)]));
      each.append(row);
    }
    return each;
  };

  const nameOf = (layer, shown) => {
    if (!isHidden(layer)) return layer ? "output" : "features";
    return `layer ${layer}${shown < design().sizes[layer] ? `, ${shown} shown` : ""}`;
  };
  // The heads that there are: where they lie now, with the present numbers.
  const follow = (places) => {
    places.columns.forEach(({ layer, x, nodes }, place) => {
      const each = heads.children[place], [less, more] = each.querySelectorAll("button"), input = each.querySelector("input");
      each.style.left = `${x + places.cell / 2 - 34}px`;
      each.querySelector("span").textContent = nameOf(layer, nodes.length);
      if (!input) return;
      const count = model.get("hidden")[layer - 1] ?? design().sizes[layer];
      if (document.activeElement !== input) input.value = count;
      if (less) [less.disabled, more.disabled] = [count <= 1, count >= offered().neurons];
    });
  };
  let made = ""; // what the heads were made for

  // Show what there is, and keep the focus where it was.
  const arrange = (places) => {
    const hidden = model.get("hidden"), focused = heads.contains(document.activeElement) && document.activeElement.dataset.head;
    depth.querySelector("b").textContent = design().sizes.length - 2;
    for (const each of buttons) each.hidden = offered().fixed.includes("hidden");
    buttons[0].disabled = !hidden.length;
    buttons[1].disabled = hidden.length >= offered().layers;
    const roomy = places.columns[1].x - places.columns[0].x >= 70; // else a number can be typed, or changed by arrow keys
    const now = JSON.stringify([roomy, places.columns.length, offered().fixed]);
    if (now === made) return follow(places); // nothing is put in the place of a field in which a hand types
    made = now;
    heads.replaceChildren(...places.columns.map(({ layer }) => head(layer, roomy)));
    follow(places);
    if (focused) heads.querySelector(`[data-head="${focused}"]`)?.focus({ preventScroll: true });
  };
  return { arrange };
}
