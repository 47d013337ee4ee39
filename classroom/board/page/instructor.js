// What the instructor alone can do; the board asks who it is before it does any of it.

import { element, many } from "./svg.js";

export function instructor(board) {
  const { prefix, token } = document.documentElement.dataset;
  const find = (name) => document.getElementById(name);
  const uncover = find("uncover"), done = find("done"), sure = find("sure"), name = find("sure-name");
  find("instructor").hidden = false;

  async function ask(what, about = "") {
    done.textContent = "";
    const headers = { "Content-Type": "application/json", "Board-Page": "1", ...(token ? { "X-XSRFToken": token } : {}) };
    try {
      const answer = await fetch(`${prefix}instructor`, { method: "POST", headers, body: JSON.stringify({ do: what, about }) });
      const text = await answer.text(), said = text ? JSON.parse(text) : {};
      if (!answer.ok) done.textContent = said.why ?? `The board answered ${answer.status}.`;
      return answer.ok ? said : null;
    } catch {
      done.textContent = "The board does not answer. Try again when it is back.";
      return null;
    }
  }

  function confirm(title, words, yes, names = null) {
    find("sure-title").textContent = title;
    find("sure-words").textContent = words;
    find("sure-yes").textContent = yes;
    find("sure-name-label").hidden = !names;
    name.replaceChildren(...(names ?? []).map((each) => element("option", {}, each)));
    sure.returnValue = "no";
    sure.showModal();
    return new Promise((resolve) => sure.addEventListener("close", () => resolve(sure.returnValue === "yes"), { once: true }));
  }

  find("show-all").addEventListener("click", () => ask("show", board.lesson));
  uncover.addEventListener("click", () => ask(board.isUncovered ? "cover" : "uncover", board.lesson));
  find("clear").addEventListener("click", async () => {
    const words = "Every guess, exercise and run is written into a backup, then deleted here. Names stay with who has them.";
    if (!(await confirm("Clear the board?", words, "Clear"))) return;
    const said = await ask("clear");
    if (said) done.textContent = `Cleared. The backup is ${said.backup}.`;
  });
  find("remove").addEventListener("click", async () => {
    const then = token // which a hub's page has; its names are the hub's
      ? "The name is the hub's: what its notebook tells from now on appears again."
      : "The notebook that had it is heard no more; the name is free for another.";
    const words = `All that was told under this name is deleted, without a backup. ${then}`;
    if (!(await confirm("Take a name off the board?", words, "Take it off", board.names)) || !name.value) return;
    const said = await ask("remove", name.value);
    if (said) done.textContent = `${many(said.withdrawn, "event")} of ${name.value} deleted.`;
  });
  return {
    follow() {
      uncover.textContent = board.isUncovered ? "Cover the answer" : "Uncover the answer";
      uncover.disabled = !board.hasQuestion;
      find("remove").disabled = !board.names.length;
    },
  };
}
