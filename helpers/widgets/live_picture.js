// A picture that Python draws: shows the newest frame, enlarges it on demand, and says its words.

let focused = null; // JupyterLab makes a new view whenever the stored picture changes: the focus goes on in that one

function render({ model, el }) {
  el.classList.add("live-picture");
  const image = document.createElement("img"), large = document.createElement("img");
  const open = document.createElement("button"), close = document.createElement("button");
  const dialog = document.createElement("dialog"), words = document.createElement("p");
  const { element: said, say, end: endSaying } = announcer();
  const { element: gone, end: endGone } = goneNotice(model, el);
  open.type = close.type = "button";
  open.className = "live-open";
  open.setAttribute("aria-haspopup", "dialog");
  close.className = "live-close";
  close.textContent = "Close";
  words.className = "live-words";
  open.append(image);
  dialog.append(close, large);
  el.append(open, words, gone, said, dialog);
  for (const each of [open, dialog]) keepKeys(each);

  let url = "", shown = -1;
  const draw = () => {
    const bytes = model.get("image"), number = model.get("number");
    if (number === shown) return;
    shown = number;
    const old = url;
    url = bytes && bytes.byteLength ? URL.createObjectURL(new Blob([bytes], { type: model.get("mime") })) : "";
    if (old) setTimeout(() => URL.revokeObjectURL(old), 1000); // not at once: it may not be decoded yet
    open.hidden = !url;
    words.hidden = Boolean(url);
    words.textContent = url ? "" : model.get("alt");
    image.width = model.get("width");
    image.height = model.get("height");
    image.alt = large.alt = model.get("alt");
    open.title = "Click or press Enter to enlarge";
    dialog.setAttribute("aria-label", model.get("alt"));
    if (url) image.src = url;
    if (url && dialog.open) large.src = url;
    el.dataset.frame = number;
  };
  // A view that JupyterLab has put away, for good or until it is scrolled back, does not unpack frames.
  const drawIfThere = () => el.isConnected && draw();
  const takeFocus = () => {
    const lost = focused && !focused.isConnected && document.activeElement.contains(open);
    if (lost) open.focus();
  };
  const back = new IntersectionObserver(() => {
    drawIfThere();
    takeFocus();
  });
  back.observe(el);

  const enlarge = () => {
    large.src = url;
    dialog.showModal();
    tellKernel(model, { room: Math.round(dialog.clientWidth) });
  };
  open.addEventListener("click", enlarge);
  open.addEventListener("focus", () => (focused = open));
  // The browser says "blur" also while it takes the view away; that is no wish of the reader's.
  open.addEventListener("blur", () => setTimeout(() => open.isConnected && focused === open && (focused = null)));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // beside the picture
  dialog.addEventListener("close", () => {
    tellKernel(model, { room: 0 });
    open.focus();
  });

  const announce = () => say(model.get("said"));
  announce();
  model.on("change:number", drawIfThere);
  model.on("change:said", announce);
  draw();
  return () => {
    back.disconnect();
    endSaying();
    endGone();
    model.off("change:number", drawIfThere);
    model.off("change:said", announce);
    if (url) URL.revokeObjectURL(url);
  };
}

export default { initialize: ({ model }) => followPage(model), render };
