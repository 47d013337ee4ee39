// A button that unfolds the box after it; the stylesheet hides that box while this one has no class "unfolded".

function render({ model, el }) {
  const button = el.appendChild(document.createElement("button"));
  button.type = "button";
  const show = () => {
    button.textContent = model.get("label");
    button.setAttribute("aria-expanded", String(model.get("unfolded")));
    el.classList.toggle("unfolded", model.get("unfolded"));
  };
  button.addEventListener("click", () => {
    model.set("unfolded", !model.get("unfolded"));
    model.save_changes();
  });
  keepKeys(el); // Enter is not meant for JupyterLab
  model.on("change:label", show);
  model.on("change:unfolded", show);
  show();
}

export default { render };
