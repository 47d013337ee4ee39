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

  const button = (layer, step, count) => {
    const each = Object.assign(document.createElement("button"), {
      type: "button",
      textContent: step < 0 ? "−" : "+",
      ariaLabel: `One neuron ${step < 0 ? "less" : "more"} in layer ${layer}`,
      disabled: step < 0 ? count <= 1 : count >= offered().neurons,
      onclick: () => wantLayer(layer, model.get("hidden")[layer - 1] + step),
    });
    each.dataset.head = `${layer}${step}`;
    return each;
  };
  const field = (layer, count) => {
    const each = Object.assign(document.createElement("input"), {
      type: "number", min: 1, max: offered().neurons, value: count, ariaLabel: `Neurons in layer ${layer}`,
    });
    each.dataset.head = layer;
    each.onchange = () => {
      if (Number.isFinite(each.valueAsNumber)) wantLayer(layer, each.valueAsNumber);
      each.value = model.get("hidden")[layer - 1]; // what was taken, however much was typed
    };
    return each;
  };
  const head = (layer, place, cell, shown, roomy) => {
    const each = document.createElement("div"), name = document.createElement("span"), sizes = design().sizes;
    const isHidden = layer > 0 && layer < sizes.length - 1;
    each.className = "playground-head";
    Object.assign(each.style, { left: `${place + cell / 2 - 34}px`, top: 0, width: "68px" });
    name.textContent = nameOf(layer, shown);
    each.append(name);
    if (isHidden && !offered().fixed.includes("hidden")) {
      const row = document.createElement("div"), count = model.get("hidden")[layer - 1] ?? sizes[layer];
      row.append(...(roomy ? [button(layer, -1, count), field(layer, count), button(layer, 1, count)] : [field(layer, count)]));
      each.append(row);
    }
    return each;
  };

  const nameOf = (layer, shown) => {
    const sizes = design().sizes, isHidden = layer > 0 && layer < sizes.length - 1;
    return isHidden ? `layer ${layer}${shown < sizes[layer] ? `, ${shown} shown` : ""}` : layer ? "output" : "features";
  };
  // The heads that there are, where they lie now and with the present numbers.
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
  let fixed = null; // how much was fixed when the heads were made

  // Show what there is, and keep the focus where it was.
  const arrange = (places) => {
    const hidden = model.get("hidden"), focused = heads.contains(document.activeElement) && document.activeElement.dataset.head;
    depth.querySelector("b").textContent = design().sizes.length - 2;
    for (const each of buttons) each.hidden = offered().fixed.includes("hidden");
    buttons[0].disabled = !hidden.length;
    buttons[1].disabled = hidden.length >= offered().layers;
    const roomy = places.columns[1].x - places.columns[0].x >= 70; // else a number can be typed, or changed by arrow keys
    if (heads.dataset.roomy === String(roomy) && heads.children.length === places.columns.length && offered().fixed.length === fixed) {
      return follow(places); // nothing is put in the place of a field in which a hand types
    }
    heads.dataset.roomy = roomy;
    fixed = offered().fixed.length;
    heads.replaceChildren(...places.columns.map(({ layer, x, nodes }) => head(layer, x, places.cell, nodes.length, roomy)));
    if (focused) heads.querySelector(`[data-head="${focused}"]`)?.focus({ preventScroll: true });
  };
  return { arrange };
}
