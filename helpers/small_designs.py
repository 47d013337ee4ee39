"""What a small network looks like, before it has any weights."""

import itertools
from dataclasses import dataclass

import numpy as np

from helpers import toy_data
from helpers.activations import ACTIVATIONS
from helpers.errors import ReaderValueError
from helpers.toy_data import PLAIN

PROBLEMS = ("classification", "regression")
MOST_LAYERS, MOST_NEURONS = 6, 50
INITIALISATIONS = ("±0.5", "He")  # the first is TensorFlow Playground's, whatever the width of a layer


@dataclass(frozen=True)
class SmallDesign:
    """What a small network looks like: its features, the neurons of each hidden layer, their activation.

    problem: one of PROBLEMS; for classification the output is a tanh, for regression the sum as it is. initialisation:
    one of INITIALISATIONS; He's rule fits the weights to the number of a layer's inputs, here drawn evenly.
    Raises ValueError, in words, for what cannot be built.
    """

    features: tuple[str, ...] = PLAIN
    hidden: tuple[int, ...] = (8,)
    activation: str = "ReLU"
    problem: str = "classification"
    initialisation: str = INITIALISATIONS[0]

    def __post_init__(self):
        toy_data.check_features(self.features)
        whole = all(isinstance(width, int | np.integer) and 1 <= width <= MOST_NEURONS for width in self.hidden)
        if not whole or len(self.hidden) > MOST_LAYERS:
            raise ReaderValueError(
                f"hidden should list the neurons of up to {MOST_LAYERS} layers, each from 1 to {MOST_NEURONS}, "
                f"such as [8, 8]; got {list(self.hidden)}."
            )
        if self.activation not in ACTIVATIONS:
            raise ReaderValueError(f"There is no activation {self.activation!r}; there are {', '.join(ACTIVATIONS)}.")
        if self.problem not in PROBLEMS:
            raise ReaderValueError(f"problem should be one of {', '.join(PROBLEMS)}; got {self.problem!r}.")
        if self.initialisation not in INITIALISATIONS:
            known = ", ".join(INITIALISATIONS)
            raise ReaderValueError(f"initialisation should be one of {known}; got {self.initialisation!r}.")

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer, from the features to the one output."""
        return (len(self.features), *self.hidden, 1)

    @property
    def parameters(self) -> int:
        """How many weights and biases there are."""
        return sum(inputs * outputs + outputs for inputs, outputs in itertools.pairwise(self.sizes))

    def __str__(self):
        given = " and ".join(self.features) if len(self.features) < 3 else f"{len(self.features)} features"
        ends = "" if self.problem == "classification" else f", {self.problem}"
        return f"{'-'.join(map(str, self.sizes))} {self.activation} on {given}, {self.parameters:,} parameters{ends}"
