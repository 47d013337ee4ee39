// The buttons and fields by which layers and neurons are added and taken away.

// depth: holds the buttons for the number of layers. heads: what stands above the columns is put there. refusal: says
// why a number was not taken. want: told the name and value of what the reader wants the network to be. Returns what
// arranges it all, and what forgets a number that was not taken.
function layerControls(depth, heads, refusal, { model, design, offered, want }) {
  const countOf = (layer) => model.get("hidden")[layer - 1];
  const wantLayer = (layer, count) => {
    const hidden = [...model.get("hidden")];
    hidden[layer - 1] = count;
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
      onclick: () => wantLayer(layer, countOf(layer) + step),
    });
    each.dataset.head = `${layer}${step}`;
    return each;
  };
  const field = (layer) => {
    const each = Object.assign(document.createElement("input"), { type: "text", inputMode: "numeric", autocomplete: "off" });
    each.dataset.head = layer;
    const take = (count) => {
      settle();
      if (count >= 1 && count <= offered().neurons) wantLayer(layer, count);
      else refuse(each, layer);
    };
    each.onchange = () => take(readNumber(each.value, true));
    each.onkeydown = (event) => {
      const step = { ArrowUp: 1, ArrowDown: -1, Escape: 0 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      settle();
      each.value = Math.max(1, Math.min(offered().neurons, countOf(layer) + step));
      if (step) take(Number(each.value));
    };
    return each;
  };
  const refuse = (input, layer) => {
    input.ariaInvalid = "true";
    const left = parseFloat(input.closest(".playground-head").style.left);
    refusal.style.left = `${Math.max(0, Math.min(left, heads.clientWidth - 236))}px`;
    refusal.textContent = `Type a whole number from 1 to ${offered().neurons}; layer ${layer} stays ${countOf(layer)}.`;
  };
  const settle = () => {
    refusal.textContent = "";
    for (const input of heads.querySelectorAll("[aria-invalid=true]")) {
      input.ariaInvalid = "false";
      if (document.activeElement !== input) input.value = countOf(input.dataset.head);
    }
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

  const nameOf = (layer, room) => {
    if (!isHidden(layer)) return layer ? "output" : "features";
    return room < 50 ? String(layer) : `layer ${layer}`;
  };
  const roomIn = (places) => places.columns[1].x - places.columns[0].x;
  // The heads that there are: where they lie now, with the present numbers.
  const follow = (places) => {
    places.columns.forEach(({ layer, x, nodes }, place) => {
      const each = heads.children[place], [less, more] = each.querySelectorAll("button"), input = each.querySelector("input");
      each.style.left = `${x + places.cell / 2 - 34}px`;
      each.querySelector("span").textContent = nameOf(layer, roomIn(places));
      if (!input) return;
      const count = countOf(layer) ?? design().sizes[layer];
      input.ariaLabel = `Neurons in layer ${layer}${nodes.length < count ? `, ${nodes.length} of them shown` : ""}`;
      if (document.activeElement !== input && input.ariaInvalid !== "true") input.value = count;
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
    const roomy = roomIn(places) >= 70; // else a number can be typed, or changed by arrow keys
    const now = JSON.stringify([roomy, places.columns.length, offered().fixed]);
    if (now === made) return follow(places); // nothing is put in the place of a field in which a hand types
    made = now;
    heads.replaceChildren(...places.columns.map(({ layer }) => head(layer, roomy)));
    follow(places);
    if (focused) heads.querySelector(`[data-head="${focused}"]`)?.focus({ preventScroll: true });
  };
  return { arrange, settle };
}
