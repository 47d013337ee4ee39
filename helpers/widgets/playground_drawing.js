// How the playground is drawn: where everything lies, and the numbers of a frame as colours, lines and curves.

const HEAD = 46; // above the columns: their names, and the number of neurons to type
const CURVES = 74; // height of the curves below
const LABELS = 46; // left of the features: their names
const BESIDE = 600; // narrower than this, the large map stands below the network
const ABREAST = 340; // narrower than this, the two curves stand one below the other
const FEWEST_PIXELS = 262; // narrower than this, the page has to scroll sideways
const DASHES = [5, 3]; // of what is negative, so that colour is never the only difference

const COLOURS = {
  light: { blue: [0, 114, 178], orange: [230, 159, 0], white: [255, 255, 255], ink: "#222222", muted: "#595959",
    grid: "#d9d9d9", strength: 0.62 },
  dark: { blue: [70, 165, 235], orange: [240, 170, 30], white: [22, 22, 22], ink: "#f0f0ee", muted: "#b4b4b0",
    grid: "#444444", strength: 0.53 },
};
// Drawn by the processor: a few thousand pixels change with every frame, and would have to travel to a graphics card.
const inkOf = (canvas) => canvas.getContext("2d", { willReadFrequently: true });
const css = (colour) => `rgb(${colour.join(",")})`;

// The colours of one theme; `shades` holds 255 of them for the values −127 to 127, from orange over white to blue.
function paletteOf(dark) {
  const colours = dark ? COLOURS.dark : COLOURS.light;
  const shades = new Uint32Array(256);
  for (let value = -128; value < 128; value++) {
    const end = value < 0 ? colours.orange : colours.blue, share = Math.min(1, Math.abs(value) / 127) * colours.strength;
    const [r, g, b] = colours.white.map((part, k) => Math.round(part + (end[k] - part) * share));
    shades[value + 128] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  }
  return { ...colours, shades };
}

// Where everything lies, in CSS pixels, for a network of this design on a page of this width.
function placesFor(width, design, offered) {
  width = Math.max(FEWEST_PIXELS, width);
  const side = Math.round(Math.max(216, Math.min(256, width * 0.29)));
  const below = width < BESIDE;
  const map = below ? { x: LABELS, y: HEAD + side + 58, side } : { x: width - side - 1, y: HEAD, side };
  const pitch = side / 8, cell = Math.floor(pitch - 5);
  const first = LABELS, last = (below ? width - 10 : map.x - 34) - cell;
  const fixed = offered.fixed.includes("features");
  const features = fixed ? design.features : offered.features;
  const rows = [features.length, ...design.shown, 1];
  const columns = rows.map((count, layer) => ({
    layer,
    x: first + ((last - first) * layer) / (rows.length - 1),
    nodes: [...Array(count).keys()].map((row) => ({
      layer, side: cell,
      unit: layer ? row : design.features.indexOf(features[row]), // −1: a feature that the network is not given
      name: layer ? "" : features[row],
      x: first + ((last - first) * layer) / (rows.length - 1),
      y: HEAD + side / 2 + pitch * (row - (count - 1) / 2) - cell / 2,
    })),
  }));
  const links = [];
  for (let layer = 1; layer < columns.length; layer++) {
    for (const from of columns[layer - 1].nodes) {
      if (from.unit < 0) continue;
      for (const to of columns[layer].nodes) links.push({ layer, from, to, path: linkPath(from, to) });
    }
  }
  const top = map.y + side + 34, stacked = width < ABREAST && design.problem === "classification";
  const key = { x: 0, y: HEAD + side + 11 };
  return { width, height: top + CURVES + 17 + (stacked ? CURVES + 36 : 0), map, key, cell, columns, links, top, stacked };
}

function linkPath(from, to) {
  const path = new Path2D(), x1 = from.x + from.side, y1 = from.y + from.side / 2, y2 = to.y + to.side / 2;
  const bend = (to.x - x1) / 2;
  path.moveTo(x1, y1);
  path.bezierCurveTo(x1 + bend, y1, to.x - bend, y2, to.x, y2);
  return path;
}

// How thick the line of a weight is, in CSS pixels: the same in every layer, so that it is seen to grow.
const thickness = (weight) => Math.min(6, 2 * Math.abs(weight));

// The square beside a neuron that stands for its bias.
const biasPlace = (node) => ({ x: node.x - 8, y: node.y + node.side - 7, side: 7 });

// Values −127 to 127 as an image of its own canvas, `count` maps of `side` by `side` below one another.
function mapImage(values, side, count, palette, discretise, canvas = document.createElement("canvas")) {
  canvas.width = side;
  canvas.height = Math.max(1, side * count);
  const ink = inkOf(canvas), image = ink.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer), { shades } = palette;
  for (let k = 0; k < values.length; k++) {
    const value = discretise ? 127 * Math.sign(values[k]) : values[k]; // what is 0 is neither below nor above
    pixels[k] = shades[value + 128];
  }
  ink.putImageData(image, 0, 0);
  return canvas;
}

// The line where a map [side, side] changes its sign, in units of its points: marching squares.
function boundary(values, side) {
  const path = new Path2D();
  const cross = (a, b) => a / (a - b); // how far along an edge the value is 0
  for (let row = 0; row + 1 < side; row++) {
    for (let column = 0; column + 1 < side; column++) {
      const at = row * side + column;
      const a = values[at] - 0.5, b = values[at + 1] - 0.5, c = values[at + side + 1] - 0.5, d = values[at + side] - 0.5;
      if (a > 0 === b > 0 && b > 0 === c > 0 && c > 0 === d > 0) continue;
      const x = column + 0.5, y = row + 0.5, ends = []; // a value belongs to the middle of its pixel
      if (a > 0 !== b > 0) ends.push([x + cross(a, b), y]);
      if (b > 0 !== c > 0) ends.push([x + 1, y + cross(b, c)]);
      if (d > 0 !== c > 0) ends.push([x + cross(d, c), y + 1]);
      if (a > 0 !== d > 0) ends.push([x, y + cross(a, d)]);
      for (let k = 0; k + 1 < ends.length; k += 2) {
        path.moveTo(...ends[k]);
        path.lineTo(...ends[k + 1]);
      }
    }
  }
  return path;
}

// The points of the plane on a canvas of their own: they stand still while the map below them changes.
function pointsImage(points, learned, problem, side, density, palette) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.round(side * density);
  const ink = inkOf(canvas);
  ink.scale(density, density);
  for (let k = 0; 3 * k < points.length; k++) {
    const x = (points[3 * k] / 12 + 0.5) * side, y = (0.5 - points[3 * k + 1] / 12) * side, value = points[3 * k + 2];
    const colour = css(value > 0 ? palette.blue : palette.orange), hollow = k >= learned;
    ink.beginPath();
    if (value > 0) ink.arc(x, y, 2.7, 0, 7);
    else ink.rect(x - 2.4, y - 2.4, 4.8, 4.8);
    const shade = problem === "regression" ? 0.25 + 0.75 * Math.min(1, Math.abs(value)) : 1; // of what tells the value
    ink.globalAlpha = hollow ? 1 : shade;
    ink.fillStyle = hollow ? css(palette.white) : colour;
    ink.fill();
    ink.globalAlpha = hollow ? shade : 1;
    ink.lineWidth = hollow ? 1.2 : 0.7;
    ink.strokeStyle = hollow ? colour : css(palette.white);
    ink.stroke();
    ink.globalAlpha = 1;
  }
  return canvas;
}

// Loss or accuracy as it went: rows of step and four figures, two of which are drawn.
function drawCurve(ink, rows, { x, y, width, title, figures, low, high, ticks, until }, palette) {
  ink.font = "12px sans-serif";
  ink.strokeStyle = palette.grid;
  ink.fillStyle = palette.muted;
  ink.lineWidth = 1;
  ink.textBaseline = "middle";
  for (const tick of ticks) {
    const height = y + CURVES - ((tick - low) / (high - low)) * CURVES;
    ink.beginPath();
    ink.moveTo(x, height);
    ink.lineTo(x + width, height);
    ink.stroke();
    ink.textAlign = "right";
    ink.fillText(title.startsWith("accuracy") ? `${Math.round(tick * 100)}%` : shortly(tick), x - 5, height);
  }
  ink.textBaseline = "alphabetic";
  ink.textAlign = "left";
  ink.fillText("0", x, y + CURVES + 14);
  ink.textAlign = "right";
  ink.fillText(`step ${until.toLocaleString("en")}`, x + width, y + CURVES + 14);
  ink.textAlign = "left";
  ink.fillStyle = palette.ink;
  ink.fillText(title, x, y - 7);
  ink.save();
  ink.beginPath();
  ink.rect(x, y - 2, width + 2, CURVES + 4);
  ink.clip();
  [[figures[0], palette.orange, DASHES], [figures[1], palette.blue, []]].forEach(([figure, colour, dashes]) => {
    ink.beginPath();
    for (let row = 0; row < rows.length; row += 5) {
      const share = (Math.min(high, Math.max(low, rows[row + figure])) - low) / (high - low);
      ink.lineTo(x + (rows[row] / until) * width, y + CURVES - share * CURVES);
    }
    ink.strokeStyle = css(colour);
    ink.lineWidth = 2;
    ink.setLineDash(dashes);
    ink.stroke();
  });
  ink.restore();
  ink.setLineDash([]);
}

const shortly = (number) => (number < 1000 ? String(number) : number.toExponential(0).replace("+", ""));

// What the two kinds of line in both curves are, at the right of their titles.
function drawLegend(ink, x, y, palette) {
  [["training", palette.orange, DASHES], ["test", palette.blue, []]].forEach(([name, colour, dashes], k) => {
    ink.beginPath();
    ink.moveTo(x + 85 * k, y - 4);
    ink.lineTo(x + 85 * k + 22, y - 4);
    ink.strokeStyle = css(colour);
    ink.lineWidth = 2;
    ink.setLineDash(dashes);
    ink.stroke();
    ink.setLineDash([]);
    ink.fillStyle = palette.ink;
    ink.textAlign = "left";
    ink.fillText(name, x + 85 * k + 27, y);
  });
}
