// Asks the kernel once, and says whether it answered.

const PATIENCE = 10_000; // milliseconds

function render({ model, el }) {
  const line = el.appendChild(document.createElement("p"));
  line.className = "pulse";
  line.setAttribute("role", "status");
  line.style.margin = "0";
  const before = model.get("heard"), began = performance.now();
  line.textContent = "… The page asks the kernel.";
  const late = setTimeout(() => {
    line.textContent = "✗ The kernel does not answer the page. If it is busy with another cell, this line changes when it " +
      "is done. If not: save, reload the page, choose Kernel → Restart Kernel…, and run this cell again.";
  }, PATIENCE);
  const heard = () => {
    if (model.get("heard") === before) return;
    clearTimeout(late);
    line.textContent = `✓ The controls are alive: the page asked, and the kernel answered after ${Math.round(performance.now() - began)} ms.`;
  };
  model.on("change:heard", heard);
  try {
    model.send({ asked: true });
  } catch (error) { // the kernel that made this line has ended
    clearTimeout(late);
    line.textContent = "✗ The kernel behind this line has ended. Run this cell again.";
    console.debug(error);
  }
  return () => {
    clearTimeout(late);
    model.off("change:heard", heard);
  };
}

export default { render };
