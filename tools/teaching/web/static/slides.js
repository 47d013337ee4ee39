// Light or dark as the system has it, until D is pressed.
const root = document.documentElement;
root.classList.toggle("dark", matchMedia("(prefers-color-scheme: dark)").matches);
document.addEventListener("keydown", (event) => {
  if (event.key === "d" && !event.ctrlKey && !event.metaKey && !event.altKey) root.classList.toggle("dark");
});

// What would run over the lower edge of its slide is set smaller, down to half.
function fit(slide) {
  const edge = Reveal.getConfig().height - 10;
  const overflows = () => [...slide.children].some((each) => each.offsetTop + each.offsetHeight > edge);
  for (let size = 100; size >= 50; size -= 5) {
    slide.style.fontSize = `${size}%`;
    if (!overflows()) break;
  }
}
addEventListener("load", () => {
  Reveal.on("slidechanged", (event) => fit(event.currentSlide));
  const begin = () => fit(Reveal.getCurrentSlide());
  Reveal.isReady() ? begin() : Reveal.on("ready", begin);
});
