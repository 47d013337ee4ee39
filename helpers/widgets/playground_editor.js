// The small form in which a neuron's bias and the weights that lead to it are shown, and edited by typing.

const FARTHEST = 1e6; // from 0, that a number may be
const written = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value));

// stage: where it opens. valueOf: what a row's number is now. change: told a row and its new value. mark: told the row
// that has the focus. keep: told what is typed, so that a view that takes this one's place can go on with it; null once
// it is closed. Returns what opens, refreshes and closes it, and forgets what was not taken.
function numberEditor(stage, { valueOf, change, mark, keep }) {
  const form = document.createElement("form");
  form.className = "playground-editor";
  form.setAttribute("role", "dialog");
  form.hidden = true;
  form.noValidate = true;
  stage.append(form);
  let fields = [], back = null;

  const note = (field) => keep({ form, chosen: fields.indexOf(field), text: field.input.dataset.dirty && field.input.value });
  const close = () => {
    if (form.hidden) return;
    form.hidden = true;
    keep(null);
    mark(null);
    if (form.contains(document.activeElement)) back?.focus();
  };
  const refresh = () => {
    if (form.hidden) return;
    for (const { row, input } of fields) {
      const held = document.activeElement === input || input.ariaInvalid === "true"; // not under the hand that types
      if (!held) input.value = written(valueOf(row));
    }
  };
  const settle = () => {
    if (form.hidden) return;
    form.querySelector(".playground-wrong").textContent = "";
    for (const { row, input } of fields) {
      if (input.ariaInvalid !== "true") continue;
      input.ariaInvalid = "false";
      delete input.dataset.dirty;
      input.value = written(valueOf(row));
    }
  };
  const accept = ({ row, input }) => {
    if (!input.dataset.dirty) return true;
    const value = readNumber(input.value, false);
    if (!(Math.abs(value) <= FARTHEST)) {
      input.ariaInvalid = "true";
      const should = whichOfTwo(input.value) || `Type a number from −${FARTHEST.toLocaleString("en")} to ${FARTHEST.toLocaleString("en")}`;
      form.querySelector(".playground-wrong").textContent = `${should}; ${row.name} stays ${written(valueOf(row))}.`;
      return false;
    }
    delete input.dataset.dirty;
    input.ariaInvalid = "false";
    change(row, value);
    settle();
    return true;
  };
  const move = (field, by) => {
    const value = readNumber(field.input.value, false);
    if (Number.isNaN(value)) return;
    field.input.value = written(Math.round((value + by) * 1000) / 1000);
    field.input.dataset.dirty = "1";
    accept(field);
  };
  const fieldFor = (row) => {
    const label = document.createElement("label"), input = document.createElement("input");
    label.textContent = row.name;
    input.type = "text";
    input.inputMode = "decimal";
    input.autocomplete = "off";
    label.append(input);
    const field = { row, input };
    input.addEventListener("input", () => { input.dataset.dirty = "1"; note(field); });
    input.addEventListener("focus", () => { mark(row); input.select(); note(field); });
    input.addEventListener("blur", () => { accept(field); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowUp") move(field, 0.1);
      else if (event.key === "ArrowDown") move(field, -0.1);
      else if (event.key === "Enter") { if (accept(field)) input.select(); }
      else return;
      event.preventDefault();
    });
    form.querySelector(".playground-fields").append(label);
    return field;
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const { input } of fields) delete input.dataset.dirty;
      close();
    }
  });

  // rows: what can be edited, [{name, …}]; the first has the focus unless `chosen` says which. opener: has it afterwards.
  // text: what was typed there before.
  const open = ({ title, rows, chosen = 0, text, x, y, opener }) => {
    form.innerHTML = `<header><b></b><button type="button" aria-label="Close">✕</button></header>
      <div class="playground-fields"></div><p class="playground-wrong" role="alert"></p>`;
    form.querySelector("b").textContent = title;
    form.setAttribute("aria-label", `${title}: type a number, Enter takes it, arrow keys change it, Escape leaves`);
    form.querySelector("button").addEventListener("click", close);
    fields = rows.map(fieldFor);
    form.hidden = false;
    back = opener;
    refresh();
    form.style.left = `${Math.max(2, Math.min(x, stage.clientWidth - form.offsetWidth - 2))}px`;
    form.style.top = `${Math.max(2, Math.min(y, stage.clientHeight - form.offsetHeight - 2))}px`;
    const { input } = fields[chosen];
    input.focus({ preventScroll: true });
    if (!text) return;
    Object.assign(input, { value: text, selectionStart: text.length });
    input.dataset.dirty = "1";
    note(fields[chosen]);
  };
  return { open, close, refresh, settle, get opened() { return !form.hidden; }, contains: (node) => form.contains(node) };
}
