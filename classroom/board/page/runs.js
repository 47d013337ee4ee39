// The map of the room's runs: two settings across and up, the accuracy by colour, the best one and a gap marked.

import { best, differing, isNumeric, unseen } from "./search.js";
import { drawing, element, many, number, percent, scale, scaleKind, shape, ticks } from "./svg.js";

const NAMES = { __proto__: null, learning_rate: "learning rate", batch_size: "batch size", l2: "L2", std: "std of the start" };
const MOST_NAMED = 4; // settings that are said of a run

export const called = (name) => NAMES[name] ?? name.replaceAll("_", " ");

// chosen: what the reader has picked, by "lab", "across" and "up"; "" follows the room.
export function showRuns(section, lesson, told, chosen, selects) {
  const [place, words, list, gap] = [".picture", ".words", ".best", ".gap"].map((name) => section.querySelector(name));
  const labs = told.labs(lesson?.number ?? "");
  const lab = labs.includes(chosen.lab) ? chosen.lab : mostUsed(told, lesson, labs);
  const runs = lab ? told.runsIn(lesson.number, lab) : [];
  const names = differing(runs);
  const numeric = names.filter((name) => isNumeric(runs, name));
  const across = names.includes(chosen.across) ? chosen.across : (numeric[0] ?? names[0] ?? "learning_rate");
  const others = [...names.filter((name) => name !== across), "accuracy"];
  const up = others.includes(chosen.up) ? chosen.up : (numeric.find((name) => name !== across) ?? "accuracy");
  options(selects.lab, labs, lab);
  options(selects.across, names, across);
  options(selects.up, others, up);
  for (const select of Object.values(selects)) select.parentElement.hidden = select.options.length < 2;
  list.replaceChildren();
  gap.replaceChildren();
  if (!runs.length) {
    place.replaceChildren();
    words.textContent = "No runs yet. Each run of a lab appears here, with its settings and its accuracy.";
    return;
  }
  const first = best(runs), named = [...new Set([across, up, ...names])].filter((name) => name !== "accuracy");
  for (const run of first) list.append(item(run, named));
  const spot = unseen(runs, [across, up].filter((name) => name !== "accuracy" && isNumeric(runs, name) && names.includes(name)));
  if (spot) {
    const where = Object.entries(spot.values).map(([name, value]) => `${called(name)} ${number(value)}`).join(", ");
    gap.append("Nobody has looked near ", element("b", {}, where), ". It is the spot farthest from every run; nothing says that it is good.");
  }
  const diverged = runs.filter((run) => run.ended === "diverged").length;
  words.textContent = `${many(runs.length, "run")} by ${many(new Set(runs.map((run) => run.by)).size, "learner")}${diverged ? `, ${diverged} diverged (×)` : ""}. ${first.length ? `Best so far: ${percent(first[0].accuracy)} by ${first[0].by}.` : ""}`;
  drawMap(place, runs, across, up, first[0], spot, words.textContent);
}

function mostUsed(told, lesson, labs) {
  return [...labs].sort((a, b) => told.runsIn(lesson.number, b).length - told.runsIn(lesson.number, a).length)[0] ?? "";
}

function options(select, names, value) {
  const before = [...select.options].map((option) => option.value);
  if (before.join("\n") !== names.join("\n")) {
    select.replaceChildren(...names.map((name) => element("option", { value: name }, called(name))));
  }
  select.value = value;
}

function item(run, named) {
  const said = named.filter((name) => run.settings[name] !== undefined).slice(0, MOST_NAMED).map((name) => `${called(name)} ${typeof run.settings[name] === "number" ? number(run.settings[name]) : run.settings[name]}`);
  return element("li", {}, `${percent(run.accuracy)} `, element("span", { class: "by" }, run.by), " ", element("span", { class: "settings" }, said.join(", ")));
}

// An axis: from a run to 0…1, with its marks. Words stand side by side, numbers evenly or by factors.
function axis(runs, name, most) {
  const of = (run) => (name === "accuracy" ? (run.accuracy ?? 0) : run.settings[name]);
  if (isNumeric(runs, name)) {
    const values = runs.map(of), kind = name === "accuracy" ? "even" : scaleKind(values);
    const place = scale(values, kind), write = name === "accuracy" ? percent : number;
    const marks = ticks(Math.min(...values), Math.max(...values), kind, most).map((value) => [place(value), write(value)]);
    return { at: (run) => place(of(run)), value: place, marks };
  }
  const words = [...new Set(runs.map((run) => String(of(run) ?? "–")))].sort();
  const place = (word) => (words.indexOf(String(word ?? "–")) + 0.5) / words.length;
  return { at: (run) => place(of(run)), value: place, marks: words.map((word) => [place(word), word]) };
}

function drawMap(place, runs, across, up, first, spot, words) {
  const { svg, width, height, em } = drawing(place, `A map of ${called(across)} and ${called(up)}. ${words}`);
  const across_ = axis(runs, across, Math.floor(width / (5 * em))), up_ = axis(runs, up, Math.floor(height / (3 * em)));
  const label = Math.min(0.25 * width, Math.max(3, ...up_.marks.map(([, text]) => 0.62 * text.length + 1)) * em);
  const box = { left: label, right: width - 1.2 * em, top: 2.9 * em, bottom: height - 3 * em };
  const x = (share) => box.left + em + share * (box.right - box.left - 2 * em);
  const y = (share) => box.bottom - em - share * (box.bottom - box.top - 2 * em);
  for (const [share, text] of across_.marks) {
    svg.append(shape("line", { class: "grid", x1: x(share), x2: x(share), y1: box.top, y2: box.bottom }));
    svg.append(shape("text", { class: "muted", x: x(share), y: box.bottom + 1.2 * em, "text-anchor": "middle" }, text));
  }
  for (const [share, text] of up_.marks) {
    svg.append(shape("line", { class: "grid", x1: box.left, x2: box.right, y1: y(share), y2: y(share) }));
    svg.append(shape("text", { class: "muted", x: box.left - 0.4 * em, y: y(share) + 0.35 * em, "text-anchor": "end" }, text));
  }
  svg.append(shape("text", { x: (box.left + box.right) / 2, y: height - 0.5 * em, "text-anchor": "middle" }, called(across)));
  svg.append(shape("text", { x: 2, y: box.top - 0.7 * em }, `↑ ${called(up)}`));
  const ranked = runs.filter((run) => run.accuracy !== null && run.ended !== "diverged").map((run) => run.accuracy).sort((a, b) => a - b);
  const low = ranked[Math.floor(ranked.length / 10)] ?? 0, high = ranked.at(-1) ?? 1, radius = Math.max(5, 0.55 * em);
  legend(svg, box, em, low, high);
  const beside = aside(radius);
  const order = (run) => (run.ended === "diverged" ? 2 : (run.accuracy ?? 0)); // crosses on top, then the best ones
  for (const run of [...runs].sort((a, b) => order(a) - order(b))) {
    const [cx, cy] = run === first ? [x(across_.at(run)), y(up_.at(run))] : beside(x(across_.at(run)), y(up_.at(run)));
    if (run.ended === "diverged") {
      const arm = 0.75 * radius;
      svg.append(shape("path", { class: "run diverged", d: `M${cx - arm} ${cy - arm}l${2 * arm} ${2 * arm}m0 ${-2 * arm}l${-2 * arm} ${2 * arm}` }));
      continue;
    }
    const share = high > low ? Math.max(0, Math.min(1, (run.accuracy - low) / (high - low))) : 1;
    const dot = shape("circle", { class: `run ${run.ended}`, cx, cy, r: radius }, shape("title", {}, `${percent(run.accuracy)} ${run.by}`));
    dot.style.fill = `color-mix(in oklab, var(--high) ${Math.round(100 * share)}%, var(--low))`;
    svg.append(dot);
  }
  if (first) {
    const [cx, cy] = [x(across_.at(first)), y(up_.at(first))], end = cx > (box.left + box.right) / 2;
    svg.append(shape("circle", { class: "first", cx, cy, r: radius + 4 }));
    svg.append(shape("text", { class: "answer", x: cx + (end ? -1 : 1) * (radius + 8), y: cy - radius - 3, "text-anchor": end ? "end" : "start" }, `${percent(first.accuracy)} ${first.by}`));
  }
  if (spot) {
    const cx = across in spot.values ? x(across_.value(spot.values[across])) : box.left + em;
    const cy = up in spot.values ? y(up_.value(spot.values[up])) : box.top + em;
    svg.append(shape("circle", { class: "unseen", cx, cy, r: 1.1 * em }));
    svg.append(shape("text", { class: "unseen-mark", x: cx, y: cy + 0.35 * em, "text-anchor": "middle" }, "?"));
  }
}

// Runs with the same settings would hide each other: each after the first stands a little aside, on a spiral.
function aside(radius) {
  const before = new Map();
  return (x, y) => {
    const place = `${x.toFixed(1)} ${y.toFixed(1)}`, count = before.get(place) ?? 0;
    before.set(place, count + 1);
    const away = 0.75 * radius * Math.sqrt(count), angle = 2.4 * count;
    return [x + away * Math.cos(angle), y + away * Math.sin(angle)];
  };
}

function legend(svg, box, em, low, high) {
  const wide = 7 * em, left = box.right - wide, top = 0.3 * em;
  for (let at = 0; at < 14; at += 1) {
    const part = shape("rect", { x: left + (wide * at) / 14, y: top, width: wide / 14 + 0.5, height: 0.7 * em });
    part.style.fill = `color-mix(in oklab, var(--high) ${Math.round((100 * at) / 13)}%, var(--low))`;
    svg.append(part);
  }
  svg.append(shape("text", { class: "muted", x: left, y: top + 1.8 * em }, percent(low)));
  svg.append(shape("text", { class: "muted", x: left + wide, y: top + 1.8 * em, "text-anchor": "end" }, percent(high)));
  svg.append(shape("text", { class: "muted", x: left - 0.5 * em, y: top + 0.7 * em, "text-anchor": "end" }, "accuracy"));
}
