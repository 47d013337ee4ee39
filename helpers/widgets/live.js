// What every widget that is shown in frames shares. Python puts this text, and keys.js, before the widget's own.

// The page's looks, told to Python by the model rather than by a view: a cell that is scrolled away may have no view.
const looks = () => ({
  dark: document.body.dataset.jpThemeLight === "false",
  density: window.devicePixelRatio || 1,
});

// Say something to Python. Once the kernel has ended there is nobody to hear it, which goneNotice says to the reader.
// Returns whether it could be said.
function tellKernel(model, content) {
  try {
    model.send(content);
    return true;
  } catch (error) {
    console.debug("The kernel behind this widget has ended.", error);
    return false;
  }
}

// Tell Python the looks now and whenever they change, and that a frame was seen. Returns what ends it.
function followPage(model) {
  const tell = () => tellKernel(model, looks());
  const theme = new MutationObserver(tell);
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  window.addEventListener("resize", tell); // zooming the page changes its density, and resizes it
  // A frame is acknowledged once the browser comes round to painting: a hidden page paints nothing and asks for nothing.
  const seen = () => requestAnimationFrame(() => tellKernel(model, { seen: model.get("number") }));
  model.on("change:number", seen);
  tellKernel(model, { ...looks(), room: 0 }); // nothing is enlarged on a page that was just loaded
  seen();
  return () => {
    theme.disconnect();
    window.removeEventListener("resize", tell);
    model.off("change:number", seen);
  };
}

// Call `changed` whenever the theme does, and once more a moment later: JupyterLab marks the page and loads the theme's
// style sheet one after the other. Returns what ends it.
const SETTLED = 600; // milliseconds
function followTheme(changed) {
  let later = 0;
  const theme = new MutationObserver(() => {
    changed();
    clearTimeout(later);
    later = setTimeout(changed, SETTLED);
  });
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  return () => {
    theme.disconnect();
    clearTimeout(later);
  };
}

// An element that a screen reader announces when its text changes, at most every few seconds. What was said, and when, is
// the model's: JupyterLab may make the view anew before its turn has come, and the new one then says it.
const ANNOUNCED_EVERY = 3000; // milliseconds
let announced = "", announcedAt = -ANNOUNCED_EVERY;
function announcer() {
  const element = document.createElement("p");
  element.className = "live-said";
  element.setAttribute("role", "status");
  let waiting = null;
  const say = (text) => {
    clearTimeout(waiting);
    if (text === announced) return;
    waiting = setTimeout(() => {
      if (!element.isConnected) return;
      announced = element.textContent = text;
      announcedAt = performance.now();
    }, Math.max(0, announcedAt + ANNOUNCED_EVERY - performance.now()));
  };
  return { element, say, end: () => clearTimeout(waiting) };
}

// A line that appears when the kernel is gone: nothing here will move again until the cell is run.
// ipywidgets marks the boxes around `el` then; a widget that stands alone has none, and finds that nobody hears it.
function goneNotice(model, el) {
  const element = document.createElement("p");
  element.className = "live-gone";
  element.setAttribute("role", "status");
  const tell = () => {
    const gone = el.closest(".jupyter-widgets-disconnected") !== null || !tellKernel(model, {});
    element.textContent = gone ? "The kernel behind this has ended. Run this cell again." : "";
    element.hidden = !gone;
  };
  const mark = new MutationObserver(tell);
  mark.observe(el, { attributes: true, attributeFilter: ["class"] });
  model.on("comm_live_update", tell);
  tell();
  return {
    element,
    end: () => {
      mark.disconnect();
      model.off("comm_live_update", tell);
    },
  };
}
