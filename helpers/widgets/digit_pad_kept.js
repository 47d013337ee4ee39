// The reader's own digits that are kept, beside one another, each with what it was taken for.

function keptDigits(list, wish) {
  return (kept, images) => {
    list.replaceChildren(...kept.map((words, number) => {
      const item = document.createElement("li"), again = document.createElement("button");
      const forget = document.createElement("button"), below = document.createElement("span");
      const small = document.createElement("canvas");
      paintGrey(small, images, 784 * number, 28);
      small.setAttribute("aria-hidden", "true");
      again.type = forget.type = "button";
      again.className = "pad-again";
      again.title = "Put it on the pad again";
      again.setAttribute("aria-label", `Put on the pad again: ${words}`);
      again.append(small);
      again.addEventListener("click", () => wish("again", number));
      forget.className = "pad-forget";
      forget.textContent = "×";
      forget.title = "Forget this one";
      forget.setAttribute("aria-label", `Forget: ${words}`);
      forget.addEventListener("click", () => wish("forget", number));
      below.textContent = words;
      item.append(again, forget, below);
      return item;
    }));
  };
}
