// The guesses of a lesson: a block for each, and beside them what came out, once it is uncovered.

import { drawing, many, number, shape, ticks } from "./svg.js";

const BINS = 25;

export function showGuesses(section, lesson, told, uncovered) {
  const [question, place, words] = [".question", ".picture", ".words"].map((name) => section.querySelector(name));
  const asked = lesson?.question;
  section.hidden = !asked;
  if (!asked) return place.replaceChildren();
  question.textContent = asked.text;
  place.classList.toggle("three", asked.about.length > 2);
  const parts = asked.about.map((about) => {
    const { inTime, late } = told.guessesAt(lesson.number, about, uncovered?.since);
    return { about, late, values: inTime.map((row) => row.value), left: asked.left[about], answer: uncovered?.answer[about] };
  });
  const sentences = parts.map((part) => inWords(part, asked));
  words.classList.toggle("heard", parts.length > 1); // the drawing says as much of each part
  words.textContent = sentences.join(" ") + (uncovered ? "" : " The answer is covered.");
  const picture = drawing(place, `${asked.text} ${words.textContent}`);
  parts.forEach((part, at) => {
    const high = picture.height / parts.length;
    const box = { left: 8, top: at * high, width: picture.width - 16, height: high };
    (asked.words.length ? drawWords : drawNumbers)(picture, box, part, asked);
  });
}

function inWords({ about, values, late, answer }, asked) {
  const named = about ? `${about}: ` : "";
  const after = late ? ` ${many(late, "guess", "guesses")} came after the answer was uncovered and ${late === 1 ? "is" : "are"} left out.` : "";
  const truth = answer ? ` It came to ${typeof answer.says === "number" ? `${number(answer.says)} ${asked.unit}` : `“${answer.says}”`}.` : "";
  if (!values.length) return `${named}No guesses yet.${truth}${after}`;
  if (asked.words.length) {
    const counts = asked.words.map((word) => `${word} ${values.filter((value) => value === word).length}`);
    return `${many(values.length, "guess", "guesses")}: ${counts.join(", ")}.${truth}${after}`;
  }
  const sorted = [...values].sort((a, b) => a - b), middle = middleOf(values);
  const within = answer?.low === undefined ? "" : ` ${many(values.filter((value) => value >= answer.low && value <= answer.high).length, "guess", "guesses")} within what other seeds give.`;
  return `${named}${many(values.length, "guess", "guesses")}, from ${number(sorted[0])} to ${number(sorted.at(-1))}, the middle one ${number(middle)}.${truth}${within}${after}`;
}

function middleOf(values) {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

function drawNumbers({ svg, em }, box, { about, values, left, answer }, asked) {
  const above = (about ? 1.3 : 0) * em + 1.6 * em; // the part's name, and room for the answer's number
  const floor = box.top + box.height - 2 * em, tall = floor - box.top - above;
  const at = (value) => box.left + (box.width * (Math.min(asked.high, Math.max(asked.low, value)) - asked.low)) / (asked.high - asked.low);
  const summary = values.length ? `${many(values.length, "guess", "guesses")}, the middle one ${number(middleOf(values))}` : "no guesses yet";
  if (about) svg.append(shape("text", { x: box.left, y: box.top + em }, about, shape("tspan", { class: "muted", dx: em }, summary)));
  if (answer) {
    if (answer.low !== undefined) svg.append(shape("rect", { class: "answer-band", x: at(answer.low), y: floor - tall, width: Math.max(2, at(answer.high) - at(answer.low)), height: tall }));
    svg.append(shape("line", { class: "answer-line", x1: at(answer.says), x2: at(answer.says), y1: floor - tall, y2: floor }));
    const side = at(answer.says) > box.left + box.width * 0.85 ? "end" : at(answer.says) < box.left + box.width * 0.15 ? "start" : "middle";
    svg.append(shape("text", { class: "answer", x: at(answer.says), y: floor - tall - 0.4 * em, "text-anchor": side }, number(answer.says)));
  }
  const bins = Array.from({ length: BINS }, () => []);
  for (const value of values) bins[Math.min(BINS - 1, Math.floor((BINS * (at(value) - box.left)) / box.width))].push(value);
  const block = Math.min(1.4 * em, tall / Math.max(1, ...bins.map((bin) => bin.length)));
  bins.forEach((bin, number_) => {
    const x = box.left + (box.width * number_) / BINS;
    bin.sort((a, b) => (a === left) - (b === left)).forEach((value, high) => svg.append(shape("rect", { class: value === left ? "guess left" : "guess", x: x + 1.5, y: floor - (high + 1) * block + 1, width: box.width / BINS - 3, height: Math.max(0.8, block - 2), rx: Math.min(3, block / 4) })));
  });
  svg.append(shape("line", { class: "axis", x1: box.left, x2: box.left + box.width, y1: floor, y2: floor }));
  const marks = ticks(asked.low, asked.high, "even", Math.floor(box.width / (5 * em)));
  for (const mark of marks) {
    const side = mark === asked.low ? "start" : mark === asked.high ? "end" : "middle";
    svg.append(shape("text", { class: "muted", x: at(mark), y: floor + 1.2 * em, "text-anchor": side }, number(mark)));
  }
}

function drawWords({ svg, em }, box, { values, left, answer }, asked) {
  const words = values.some((value) => !asked.words.includes(value)) ? [...asked.words, "another answer"] : asked.words;
  const row = box.height / words.length, label = Math.min(box.width * 0.4, 9.5 * em);
  const most = Math.max(1, ...words.map((word) => values.filter((value) => value === word).length));
  const block = Math.min(1.6 * em, (box.width - label - 3 * em) / most);
  words.forEach((word, at) => {
    const count = values.filter((value) => value === word).length, right = answer?.says === word;
    const middle = box.top + row * (at + 0.5), high = Math.min(1.8 * em, row - 6);
    if (right) svg.append(shape("rect", { class: "answer-band", x: box.left - 6, y: middle - row / 2 + 2, width: box.width + 12, height: row - 4, rx: 6 }));
    svg.append(shape("text", { x: box.left, y: middle + 0.35 * em, ...(right ? { class: "answer" } : {}) }, right ? `✓ ${word}` : word));
    for (let each = 0; each < count; each += 1) svg.append(shape("rect", { class: word === left ? "guess left" : "guess", x: box.left + label + each * block + 1, y: middle - high / 2, width: Math.max(0.8, block - 2.5), height: high, rx: Math.min(3, block / 4) }));
    svg.append(shape("text", { class: "muted", x: box.left + label + count * block + 0.5 * em, y: middle + 0.35 * em }, String(count)));
  });
}
