// One frame of the playground, painted: links, neurons, the large map, the curves.

// scene: `places` as of placesFor; `frame`, the numbers; `palette`; `images` of features, points, and two to paint on;
// `over` and `marked`, the link under the pointer and the one that is edited; `lookedAt`, the neuron whose map is large;
// `sharp`, whether `frame.large` is that map; and how to look weights and biases up.
function paintNetwork(ink, scene) {
  const { places, frame, design, palette, images, discretise } = scene, { thumbnail } = design;
  ink.setTransform(scene.density, 0, 0, scene.density, 0, 0);
  ink.clearRect(0, 0, places.width, places.height);
  for (const link of places.links) paintLink(ink, scene, link);
  mapImage(frame.maps, thumbnail, frame.maps.length / thumbnail ** 2, palette, discretise, images.thumbnails);
  const rows = new Map(); // in which row of its image each neuron's map is
  let row = 0;
  for (const { nodes } of places.columns) {
    for (const node of nodes) {
      rows.set(node, (node.layer ? row++ : scene.features.indexOf(node.name)) * thumbnail);
      paintNeuron(ink, scene, node, rows.get(node));
    }
  }
  paintMap(ink, scene, rows);
  paintKey(ink, scene);
  paintCurves(ink, scene);
}

function paintLink(ink, { palette, over, marked, weightAt }, link) {
  const weight = weightAt(link.layer, link.from.unit, link.to.unit);
  const isMarked = marked && marked.layer === link.layer && marked.from === link.from.unit && marked.to === link.to.unit;
  const chosen = over?.link === link || isMarked;
  const width = thickness(weight);
  if (!chosen && !(width > 0.12)) return; // among them what is not a number
  ink.setLineDash(weight < 0 ? DASHES : []);
  if (chosen) {
    ink.lineWidth = width + 4;
    ink.strokeStyle = palette.ink;
    ink.stroke(link.path);
  }
  ink.lineWidth = Math.max(width, chosen ? 1 : 0);
  ink.strokeStyle = css(weight > 0 ? palette.blue : palette.orange);
  ink.stroke(link.path);
  ink.setLineDash([]);
}

// Below the network: how thick the line of a weight is, and whether neurons are left out.
function paintKey(ink, { places, design, palette }) {
  let { x, y } = places.key;
  write(ink, "weights:", x, y, palette.muted);
  x += 4;
  for (const weight of [1, 3, -1]) {
    x += 54;
    ink.beginPath();
    ink.moveTo(x, y - 4);
    ink.lineTo(x + 20, y - 4);
    ink.setLineDash(weight < 0 ? DASHES : []);
    ink.lineWidth = thickness(weight);
    ink.strokeStyle = css(weight > 0 ? palette.blue : palette.orange);
    ink.stroke();
    ink.setLineDash([]);
    write(ink, String(weight).replace("-", "−"), x + 24, y, palette.muted);
  }
  const most = Math.max(...design.shown, 0);
  if (design.sizes.slice(1, -1).some((size) => size > most)) write(ink, `${most} neurons a layer shown`, x + 52, y, palette.muted);
}

function paintNeuron(ink, scene, node, row) {
  const { design, palette, images } = scene, given = node.unit >= 0; // or a feature that the network is not given
  ink.globalAlpha = given ? 1 : 0.3;
  ink.imageSmoothingEnabled = true;
  const image = node.layer ? images.thumbnails : images.features;
  ink.drawImage(image, 0, row, design.thumbnail, design.thumbnail, node.x, node.y, node.side, node.side);
  ink.globalAlpha = 1;
  ink.lineWidth = scene.isOver(node) ? 2.5 : 1;
  ink.strokeStyle = scene.isOver(node) ? palette.ink : palette.muted;
  ink.setLineDash(given ? [] : [2, 2]);
  ink.strokeRect(node.x, node.y, node.side, node.side);
  ink.setLineDash([]);
  if (node.layer) return paintBias(ink, palette, biasPlace(node), scene.biasAt(node.layer, node.unit));
  write(ink, node.name, node.x - 5, node.y + node.side / 2 + 4, given ? palette.ink : palette.muted, "right");
}

function paintBias(ink, palette, { x, y, side }, bias) {
  ink.fillStyle = css(bias > 0 ? palette.blue : bias < 0 ? palette.orange : palette.white);
  ink.globalAlpha = 0.25 + 0.75 * Math.min(1, Math.abs(bias) || 0);
  ink.fillRect(x, y, side, side);
  ink.globalAlpha = 1;
  ink.lineWidth = 1;
  ink.strokeStyle = palette.muted;
  ink.strokeRect(x, y, side, side);
}

function paintMap(ink, scene, rows) {
  const { places, frame, design, palette, images, discretise, sharp, lookedAt } = scene;
  const { x, y, side } = places.map, size = Math.sqrt(frame.large.length);
  ink.imageSmoothingEnabled = !discretise;
  if (sharp) {
    ink.drawImage(mapImage(frame.large, size, 1, palette, discretise, images.large), x, y, side, side);
  } else { // the thumbnail, until the kernel has sent the large one
    const node = [...rows.keys()].find((each) => scene.isOver(each)) ?? places.columns.at(-1).nodes[0];
    const image = node.layer ? images.thumbnails : images.features;
    ink.drawImage(image, 0, rows.get(node), design.thumbnail, design.thumbnail, x, y, side, side);
  }
  if (sharp && (lookedAt !== "output" || design.problem === "classification")) {
    ink.save();
    ink.beginPath();
    ink.rect(x, y, side, side);
    ink.clip();
    ink.translate(x, y);
    ink.scale(side / size, side / size);
    ink.lineWidth = (1.8 * size) / side;
    ink.strokeStyle = palette.ink;
    ink.stroke(boundary(frame.large, size));
    ink.restore();
  }
  if (images.points) ink.drawImage(images.points, x, y, side, side);
  ink.lineWidth = 1;
  ink.strokeStyle = palette.muted;
  ink.strokeRect(x, y, side, side);
  const beyond = scene.beyond ? ` · ${scene.beyond} beyond` : "";
  const hollow = scene.testPoints ? ` · hollow: test${beyond ? "" : " points"}` : "";
  write(ink, `x1, x2: −6 to 6${beyond}${hollow}`, x, y + side + 13, palette.muted);
  write(ink, scene.title, x, y - 22, palette.ink, "left", 13);
  paintScale(ink, scene);
}

// Above the large map: what its colours mean. A neuron's map is drawn against its own largest value, so that has no number.
function paintScale(ink, { places, palette, images, lookedAt, discretise }) {
  const { x, side } = places.map, y = places.map.y - 7, from = x + 66, until = x + side - 66, middle = (from + until) / 2;
  ink.imageSmoothingEnabled = false;
  ink.drawImage(images.scale, 0, 0, 255, 1, from, y - 11, until - from, 14);
  ink.lineWidth = 1;
  ink.strokeStyle = palette.muted;
  ink.strokeRect(from, y - 11, until - from, 14);
  write(ink, "■ below 0", x, y, palette.muted);
  write(ink, "above 0 ●", x + side, y, palette.muted, "right");
  const [low, high] = lookedAt === "output" ? ["−1", "1"] : ["−", "+"];
  write(ink, low, from + 4, y, palette.ink);
  write(ink, high, until - 4, y, palette.ink, "right");
  if (!discretise) write(ink, "0", middle, y, palette.ink, "center");
}

function paintCurves(ink, { places, frame, design, palette, until }) {
  const classes = design.problem === "classification", left = 46, gap = 56;
  const abreast = classes && !places.stacked;
  const width = abreast ? (places.width - gap - left - 8) / 2 : places.width - left - 8;
  const loss = { title: width > 340 ? "loss (mean squared error)" : "loss", figures: [1, 3], low: 0, high: highest(frame.curves, classes ? 1.5 : 0.5) };
  const accuracy = { title: "accuracy", figures: [2, 4], low: 0.4, high: 1.02, ticks: [0.5, 0.75, 1] };
  const place = { y: places.top, width, until };
  drawCurve(ink, frame.curves, { ...place, ...loss, x: left, ticks: [0, loss.high / 2, loss.high] }, palette);
  const beside = abreast ? { x: left + width + gap } : { x: left, y: places.top + CURVES + 36 };
  if (classes) drawCurve(ink, frame.curves, { ...place, ...accuracy, ...beside }, palette);
  drawLegend(ink, classes ? left + Math.max(34, width - 170) : left + 200, places.top - 7, palette); // not below the map's words
}

// Where the axis of the loss ends: at `usual`, or at a round number above the losses of the later half of the steps if
// one of them has left it. What was before is forgotten: it is cut off at the axis' end.
function highest(rows, usual) {
  let largest = 0;
  for (let row = rows.length - 5; row >= 0 && rows[row] >= rows[rows.length - 5] / 2; row -= 5) {
    largest = Math.max(largest, rows[row + 1] || 0, rows[row + 3] || 0);
  }
  if (largest <= usual || !Number.isFinite(largest)) return usual;
  const ten = 10 ** Math.floor(Math.log10(largest));
  return [1, 2, 5, 10].map((each) => each * ten).find((each) => each >= largest);
}

function write(ink, words, x, y, colour, align = "left", size = 12) {
  ink.font = `${size}px sans-serif`;
  ink.textAlign = align;
  ink.textBaseline = "alphabetic";
  ink.fillStyle = colour;
  ink.fillText(words, x, y);
}
