"""What single units answer to: for each, the images that make it put out the most, as one average image."""

from collections.abc import Sequence

import numpy as np

from helpers.plots.style import Picture, new_figure, styled

UNITS, IMAGES = 8, 100  # shown of each layer, and averaged for each unit


def by_layer(images: np.ndarray, labels: np.ndarray, layers: Sequence[np.ndarray]) -> Picture:
    """The mean of the hundred images that each of a few units answers to most, a row for each layer.

    images: [n, 28, 28]. labels: [n]. layers: what each layer puts out for them, [n, units]; units that are never on are
    left out. Beside each stands the commonest digit among its images, and the share it has.
    Taught in notebooks/05_why_depth.ipynb, "Edges, shapes, faces".
    """
    figure = new_figure(8.6, 1.25 * len(layers))
    rows: list[list[float]] = []
    with styled():
        for axes_row, outputs, layer in zip(figure.subplots(len(layers), UNITS), layers, _names(layers), strict=True):
            alive = np.flatnonzero(outputs.max(axis=0) > outputs.min(axis=0))
            chosen = alive[np.linspace(0, len(alive) - 1, UNITS).round().astype(int)]
            rows.append([])
            for axes, unit in zip(axes_row, chosen, strict=True):
                most = np.argsort(-outputs[:, unit], kind="stable")[:IMAGES]
                counts = np.bincount(labels[most], minlength=10)
                rows[-1].append(counts.max() / IMAGES)
                axes.imshow(images[most].mean(axis=0), vmin=0, vmax=255)
                axes.set_title(f"{counts.argmax()}: {counts.max() / IMAGES:.0%}", fontsize=10)
                axes.set(xticks=[], yticks=[])
                axes.grid(False)
            axes_row[0].set_ylabel(layer, fontsize=10)
    said = "; ".join(f"{name}: {np.mean(row):.0%}" for name, row in zip(_names(layers), rows, strict=True))
    return Picture(
        figure,
        f"For {UNITS} units of each layer the average of the {IMAGES} images that they answer to most, and the share "
        f"of the commonest digit among these. Mean share: {said}.",
    )


def _names(layers: Sequence[np.ndarray]) -> list[str]:
    return [*(f"layer {number}" for number in range(1, len(layers))), "logits"]
