// The class's board: follows what the room tells, and draws it, at most a few times a second.

import { showExercises } from "./exercises.js";
import { showGuesses } from "./guesses.js";
import { instructor } from "./instructor.js";
import { showRuns } from "./runs.js";
import { element, many } from "./svg.js";
import { Told } from "./told.js";

const EVERY = 150; // milliseconds between two drawings
const AGAIN = 2000; // milliseconds before a stream that was refused is asked for again
const SILENCE = 15_000; // milliseconds without a sign of life, of which the board sends one every five seconds
const { role, prefix, token } = document.documentElement.dataset;
const find = (name) => document.getElementById(name);
const lessons = JSON.parse(find("lessons").textContent);
const told = new Told();
const selects = { lab: find("lab"), across: find("across"), up: find("up") };
const chosen = { lesson: "", lab: "", across: "", up: "" };
let state = { lesson: "", uncovered: {}, people: 0 };

const board = {
  get lesson() { return chosen.lesson || state.lesson || told.latest || "00"; },
  get isUncovered() { return this.lesson in state.uncovered; },
  get hasQuestion() { return Boolean(known(this.lesson)?.question); },
  get names() { return told.names; },
};
const known = (number) => lessons.find((lesson) => lesson.number === number);
const forInstructor = role === "instructor" ? instructor(board) : { follow() {} };

function draw() {
  const lesson = known(board.lesson);
  find("lesson-number").textContent = board.lesson;
  find("lesson-title").textContent = lesson?.title ?? "";
  find("people").textContent = many(state.people, "learner");
  find("lesson").options[0].textContent = state.lesson ? `as the instructor (${state.lesson})` : `what is told (${told.latest || "nothing yet"})`;
  const parts = [
    () => showGuesses(find("guesses"), lesson, told, state.uncovered[board.lesson]),
    () => showExercises(find("exercises"), lesson, told, state.people),
    () => showRuns(find("runs"), lesson, told, chosen, selects),
    () => forInstructor.follow(),
  ];
  for (const show of parts) {
    try {
      show();
    } catch (error) {
      reportError(error); // the others are drawn all the same, and the instructor can clear what cannot be
    }
  }
}

let due = null;
function drawSoon() {
  due ??= setTimeout(() => {
    due = null;
    draw();
  }, EVERY);
}

// The stream. The browser asks again by itself after a broken line, and says what it saw last; after a refusal, as of a
// hub that starts its board again, it gives up, and we ask. A hub's proxy keeps the line to a board that has died open:
// there silence alone says so.
let last = "", silence = null;
function follow() {
  const query = new URLSearchParams({ ...(token ? { _xsrf: token } : {}), ...(last ? { last } : {}) });
  const stream = new EventSource(`${prefix}stream?${query}`);
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      stream.close();
      connected(false);
      follow();
    }, SILENCE);
  };
  const on = (name, act) => stream.addEventListener(name, (event) => {
    heard();
    if (event.lastEventId) last = event.lastEventId;
    act(JSON.parse(event.data));
    drawSoon();
  });
  on("afresh", () => told.afresh());
  on("told", (rows) => told.add(rows));
  on("state", (now) => { state = now; });
  stream.addEventListener("here", heard);
  stream.addEventListener("open", () => connected(true));
  stream.addEventListener("error", () => {
    connected(false);
    if (stream.readyState !== EventSource.CLOSED) return;
    clearTimeout(silence);
    setTimeout(follow, AGAIN);
  });
  heard();
}

function connected(is) {
  const line = find("connection");
  line.toggleAttribute("data-lost", !is);
  line.textContent = is ? "live" : "not connected; it is tried again";
}

// What the reader chooses

find("lesson").append(element("option", { value: "" }), ...lessons.map(({ number, title }) => element("option", { value: number }, `${number} ${title}`)));
find("lesson").addEventListener("change", ({ target }) => {
  chosen.lesson = target.value;
  draw();
});
for (const [name, select] of Object.entries(selects)) {
  select.addEventListener("change", () => {
    chosen[name] = select.value;
    draw();
  });
}
const darkByItself = matchMedia("(prefers-color-scheme: dark)");
function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  find("theme").textContent = theme === "dark" ? "Light" : "Dark";
}
setTheme(localStorage.getItem("board-theme") ?? (darkByItself.matches ? "dark" : "light"));
find("theme").addEventListener("click", () => {
  const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  localStorage.setItem("board-theme", theme);
  setTheme(theme);
});
new ResizeObserver(drawSoon).observe(document.querySelector("main"));
if (document.documentElement.dataset.code) {
  const call = `from helpers import classroom; classroom.join("${location.origin}", "${document.documentElement.dataset.code}", "owl-7")`;
  find("join").append("Join from a notebook, with a name of yours: ", element("code", {}, call));
}
connected(false);
draw();
follow();
