"""Pictures of digits, weights and predictions: functions from arrays to a `Picture`."""

import numpy as np

from helpers.errors import ReaderValueError
from helpers.own.kept_digits import a
from helpers.plots.style import INK, RED, VERMILION, Picture, new_figure, styled
from helpers.plots.training_chart import weight_row

TILE = 8  # pixels of an image in the mosaic, one way


def digit_sheet(
    images: np.ndarray, labels: np.ndarray, rows: int = 5, *, called: str = "handwritten digits"
) -> Picture:
    """The first `rows` images of each digit, a column for each digit. images: [n, 28, 28]; labels: [n].

    called: what they are, in the picture's words.
    """
    columns = [images[np.flatnonzero(labels == digit)[:rows]] for digit in range(10)]
    sheet = np.concatenate([np.concatenate(list(_framed(column)), axis=0) for column in columns], axis=1)
    figure = new_figure(7.2, 0.72 * rows + 0.3)
    with styled():
        axes = image_axes(figure.add_subplot())
        axes.imshow(sheet)
        side = sheet.shape[1] / 10
        axes.set_xticks([side * (digit + 0.5) for digit in range(10)], [str(digit) for digit in range(10)])
        axes.xaxis.tick_top()
    return Picture(figure, f"{rows * 10} {called}, {rows} of each from 0 to 9, no two alike.")


def pixels(image: np.ndarray) -> Picture:
    """One image with the value of every pixel written in it. image: uint8 [28, 28]."""
    figure = new_figure(6.4, 6.4)
    with styled():
        axes = image_axes(figure.add_subplot())
        axes.imshow(image, vmin=0, vmax=255)
        for (row, column), value in np.ndenumerate(image):
            colour = "white" if value > 128 else INK if value else "#b5b5b5"
            axes.text(column, row, str(value), ha="center", va="center", fontsize=5.5, color=colour)
    inked = np.count_nonzero(image)
    return Picture(
        figure,
        f"One digit as numbers: of {image.size} pixels, {inked} hold ink (1 to 255) and {image.size - inked} are 0.",
    )


def weight_images(weights: np.ndarray) -> Picture:
    """The weights into each of the ten digits as images: red speaks for the digit, blue against. weights: [784, 10]."""
    figure = new_figure(8.2, 2.1)
    images = weight_row(weights)
    with styled():
        for digit in range(10):
            axes = image_axes(figure.add_subplot(2, 5, digit + 1))
            axes.imshow(images[:, 30 * digit : 30 * (digit + 1)], cmap="RdBu_r", vmin=-1, vmax=1)
            axes.set_ylabel(str(digit), rotation=0, labelpad=10, va="center", fontsize=12)
    strongest = np.abs(weights).max(axis=0).argmax()
    return Picture(
        figure,
        f"Ten weight images, from {weights.min():.2f} (blue, against the digit) to {weights.max():.2f} (red, for it); "
        f"the strongest single weight belongs to digit {strongest}.",
    )


def mosaic(images: np.ndarray, labels: np.ndarray, predicted: np.ndarray, columns: int = 125) -> Picture:
    """Test images as tiles, the wrongly read ones first and on red, so that the red area is the error rate.

    images: [n, 28, 28]; labels and predicted: [n]. Taught in notebooks/01_one_layer.ipynb, "Which ones are wrong?".
    """
    sheet = mosaic_sheet(images, labels, predicted, columns)
    wrong = predicted != labels
    figure = new_figure(8.2, 8.2 * sheet.shape[0] / sheet.shape[1] + 0.35)
    with styled():
        axes = image_axes(figure.add_subplot())
        axes.imshow(sheet)
        axes.set_title(f"{wrong.sum():,} wrong (white on red, first) of {len(labels):,}", fontsize=10)
    return Picture(
        figure,
        f"{len(labels):,} test images, the {wrong.sum():,} wrongly read ones first: {wrong.mean():.1%} of the area is "
        "red.",
    )


def mosaic_sheet(images: np.ndarray, labels: np.ndarray, predicted: np.ndarray, columns: int) -> np.ndarray:
    """The tiles of `mosaic` as one image in bytes, [height, width, 3]."""
    wrong = predicted != labels
    order = np.argsort(~wrong, kind="stable")
    # Every third pixel, without the empty rim, and one byte a colour: so 10,000 fit on a page and into little memory.
    every = max(1, round(max(images.shape[1:]) / TILE))
    kept = slice(2, 26, 3) if images.shape[1:] == (28, 28) else slice(None, None, every)
    paper = 255 - images[order][:, kept, kept]
    rows, (high, wide) = -(-len(paper) // columns), paper.shape[1:]
    tiles = np.full((rows * columns, high, wide, 3), 255, np.uint8)
    tiles[: len(paper)] = paper[..., None]
    tiles[: wrong.sum()] = 255 - paper[: wrong.sum(), ..., None].astype(np.uint16) * (255 - RED) // 255
    sheet = tiles.reshape(rows, columns, high, wide, 3).swapaxes(1, 2).reshape(rows * high, columns * wide, 3)
    return sheet


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray) -> Picture:
    """How often each digit (row) was read as each digit (column); the mistakes are shaded. Both arrays: [n]."""
    classes = max(10, 1 + int(max(labels.max(), predicted.max())))
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (labels, predicted), 1)
    mistakes = np.where(np.eye(classes, dtype=bool), 0, counts)
    figure = new_figure(5.6, 4.6)
    with styled():
        axes = figure.add_subplot()
        axes.imshow(mistakes, cmap="Oranges", vmax=max(mistakes.max(), 1) * 1.3)
        for (row, column), count in np.ndenumerate(counts):
            weight = "bold" if row == column else "normal"
            axes.text(column, row, f"{count}" if count else "·", ha="center", va="center", fontsize=9, weight=weight)
        axes.set(xlabel="read as", ylabel="is", xticks=range(classes), yticks=range(classes))
        axes.grid(False)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    digit, taken_for = map(int, np.unravel_index(mistakes.argmax(), mistakes.shape))
    right = (
        f"{np.trace(counts):,} are right (the diagonal); the most frequent mistake is {a(digit)} "
        f"read as {a(taken_for)}, {mistakes.max()} times"
    )
    return Picture(
        figure, f"Confusion matrix of {len(labels):,} images: {right if mistakes.any() else 'all are right'}."
    )


def confident_mistakes(images: np.ndarray, labels: np.ndarray, probabilities: np.ndarray, count: int = 12) -> Picture:
    """The wrongly read images that the network was surest of. images: [n, 28, 28]; probabilities: [n, 10]."""
    predicted = probabilities.argmax(axis=1)
    sureness = np.where(predicted != labels, probabilities.max(axis=1), -1.0)
    chosen = np.argsort(-sureness, kind="stable")[: min(count, int((predicted != labels).sum()))]
    if not len(chosen):
        raise ReaderValueError("There are no mistakes to show: every image is read rightly.")
    figure = new_figure(8.2, 1.75 * -(-len(chosen) // 6))
    with styled():
        for place, which in enumerate(chosen, start=1):
            axes = image_axes(figure.add_subplot(-(-len(chosen) // 6), 6, place))
            axes.imshow(images[which])
            axes.set_title(f"says {predicted[which]} ({percent(sureness[which])})", fontsize=9, color=VERMILION)
            axes.set_xlabel(f"is {labels[which]}", fontsize=9)
    first = chosen[0]
    return Picture(
        figure,
        f"The {len(chosen)} most confident mistakes: the first is {a(labels[first])} that the network calls "
        f"{a(predicted[first])} with {percent(sureness[first])}.",
    )


def image_axes(axes):
    """The axes, made ready for an image: without ticks, grid and frame."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return axes


def _framed(images: np.ndarray) -> np.ndarray:
    return np.pad(images, ((0, 0), (2, 2), (2, 2)))


def percent(share: float) -> str:
    """A percentage that does not round a near-certainty up to a certainty."""
    return "over 99.9%" if share >= 0.9995 else f"{share:.1%}"
