"""Networks that lessons have trained, kept among the learner's own files, so that later lessons can ask them too."""

import re
from collections.abc import Callable

import numpy as np

from helpers import own_folder
from helpers.errors import ReaderOSError, ReaderValueError
from helpers.own.frozen_networks import FrozenNetwork, freeze

FOLDER = "networks"
LONGEST_NAME = 40  # letters: it stands above a column


def keep(model: Callable, name: str) -> None:
    """Keep a trained network under a name, as it is now, in place of what had this name.

    model: from float32 images [batch, 784] to logits [batch, 10], as `training.train` takes it. Raises ValueError, in
    words, for a name that no file can have and for a network that cannot be kept, as one that has diverged; OSError if
    it cannot be written.
    Taught in notebooks/00_start_here.ipynb, "Your own digit".
    """
    if not isinstance(name, str) or not re.fullmatch(r"\w[\w .,+-]*", name) or len(name) > LONGEST_NAME:
        raise ReaderValueError(
            f"A name should have letters, digits, spaces or any of . , + -, {LONGEST_NAME} at most, as in "
            f'keep(model, "lesson 03"); got {name!r:.60}.'
        )
    if not callable(model):
        raise ReaderValueError(f"The network comes first, then its name: keep(model, {name!r}); got {model!r:.60}.")
    network = freeze(model)
    if not all(np.isfinite(W).all() for W in network.weights.values() if W.dtype.kind == "f"):
        raise ReaderValueError(
            "This network cannot be kept, since some of its weights are not numbers any more: its training diverged. "
            "Train it again from its start, at a lower learning rate, then keep it."
        )
    own_folder.keep(f"{FOLDER}/{name}.npz", network.to_bytes())


def everything() -> tuple[dict[str, FrozenNetwork], list[str]]:
    """All networks that are kept, by name, in the order of their names; and what is wrong with others, in words."""
    networks, wrong = {}, []
    for file in own_folder.names(f"{FOLDER}/*.npz"):
        name = file.removeprefix(f"{FOLDER}/").removesuffix(".npz")
        try:
            networks[name] = FrozenNetwork.from_bytes(own_folder.kept(file) or b"")
        except (ReaderValueError, ReaderOSError) as error:
            wrong.append(
                f"The network “{name}” is left out: {str(error).rstrip('.')}. Train it again in its lesson, or delete "
                f"the file {own_folder.folder().name}/{file}."
            )
    return networks, wrong
