// The room's runs as one search: which settings differ, which run is best, and where nobody has looked yet.

import { scale, scaleKind, ticks } from "./svg.js";

const FEWEST = 4; // runs before a gap among them means anything
const SIDE = 40; // candidates along each axis

export const isRanked = (run) => run.ended !== "diverged" && run.accuracy !== null && !run.moved;

// The best runs, one for each learner, the best one first; of two equals the earlier.
export function best(runs, most = 5) {
  const found = new Map();
  for (const run of runs.filter(isRanked)) if (!(found.get(run.by)?.accuracy >= run.accuracy)) found.set(run.by, run);
  return [...found.values()].sort((a, b) => b.accuracy - a.accuracy || a.seq - b.seq).slice(0, most);
}

// The settings that differ among the runs, the rate first, then the most varied; not what only says which numbers or
// points were drawn, nor the digit looked at, which are no choices.
const NO_CHOICES = ["seed", "start", "new_points", "digit"];
export function differing(runs) {
  const values = Object.create(null);
  for (const run of runs) for (const [name, value] of Object.entries(run.settings)) (values[name] ??= new Set()).add(value);
  const varied = Object.keys(values).filter((name) => values[name].size > 1 && !NO_CHOICES.includes(name));
  return varied.sort((a, b) => (b === "learning_rate") - (a === "learning_rate") || values[b].size - values[a].size || (a < b ? -1 : 1));
}

export const isNumeric = (runs, name) => runs.every((run) => name === "accuracy" || typeof run.settings[name] === "number");

// Among what was tried, from the lowest to the highest value, the round place that is farthest from every run.
// axes: one or two names of settings that are numbers. null where there are too few runs, or where none differ.
export function unseen(runs, axes) {
  const known = runs.filter((run) => axes.every((name) => Number.isFinite(run.settings[name])));
  if (!axes.length || known.length < FEWEST) return null;
  const sides = axes.map((name) => {
    const values = known.map((run) => run.settings[name]), kind = scaleKind(values);
    const low = Math.min(...values), high = Math.max(...values), place = scale(values, kind);
    const whole = values.every(Number.isInteger);
    const round = [...new Set(ticks(low, high, kind, SIDE).map((value) => (whole ? Math.round(value) : value)))];
    return { low, high, place, round: round.filter((value) => value >= low && value <= high) };
  });
  if (sides.some(({ low, high, round }) => low === high || !round.length)) return null;
  const points = known.map((run) => sides.map(({ place }, at) => place(run.settings[axes[at]])));
  let farthest = null;
  for (const first of sides[0].round) {
    for (const second of sides[1]?.round ?? [null]) {
      const values = second === null ? [first] : [first, second];
      const spot = sides.map(({ place }, at) => place(values[at]));
      const away = Math.min(...points.map((point) => Math.hypot(...point.map((each, at) => each - spot[at]))));
      if (away > (farthest?.away ?? 0.02)) farthest = { away, values: Object.fromEntries(axes.map((name, at) => [name, values[at]])) };
    }
  }
  return farthest;
}
