// A number on a slider and in a field. The slider stops at given values. The field takes any value within the range,
// exactly as it is typed; anything else is answered in words and changes nothing.

const write = (number, whole) => (whole ? number.toLocaleString("en-US") : String(number));

// Why a text was not taken.
function refusal(text, model) {
  const words = (name) => write(model.get(name), model.get("whole"));
  const stays = `${model.get("description")} stays ${words("value")}.`;
  const asked = model.get("whole") ? "" : whichOfTwo(text);
  if (asked) return `${asked}; ${stays}`;
  return `Type a ${model.get("whole") ? "whole " : ""}number from ${words("min")} to ${words("max")}; ${stays}`;
}

// With an arrow on a dropdown JupyterLab would go to the next cell. ipywidgets' own controls let all keys pass; so
// they are stopped on their way, once for the page.
function keepKeysOfLabs() {
  if (document.body.dataset.labKeys) return;
  document.body.dataset.labKeys = "kept";
  document.body.addEventListener("keydown", (event) => {
    if (!saves(event) && event.target.closest(".lab-controls, .lab-row, .playground-form")) event.stopPropagation();
  });
}

// A button that is greyed out under the keyboard's hand would drop the focus, and the next key be lost: it goes to the
// button that is offered in its place, as from Play to Pause. They may change one after the other; once for the page too.
const IN_ITS_PLACE = 150; // milliseconds
function keepFocus() {
  if (document.body.dataset.labFocus) return;
  document.body.dataset.labFocus = "kept";
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (!target.disabled || target !== document.activeElement || !target.matches("button")) continue;
      const row = target.closest(".lab-row, .playground-buttons, .playground-depth, .playground-head");
      setTimeout(() => {
        const lost = document.activeElement === document.body || document.activeElement === target;
        if (lost) row?.querySelector("button:enabled")?.focus({ preventScroll: true });
      }, IN_ITS_PLACE);
    }
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["disabled"] });
}

function render({ model, el }) {
  el.innerHTML = `<label><span></span><input type="range" min="0" step="1"></label>
    <input type="text" inputmode="decimal" autocomplete="off" spellcheck="false">
    <p role="alert"></p>`;
  const [label, range, field, alert] = ["span", "[type=range]", "[type=text]", "p"].map((each) => el.querySelector(each));
  let places = []; // what the slider stops at: the stops, and a value that was typed or set between them

  const show = () => {
    const value = model.get("value"), words = write(value, model.get("whole"));
    if (!places.includes(value)) places = [...new Set([...model.get("stops"), value])].sort((a, b) => a - b);
    range.max = places.length - 1;
    range.value = places.indexOf(value);
    range.setAttribute("aria-valuetext", [words, model.get("unit")].join(" ").trim());
    if (!unfinished()) field.value = words;
  };
  const unfinished = () => field === document.activeElement && field.dataset.edited === "yes";
  const look = () => {
    label.textContent = model.get("description");
    field.setAttribute("aria-label", `${model.get("description")}, any value`);
    range.disabled = field.disabled = model.get("disabled");
    el.title = model.get("hint");
    for (const each of [range, field]) each.setAttribute("aria-description", model.get("hint"));
  };
  const offer = () => {
    places = [];
    show();
  };
  const answer = (words) => {
    field.setAttribute("aria-invalid", words ? "true" : "false");
    if (alert.textContent !== words) alert.textContent = words;
  };
  const settle = () => {
    field.dataset.edited = "no";
    answer("");
    show();
  };
  const set = (value) => {
    model.set("value", value);
    model.save_changes();
    settle();
  };
  const take = () => {
    if (field.dataset.edited !== "yes") return; // shown in thousands, or to the last digit: nothing was typed
    const value = readNumber(field.value, model.get("whole"));
    if (value >= model.get("min") && value <= model.get("max")) set(value);
    else answer(refusal(field.value, model));
  };
  const move = () => set(places[range.valueAsNumber]);

  range.addEventListener("input", move);
  field.addEventListener("input", () => (field.dataset.edited = "yes"));
  field.addEventListener("change", take);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") take();
    if (event.key === "Escape") settle();
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      range[event.key === "ArrowUp" ? "stepUp" : "stepDown"]();
      move();
    }
  });
  keepKeys(el);
  keepKeysOfLabs();
  keepFocus();

  model.on("change:value", () => (unfinished() ? show() : settle()));
  model.on("msg:custom", (said) => said.settle && settle());
  model.on("change:stops", offer);
  model.on("change:description change:disabled change:hint", look);
  look();
  show();
}

export default { render };
