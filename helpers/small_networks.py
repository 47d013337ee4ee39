"""Small dense networks in NumPy, several side by side: the way forward, the way back, and the step between them.

They tell points of two kinds apart: the output is a tanh, near 1 for one kind and near −1 for the other. Or they learn
a value from −1 to 1 for each point, which is regression: then the output is the sum itself.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from helpers import toy_data
from helpers.activations import ACTIVATIONS
from helpers.errors import ReaderValueError
from helpers.small_designs import INITIALISATIONS, SmallDesign
from helpers.toy_data import PLAIN, Plane

REGULARISATIONS = ("none", "L1", "L2")
SUCCESS = 0.95  # test accuracy from which on we say that a network has learned the spiral
# The recipe: Adam's own settings (Kingma and Ba 2014, "Adam"), the rest measured on the spiral for this series.
SPREAD, BIAS, LEARNING_RATE, BATCH_SIZE, STEPS, SEEDS = 0.5, 0.1, 0.01, 50, 5000, 10
OPTIMISERS = ("Adam", "gradient descent")
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8  # what Adam keeps of its two averages, and adds to its divisor


class SmallNetworks:
    """Networks of one design, one for each seed, in one stack: every product of matrices does them all at once.

    `values` [seeds, parameters] holds all numbers that are learned; `weights` and `biases` are the layers' parts of
    it, [seeds, inputs, outputs] and [seeds, 1, outputs]. Weights start as the design says, biases at 0.1.
    """

    def __init__(self, design: SmallDesign, seeds: Sequence[int] = (0,), dtype=np.float32):
        self.design = design
        self.values = np.full((len(seeds), design.parameters), BIAS, dtype)
        self.weights, self.biases = self.layers(self.values)
        for place, seed in enumerate(seeds):
            random = np.random.default_rng(seed)
            for W in self.weights:
                he = (6 / W.shape[1]) ** 0.5  # of spread √(2 / inputs)
                reach = SPREAD if design.initialisation == "±0.5" else he
                W[place] = random.uniform(-reach, reach, size=W.shape[1:])
        self.steps = self.averaged = 0  # steps in all, and those that are in Adam's averages
        self.mean, self.square = np.zeros_like(self.values), np.zeros_like(self.values)

    def copy(self, place: int | None = None) -> "SmallNetworks":
        """The same networks once more, as they are now; or only the one at this place, in a stack of its own."""
        return self.part(slice(None) if place is None else [range(len(self.values))[place]])

    def part(self, chosen) -> "SmallNetworks":
        """A copy of the chosen networks, by their places or a slice of them, in a stack of their own."""
        twin = SmallNetworks(self.design, [0] * len(self.values[chosen]), self.values.dtype)
        twin.restore(self, chosen)
        return twin

    def restore(self, other: "SmallNetworks", chosen=slice(None)) -> None:
        """Become what another stack of this design is now, or the chosen ones of it are."""
        for name in ("values", "mean", "square"):
            getattr(self, name)[...] = getattr(other, name)[chosen]
        self.steps, self.averaged = other.steps, other.averaged

    def layers(self, values: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """The parts of an array like `values` that are weights and biases of each layer: views, not copies."""
        weights, biases, start = [], [], 0
        for inputs, outputs in itertools.pairwise(self.design.sizes):
            middle, end = start + inputs * outputs, start + (inputs + 1) * outputs
            weights.append(values[:, start:middle].reshape(-1, inputs, outputs))
            biases.append(values[:, middle:end].reshape(-1, 1, outputs))
            start = end
        return weights, biases

    def forward(self, x: np.ndarray) -> list[np.ndarray]:
        """What every layer puts out for features x [seeds, n, features] or [n, features], x itself first."""
        activation = ACTIVATIONS[self.design.activation].value
        signals = [x]
        for W, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            signals.append(activation(signals[-1] @ W + b))
        output = signals[-1] @ self.weights[-1] + self.biases[-1]
        signals.append(np.tanh(output) if self.design.problem == "classification" else output)
        return signals

    def backward(self, signals: list[np.ndarray], y: np.ndarray) -> np.ndarray:
        """The gradient of the mean squared error, shaped like `values`; y [seeds, n] holds 1 and −1, or values."""
        slope = ACTIVATIONS[self.design.activation].slope
        gradient = np.empty_like(self.values)
        of_weights, of_biases = self.layers(gradient)
        output = signals[-1]
        delta = 2 * (output - y[..., None]) / y.shape[-1]
        if self.design.problem == "classification":
            delta = delta * (1 - output * output)
        for layer in reversed(range(len(self.weights))):
            of_weights[layer][...] = signals[layer].swapaxes(-1, -2) @ delta
            of_biases[layer][...] = delta.sum(axis=-2, keepdims=True)
            if layer:
                delta = delta @ self.weights[layer].swapaxes(-1, -2) * slope(signals[layer])
        return gradient

    def regularisation_gradient(self, regularisation: str, rate: float) -> np.ndarray:
        """The gradient of what regularisation adds to the loss: rate·Σ|W| for L1, rate/2·ΣW² for L2, no biases."""
        added = np.zeros_like(self.values)
        for part, W in zip(self.layers(added)[0], self.weights, strict=True):
            part[...] = rate * (np.sign(W) if regularisation == "L1" else W)
        return added

    def step(
        self,
        x,
        y,
        learning_rate,
        regularisation: str = "none",
        regularisation_rate: float = 0.0,
        optimiser: str = OPTIMISERS[0],
    ) -> None:
        """One step on a batch, x [seeds, n, features] and y [seeds, n], at a rate, or one for each [seeds, 1].

        optimiser: one of OPTIMISERS. Gradient descent goes against the gradient, as far as the rate says. (That of
        TensorFlow Playground, whose loss is half of ours, goes as far at twice the rate.) Adam averages each number's
        gradient over the last ten steps or so, and divides it by how large it has lately been, so that all move at
        about one pace; after steps of gradient descent it begins its averages anew.
        Raises ValueError, in words, for another optimiser.
        """
        gradient = self.backward(self.forward(x), y)
        if regularisation != "none":
            gradient += self.regularisation_gradient(regularisation, regularisation_rate)
        if optimiser == "Adam":
            self.values -= self._by_adam(gradient, learning_rate)
        elif optimiser == "gradient descent":
            self.values -= learning_rate * gradient
            self.averaged = 0
        else:
            raise ReaderValueError(f"optimiser should be one of {', '.join(OPTIMISERS)}; got {optimiser!r}.")
        self.steps += 1

    def _by_adam(self, gradient: np.ndarray, learning_rate) -> np.ndarray:
        """How far a step of Adam goes against each number's gradient."""
        if not self.averaged:
            self.mean[...] = self.square[...] = 0
        self.averaged += 1
        self.mean += (1 - BETA1) * (gradient - self.mean)
        self.square += (1 - BETA2) * (gradient * gradient - self.square)
        mean = self.mean / (1 - BETA1**self.averaged)  # both began at 0, and would be too small at first
        square = self.square / (1 - BETA2**self.averaged)
        return learning_rate * mean / (np.sqrt(square) + EPSILON)


class Learners:
    """Networks of one design that learn side by side, each from its own points and in its own order.

    planes: for each seed its points, as many for all. A step takes the next batch; the points are shuffled anew for
    every epoch, and what is left of them at its end is too few for a batch and left out.
    networks: the stack that is to learn; if it is left out, fresh ones of this design.
    """

    def __init__(
        self,
        design: SmallDesign,
        planes: Sequence[Plane],
        seeds: Sequence[int],
        networks: SmallNetworks | None = None,
    ):
        self.networks = SmallNetworks(design, seeds) if networks is None else networks
        self.randoms = [np.random.default_rng([seed, 1]) for seed in seeds]  # apart from that of the weights
        self.stack = np.arange(len(seeds))[:, None]
        self.steps = self.epochs = 0  # that were made here, and that have begun
        self.learn_from(planes)

    def learn_from(self, planes: Sequence[Plane]) -> None:
        """Go on with the points of other planes, with a new epoch."""
        parts = [[plane.train for plane in planes], [plane.test for plane in planes]]
        names = self.networks.design.features
        self.train, self.test = (
            (
                np.stack([toy_data.features(points.x, names) for points in part]).astype(np.float32),
                np.stack([points.y for points in part]).astype(np.float32),
            )
            for part in parts
        )
        self.order, self.next = np.empty((len(planes), 0), int), 0  # no points left: the next step shuffles

    def step(self, learning_rate, batch_size: int = BATCH_SIZE, **settings) -> None:
        """Take the next batch and learn from it; the other settings are those of SmallNetworks.step."""
        x, y = self.train
        batch_size = min(batch_size, y.shape[1])
        if self.next + batch_size > self.order.shape[1]:
            self.order, self.next = np.stack([random.permutation(y.shape[1]) for random in self.randoms]), 0
            self.epochs += 1
        batch = self.order[:, self.next : self.next + batch_size]
        self.next += batch_size
        self.networks.step(x[self.stack, batch], y[self.stack, batch], learning_rate, **settings)
        self.steps += 1

    def to_the_end(self, batch_size: int) -> int:
        """How many steps lead to the end of the epoch: of the one under way, or of the next if that is over."""
        points = self.train[1].shape[1]
        batch_size = min(points, batch_size)
        return (self.order.shape[1] - self.next) // batch_size or points // batch_size

    def measure(self) -> np.ndarray:
        """Loss and accuracy on the training points, then on the test points: shape [4, seeds].

        The loss is the mean squared error, without what regularisation adds; the accuracy a share. Regression has no
        accuracy: there it is not a number.
        """
        figures = []
        for x, y in (self.train, self.test):
            output = self.networks.forward(x)[-1][..., 0]
            figures += [np.mean((output - y) ** 2, axis=1), np.mean((output > 0) == (y > 0), axis=1)]
        if self.networks.design.problem == "regression":
            figures[1::2] = [np.full(len(self.networks.values), np.nan)] * 2
        return np.array(figures)


@dataclass(frozen=True)
class Trials:
    """What became of one design over several seeds: the test accuracy of each, and the networks themselves."""

    design: SmallDesign
    seeds: tuple[int, ...]
    planes: list[Plane]
    networks: SmallNetworks
    test_accuracy: np.ndarray

    @property
    def reached(self) -> int:
        """How many of the networks reach 95% on their test points."""
        return int(np.sum(self.test_accuracy >= SUCCESS))

    @property
    def figures(self) -> dict[str, float]:
        """What the lesson claims figures of: how many reached 95%, the median and the lowest test accuracy."""
        accuracy = self.test_accuracy
        return {"reached": self.reached, "median": float(np.median(accuracy)), "lowest": float(accuracy.min())}

    def __repr__(self):
        accuracy = self.test_accuracy
        return (
            f"{self.design}: {self.reached} of {len(self.seeds)} reach {SUCCESS:.0%}; "
            f"median {np.median(accuracy):.1%}, from {accuracy.min():.1%} to {accuracy.max():.1%}."
        )


def try_ten(hidden: Sequence[int] = (8,), features: Sequence[str] = PLAIN, **settings) -> Trials:
    """Train ten networks of one design on the spiral, each with its own weights, split and order; about a second.

    hidden: the neurons of each hidden layer. features: names in toy_data.FEATURES. settings: as `try_rates` takes them,
    and learning_rate. Taught in notebooks/05_why_depth.ipynb, "Eight neurons".
    """
    rate = settings.pop("learning_rate", LEARNING_RATE)
    return try_rates(hidden, [rate], features, seeds=SEEDS, **settings)[rate]


def try_rates(
    hidden: Sequence[int],
    learning_rates: Sequence[float],
    features: Sequence[str] = PLAIN,
    *,
    activation: str = "ReLU",
    initialisation: str = INITIALISATIONS[0],
    plane: Callable[[int], Plane] | None = None,
    begin: Callable[[SmallNetworks], None] | None = None,
    noise: float = 0.0,
    steps: int = STEPS,
    seeds: int = 20,
    seed: int = 0,
) -> dict[float, Trials]:
    """Train networks of one design on the spiral, one for each seed at each learning rate; what became of them by rate.

    plane: a function from a seed to other points than the spiral's with this noise. begin: what changes the networks of
    all seeds before the first step. steps of batches of 50, each rate going straight down to 0. seed: the first one.
    Taught in notebooks/05_why_depth.ipynb, "A fair comparison".
    """
    design = SmallDesign(tuple(features), tuple(hidden), activation, initialisation=initialisation)
    numbers = tuple(range(seed, seed + seeds))
    planes = [plane(each) if plane else toy_data.make(noise=noise, seed=each) for each in numbers]
    first = SmallNetworks(design, numbers)
    if begin:
        begin(first)
    every = first.part(list(range(seeds)) * len(learning_rates))
    stack = Learners(design, planes * len(learning_rates), numbers * len(learning_rates), every)
    rates = np.repeat(np.asarray(learning_rates, np.float32), seeds)[:, None]
    for step in range(steps):
        stack.step(rates * (1 - step / steps))
    accuracy = stack.measure()[3].reshape(-1, seeds)
    return {
        rate: Trials(design, numbers, planes, stack.networks.part(slice(row * seeds, (row + 1) * seeds)), accuracy[row])
        for row, rate in enumerate(learning_rates)
    }
