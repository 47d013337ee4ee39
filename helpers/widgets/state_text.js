// A button that opens a text which follows the controls, to be copied with one press.

// Whether it could be copied. A page that does not come by https from elsewhere is not given the clipboard: there the
// text is copied as a hand would do it.
async function copied(field) {
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

function render({ model, el }) {
  el.innerHTML = `<button type="button" class="jupyter-button" aria-expanded="false"></button>
    <div class="state-panel" hidden><label><span></span><textarea readonly rows="3" spellcheck="false"></textarea></label>
      <button type="button" class="jupyter-button">Copy</button><button type="button" class="jupyter-button">Close</button>
      <span role="status"></span></div>`;
  const [opener, copy, close] = el.querySelectorAll("button"), panel = el.querySelector("div");
  const field = el.querySelector("textarea"), said = el.querySelector("[role=status]");
  opener.textContent = model.get("label");
  el.querySelector("label span").textContent = model.get("use");

  const open = (wanted) => {
    panel.hidden = !wanted;
    opener.setAttribute("aria-expanded", String(wanted));
    said.textContent = "";
    if (!wanted) opener.focus();
  };
  const follow = () => {
    field.value = model.get("value");
    said.textContent = ""; // what was copied is another text
  };
  opener.addEventListener("click", () => open(panel.hidden));
  close.addEventListener("click", () => open(false));
  copy.addEventListener("click", async () => {
    const done = await copied(field);
    said.textContent = done ? "Copied." : "It is marked: press Ctrl+C.";
    if (done) copy.focus();
  });
  panel.addEventListener("keydown", (event) => event.key === "Escape" && open(false));
  keepKeys(el);
  model.on("change:value", follow);
  follow();
  return () => model.off("change:value", follow);
}

export default { render };
