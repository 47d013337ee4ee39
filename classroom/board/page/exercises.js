// The exercises of a lesson: a row for each, a dot for each learner, filled where it is solved.

import { element, many } from "./svg.js";

const SHOWN_NAMES = 60; // beyond that they would cover each other

// people: how many have told anything; those who have told guesses alone have no name here.
export function showExercises(section, lesson, told, people) {
  const [place, words] = [".picture", ".words"].map((name) => section.querySelector(name));
  section.hidden = !lesson?.exercises.length;
  if (section.hidden) return place.replaceChildren();
  const names = told.names, all = Math.max(people, names.length);
  const grid = element("div", { class: "solved" });
  for (const exercise of lesson.exercises) {
    const solved = told.solved.get(exercise) ?? new Set();
    const dots = element("div", { class: "dots", "aria-hidden": "true" });
    for (const name of names) dots.append(element("span", { class: solved.has(name) ? "dot yes" : "dot", title: name }));
    for (let each = names.length; each < all; each += 1) dots.append(element("span", { class: "dot" }));
    const count = element("span", { class: "count" }, `${solved.size} of ${all}`);
    grid.append(element("span", { class: "name" }, exercise), count, dots);
  }
  if (names.length && all <= SHOWN_NAMES) {
    grid.append(element("div", { class: "names" }, ...Array.from({ length: all }, (_, at) => element("span", {}, names[at] ?? ""))));
  }
  place.replaceChildren(grid);
  const whole = names.filter((name) => lesson.exercises.every((exercise) => told.solved.get(exercise)?.has(name))).length;
  words.textContent = `${whole ? many(whole, "learner has", "learners have") : "Nobody has"} solved all ${lesson.exercises.length}${whole ? "" : " yet"}.`;
}
