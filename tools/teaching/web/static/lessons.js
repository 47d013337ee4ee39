// Lines too long for the column can be scrolled by keyboard.
addEventListener("load", () => {
  for (const block of document.querySelectorAll("pre, div.math, .cell_output")) {
    const hidden = block.scrollWidth > block.clientWidth || block.scrollHeight > block.clientHeight;
    if (hidden) block.tabIndex = 0;
  }
});
