// Small helpers to draw with: elements, scales, ticks, numbers in words.

const SVG = "http://www.w3.org/2000/svg";

export function shape(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// A drawing that fills its place, in pixels, with its words for who cannot see it.
export function drawing(place, words) {
  const svg = shape("svg", { role: "img", "aria-label": words });
  place.replaceChildren(svg); // first, since a place without a drawing has no size
  const { width, height } = place.getBoundingClientRect();
  const size = [Math.max(200, width), Math.max(80, height)];
  svg.setAttribute("viewBox", `0 0 ${size[0]} ${size[1]}`);
  return { svg, width: size[0], height: size[1], em: parseFloat(getComputedStyle(svg).fontSize) };
}

// Turns a value into 0 to 1: evenly, by factors, or by factors with a place for 0.
export function scale(values, kind) {
  const bend = { even: (x) => x, factor: Math.log, zero: (x) => Math.log1p(x) }[kind];
  const [low, high] = [Math.min(...values), Math.max(...values)].map(bend);
  return (value) => (high > low ? (bend(value) - low) / (high - low) : 0.5);
}

export function scaleKind(values) {
  const low = Math.min(...values), high = Math.max(...values);
  if (low > 0 && high / low >= 8) return "factor";
  return low === 0 && high >= 20 ? "zero" : "even";
}

// Round numbers from low to high: 1, 2, 5 and their tens by factors, even steps otherwise.
export function ticks(low, high, kind, most = 7) {
  if (high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high))) return [low]; // equal but for rounding
  if (kind === "even") {
    const rough = (high - low) / Math.max(1, most - 1) || 1;
    const ten = 10 ** Math.floor(Math.log10(rough));
    const step = ten * [1, 2, 5, 10].find((times) => times * ten >= rough * 0.999);
    const found = [];
    for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at += 1) found.push(+(at * step).toPrecision(12));
    return found;
  }
  const found = kind === "zero" ? [0] : [];
  const from = Math.floor(Math.log10(Math.max(low, kind === "zero" ? 1 : low))), to = Math.ceil(Math.log10(high));
  for (let power = from; power <= to; power += 1) {
    for (const times of [1, 2, 5]) {
      const value = +(times * 10 ** power).toPrecision(6);
      if (value >= low * 0.999 && value <= high * 1.001) found.push(value);
    }
  }
  if (found.length <= most) return found;
  const tens = found.filter((value) => value === 0 || Number.isInteger(+Math.log10(value).toFixed(9)));
  return tens.length >= 2 ? tens : found.filter((_, at) => at % Math.ceil(found.length / most) === 0);
}

export const number = (value) => (Math.abs(value) >= 1000 ? value.toLocaleString("en") : String(+value.toPrecision(4)));
export const percent = (share) => `${(100 * share).toFixed(share > 0.99 || share < 0.1 ? 2 : 1)}%`;
export const many = (count, one, more = `${one}s`) => `${count} ${count === 1 ? one : more}`;
