// What the networks say: a table with a row for each digit and a column of bars for each network.

function answerTable(table) {
  let names = null;
  const make = (name, text = "", attributes = {}) => {
    const made = Object.assign(document.createElement(name), { textContent: text });
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const build = (answers) => {
    const head = make("tr");
    head.append(make("th", "digit", { scope: "col" }), ...answers.map(({ name }) => make("th", name, { scope: "col" })));
    const rows = [...Array(10).keys()].map((digit) => {
      const row = make("tr");
      row.append(make("th", digit, { scope: "row" }));
      for (const _ of answers) {
        const cell = make("td");
        cell.append(make("span", "", { class: "pad-bar", "aria-hidden": "true" }), make("span", "", { class: "pad-share" }));
        row.append(cell);
      }
      return row;
    });
    table.replaceChildren(head, ...rows);
  };
  return (answers) => {
    const now = JSON.stringify(answers.map(({ name }) => name));
    if (now !== names) build(answers);
    names = now;
    answers.forEach(({ probabilities }, column) => {
      const best = Math.max(...probabilities);
      for (let digit = 0; digit < 10; digit++) {
        const cell = table.rows[digit + 1].cells[column + 1], share = probabilities[digit];
        const first = best > 0 && share === best;
        cell.firstChild.style.width = `${(100 * share).toFixed(1)}%`;
        // A near-certainty is not rounded up to a certainty.
        const percent = share > 0.995 && share < 1 ? ">99%" : `${Math.round(100 * share)}%`;
        cell.lastChild.textContent = best > 0 ? (first ? `◀ ${percent}` : percent) : "";
        cell.classList.toggle("pad-best", first);
      }
    });
  };
}
