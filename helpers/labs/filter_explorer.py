"""One filter in the reader's hand: nine numbers, moved over a digit."""

import numpy as np
from IPython.display import display

from helpers import filters
from helpers.data import Split
from helpers.errors import ReaderValueError
from helpers.plots import feature_maps, live
from helpers.plots.style import Picture
from helpers.widgets.filter_view import FilterView

START = 9, 10  # row and column of the window: on a stroke of most digits


class FilterExplorer:
    """A digit, a window on it, nine numbers, and the output: the window is moved by hand, and the numbers are typed.

    split: images with their labels; the first of each kind is offered. digit: the one to begin with. preset: a name in
    filters.PRESETS, whose numbers to begin with. `weights` and `place` may be set. All is computed on the page; the
    notebook keeps a picture of the start. Taught in notebooks/10_convolution.ipynb, "One filter in your hand".
    """

    def __init__(self, split: Split, *, digit: int = 5, preset: str = "left edge"):
        if preset not in filters.PRESETS:
            raise ReaderValueError(f"preset should be one of {', '.join(filters.PRESETS)}; got {preset!r}.")
        kinds = np.unique(split.labels)
        if digit not in kinds:
            raise ReaderValueError(
                f"digit should be a label of these images, {kinds[0]} to {kinds[-1]}; got {digit!r}."
            )
        self.images = np.array([split.images[np.argmax(split.labels == kind)] for kind in kinds])
        self.view = FilterView(
            images=self.images.tobytes(),
            side=self.images.shape[1],
            names=[str(kind) for kind in kinds],
            chosen=int(np.flatnonzero(kinds == digit)[0]),
            presets={name: weights.ravel().tolist() for name, weights in filters.PRESETS.items()},
            weights=filters.PRESETS[preset].ravel().tolist(),
        )
        self.place = START

    @property
    def weights(self) -> np.ndarray:
        """The filter as it stands, [3, 3]."""
        return np.array(self.view.weights).reshape(3, 3)

    @weights.setter
    def weights(self, weights) -> None:
        numbers = np.asarray(weights, float)
        if numbers.shape != (3, 3) or not np.isfinite(numbers).all():
            raise ReaderValueError(f"The filter has 3 × 3 numbers; got shape {list(numbers.shape)}, {weights!r:.60}.")
        self.view.weights = numbers.ravel().tolist()

    @property
    def place(self) -> tuple[int, int]:
        """Row and column of the window's number in the output."""
        return self.view.row, self.view.column

    @place.setter
    def place(self, place: tuple[int, int]) -> None:
        self.view.row, self.view.column = place

    def picture(self) -> Picture:
        """What the page shows, as a still picture with its words."""
        image = self.images[self.view.chosen] / 255
        return feature_maps.one_filter(image, self.weights, self.place, self.view.stride)

    def _ipython_display_(self) -> None:
        data, metadata = self.picture().bundle()
        display(live.view_of(self.view) | data, metadata=metadata, raw=True)
