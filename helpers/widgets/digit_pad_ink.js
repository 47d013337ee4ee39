// The ink on the pad: dots × dots dots, four to each pixel of the network's image; as bytes 0 for paper, 255 for ink.

const PEN = 9, RUBBER = 15; // dots across; a digit that fills the pad then has lines as wide as those of MNIST

function newInk(dots) {
  const sheet = () => Object.assign(document.createElement("canvas"), { width: dots, height: dots });
  const canvas = sheet(), brush = canvas.getContext("2d", { willReadFrequently: true });
  brush.lineCap = brush.lineJoin = "round";
  const alphas = () => {
    const { data } = brush.getImageData(0, 0, dots, dots), bytes = new Uint8Array(dots * dots);
    for (let k = 0; k < bytes.length; k++) bytes[k] = data[4 * k + 3];
    return bytes;
  };
  const clear = () => brush.clearRect(0, 0, dots, dots);
  return {
    canvas, clear, bytes: alphas,
    isEmpty: () => !alphas().some(Boolean),
    // A line through points, which may be a single one.
    line(points, rubs) {
      brush.globalCompositeOperation = rubs ? "destination-out" : "source-over";
      brush.lineWidth = rubs ? RUBBER : PEN;
      brush.beginPath();
      points.forEach(([x, y]) => brush.lineTo(x, y));
      if (points.length === 1) brush.lineTo(points[0][0] + 0.01, points[0][1]);
      brush.stroke();
      brush.globalCompositeOperation = "source-over";
    },
    // Move all ink by so many dots, but none of it beyond the border.
    move(right, down) {
      const bytes = alphas(), inked = [...bytes.keys()].filter((k) => bytes[k]);
      if (!inked.length) return;
      const columns = inked.map((k) => k % dots), rows = inked.map((k) => Math.floor(k / dots));
      const within = (by, places) => {
        const lowest = places.reduce((a, b) => Math.min(a, b)), highest = places.reduce((a, b) => Math.max(a, b));
        return Math.max(-lowest, Math.min(dots - 1 - highest, Math.round(by)));
      };
      const copy = sheet();
      copy.getContext("2d").drawImage(canvas, 0, 0);
      clear();
      brush.drawImage(copy, within(right, columns), within(down, rows));
    },
    put(bytes) {
      clear();
      if (!bytes?.byteLength) return;
      const image = brush.createImageData(dots, dots);
      for (let k = 0; k < dots * dots; k++) image.data[4 * k + 3] = bytes.getUint8 ? bytes.getUint8(k) : bytes[k];
      brush.putImageData(image, 0, 0);
    },
  };
}

// Bytes of grey, 0 for paper to 255 for ink, painted on a canvas of their size in the page's own colours.
function paintGrey(canvas, bytes, from, side) {
  canvas.width = canvas.height = side;
  const pen = canvas.getContext("2d"), image = pen.createImageData(side, side);
  for (let k = 0; k < side * side; k++) {
    const ink = bytes?.byteLength ? bytes.getUint8(from + k) : 0, dark = looks().dark;
    image.data.fill(dark ? 17 + (ink * 215) / 255 : 255 - (ink * 221) / 255, 4 * k, 4 * k + 3);
    image.data[4 * k + 3] = 255;
  }
  pen.putImageData(image, 0, 0);
}
