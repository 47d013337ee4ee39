// What a lab says of itself. live.js stands before this.

function render({ model, el }) {
  const gone = goneNotice(model, el);
  const words = document.createElement("div");
  words.className = "lab-status";
  words.setAttribute("role", "status");
  el.append(gone.element, words);

  // A run says its step many times a second. All is shown, and announced is what stands there every few seconds.
  let last = -ANNOUNCED_EVERY, waiting = null;
  const show = (live) => {
    words.setAttribute("aria-live", live);
    words.innerHTML = model.get("value");
  };
  const announce = () => {
    last = performance.now();
    waiting = null;
    if (!words.querySelector("[role=alert]")) show("polite"); // an alert has been announced as it came
  };
  const changed = () => {
    show("off");
    waiting ??= setTimeout(announce, Math.max(0, last + ANNOUNCED_EVERY - performance.now()));
  };
  show("off"); // what stands there when the page is opened is read in its turn
  model.on("change:value", changed);
  return () => {
    clearTimeout(waiting);
    model.off("change:value", changed);
    gone.end();
  };
}
export default { render };
