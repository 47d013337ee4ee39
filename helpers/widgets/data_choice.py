"""Data sets to choose from, each a small picture of its points."""

from collections.abc import Mapping, Sequence

import anywidget
import numpy as np
import traitlets

from helpers.widgets.live import HERE, page_side


class DataChoice(anywidget.AnyWidget):
    """One data set of several: radio buttons with pictures, named for a screen reader, led through by arrow keys.

    problems: what is to be learned from each data set, "classification" or "regression", by its name: the page puts the
    pictures under these words. pictures: for each data set rows of x1, x2 and value, [points, 3]. value: the name of
    the chosen one, at first the first; another than these raises TraitError in words.
    """

    _esm = page_side("playground_drawing", "data_choice")
    _css = HERE / "controls.css"

    value = traitlets.Unicode("").tag(sync=True)
    description = traitlets.Unicode("data").tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)  # in order, which a dict loses in a saved notebook
    problems, labels = traitlets.Dict().tag(sync=True), traitlets.Dict().tag(sync=True)
    points = traitlets.Bytes(b"").tag(sync=True)  # float32 [all points, 4]: the place of the data set before each row

    def __init__(self, problems: Mapping[str, str], pictures: Sequence[np.ndarray]):
        rows = [np.column_stack([np.full(len(each), place), each]) for place, each in enumerate(pictures)]
        points = np.concatenate(rows).astype(np.float32).tobytes()
        labels = {
            name: name if problem == "classification" else f"{name} ({problem})" for name, problem in problems.items()
        }
        super().__init__(
            names=list(labels), problems=dict(problems), labels=labels, points=points, value=next(iter(labels))
        )
        self.schema = {"enum": list(labels)}
        self.add_class("data-choice")

    @property
    def reach(self) -> str:
        """What there is to choose from, in words."""
        return ", ".join(self.labels.values())

    @property
    def label(self) -> str:
        """The value in words, as the page shows it."""
        return self.labels[self.value]

    @traitlets.validate("value")
    def _valid(self, proposal) -> str:
        if proposal["value"] not in self.labels:
            raise traitlets.TraitError(f"{self.description} can be {self.reach}; got {proposal['value']!r:.60}.")
        return proposal["value"]
