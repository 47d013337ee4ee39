// What the room has told so far, sorted into what the page shows.

export class Told {
  constructor() {
    this.afresh();
  }

  afresh() {
    this.guesses = new Map(); // by lesson, what the question is about, and who guessed: each change of mind
    this.solved = new Map(); // by exercise: the set of names
    this.names = []; // of everybody who has told anything under a name, the first one first
    this.runs = [];
    this.latest = ""; // the lesson that was told of last
  }

  add(rows) {
    for (const row of rows) {
      if (row.lesson) this.latest = row.lesson;
      if (row.by && !this.names.includes(row.by)) this.names.push(row.by);
      if (row.kind === "guess") {
        const whose = `${row.lesson}/${row.about}/${row.mark}`;
        this.guesses.set(whose, [...(this.guesses.get(whose) ?? []), row]);
      }
      if (row.kind === "exercise") this.solved.set(row.name, (this.solved.get(row.name) ?? new Set()).add(row.by));
      if (row.kind === "run") this.runs.push(withShape(row));
    }
  }

  // Each learner's latest guess before a time; and how many have guessed only after it.
  guessesAt(lesson, about, before = Infinity) {
    const all = [...this.guesses.values()].filter(([row]) => row.lesson === lesson && row.about === about);
    const inTime = all.map((rows) => rows.findLast((row) => row.at <= before)).filter(Boolean);
    return { inTime, late: all.length - inTime.length };
  }

  // The labs of a lesson in which anything was run.
  labs(lesson) {
    return [...new Set(this.runs.filter((run) => run.lesson === lesson).map((run) => run.lab))];
  }

  runsIn(lesson, lab) {
    return this.runs.filter((run) => run.lesson === lesson && run.lab === lab);
  }
}

// A run with its network's shape as two numbers, which can be the axes of a map.
function withShape(run) {
  const settings = Object.assign(Object.create(null), run.settings); // a setting may have any name, "constructor" too
  for (const [name, value] of Object.entries(settings)) {
    if (!Array.isArray(value)) continue;
    delete settings[name];
    if (name === "hidden") {
      settings.width = Math.max(0, ...value);
      settings.layers = value.length;
    } else {
      settings[name] = value.length;
    }
  }
  if (run.ended === "stopped") settings.steps = run.steps; // as far as it came
  return { ...run, settings };
}
