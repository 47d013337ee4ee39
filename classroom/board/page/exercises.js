// The exercises of a lesson: a row for each, a dot for each learner, filled where it is solved.

import { element, many } from "./svg.js";

const SHOWN_NAMES = 60; // beyond that they would cover each other

export function showExercises(section, lesson, told) {
  const [place, words] = [".picture", ".words"].map((name) => section.querySelector(name));
  section.hidden = !lesson?.exercises.length;
  if (section.hidden) return place.replaceChildren();
  const names = told.names;
  const grid = element("div", { class: "solved" });
  for (const exercise of lesson.exercises) {
    const solved = told.solved.get(exercise) ?? new Set();
    const dots = element("div", { class: "dots", "aria-hidden": "true" });
    for (const name of names) dots.append(element("span", { class: solved.has(name) ? "dot yes" : "dot", title: name }));
    const count = element("span", { class: "count" }, `${solved.size} of ${names.length}`);
    grid.append(element("span", { class: "name" }, exercise), count, dots);
  }
  if (names.length && names.length <= SHOWN_NAMES) {
    grid.append(element("div", { class: "names" }, ...names.map((name) => element("span", {}, name))));
  }
  place.replaceChildren(grid);
  const whole = names.filter((name) => lesson.exercises.every((exercise) => told.solved.get(exercise)?.has(name))).length;
  words.textContent = `${whole ? many(whole, "learner has", "learners have") : "Nobody has"} solved all ${lesson.exercises.length}${whole ? "" : " yet"}.`;
}
