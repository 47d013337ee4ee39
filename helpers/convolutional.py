"""Networks with convolutions by design: filters, their size and stride, pooling, dropout."""

import math
from dataclasses import dataclass
from itertools import pairwise

import tensorflow as tf

from helpers.errors import ReaderValueError
from helpers.filters import output_size
from helpers.initialisations import INITIALISATIONS

POOL = 2  # side of the blocks of which pooling keeps the largest number


@dataclass(frozen=True)
class Convolution:
    """One layer of filters: how many, their side in pixels, the stride, and whether 2 × 2 pooling follows."""

    filters: int
    size: int
    stride: int = 1
    pool: bool = False


@dataclass(frozen=True)
class Design:
    """All that decides a network with convolutions before training: `Network(design)` builds it.

    convolutions: the layers of filters, each followed by ReLU. hidden: units of the dense layer behind them. dropout:
    the share of these that each training step leaves out. seed: of the random numbers. shape: height and width of an
    image. outputs: classes. Raises ValueError, in words, for a filter that is larger than what it is laid on.
    Taught in notebooks/10_convolution.ipynb, "Two layers of filters".
    """

    convolutions: tuple[Convolution, ...] = (Convolution(16, 5, stride=2), Convolution(32, 3, pool=True))
    hidden: int = 128
    dropout: float = 0.25
    seed: int = 0
    shape: tuple[int, int] = (28, 28)
    outputs: int = 10

    def __post_init__(self):
        for number, layer in enumerate(self.convolutions, start=1):
            before = (*self.shape, 1) if number == 1 else self.handed_on[number - 2]
            if layer.size > min(before[:2]) or (layer.pool and min(self.maps[number - 1][:2]) < POOL):
                what = "pooling" if layer.size <= min(before[:2]) else f"{layer.size} × {layer.size} filters"
                raise ReaderValueError(
                    f"Layer {number} cannot be: {what} needs more than the {before[0]} × {before[1]} numbers that "
                    "come to it. Choose smaller filters, or less stride or pooling before them."
                )

    @property
    def maps(self) -> list[tuple[int, int, int]]:
        """Rows, columns and number of the maps that each layer of filters makes, before pooling."""
        return [made for made, _ in self._sizes()]

    @property
    def handed_on(self) -> list[tuple[int, int, int]]:
        """The same after pooling, where there is any: what the next layer gets."""
        return [after for _, after in self._sizes()]

    def _sizes(self) -> list[tuple[tuple[int, int, int], tuple[int, int, int]]]:
        sizes, (rows, columns) = [], self.shape
        for layer in self.convolutions:
            rows, columns = (output_size(side, layer.size, layer.stride) for side in (rows, columns))
            made = rows, columns, layer.filters
            if layer.pool:
                rows, columns = rows // POOL, columns // POOL
            sizes.append((made, (rows, columns, layer.filters)))
        return sizes

    @property
    def dense_sizes(self) -> tuple[int, int, int]:
        """The widths from the last map, laid out in a row, to the classes."""
        return (math.prod(self.handed_on[-1] if self.convolutions else self.shape), self.hidden, self.outputs)

    @property
    def filter_shapes(self) -> list[tuple[int, int, int, int]]:
        """Of each layer's filters: rows, columns, maps that they look at, and how many they are."""
        channels = [1, *(layer.filters for layer in self.convolutions)]
        return [
            (layer.size, layer.size, before, layer.filters)
            for before, layer in zip(channels, self.convolutions, strict=False)
        ]

    @property
    def parameters(self) -> int:
        """The number of weights and biases."""
        dense = sum(inputs * outputs + outputs for inputs, outputs in pairwise(self.dense_sizes))
        return dense + sum(math.prod(shape) + shape[3] for shape in self.filter_shapes)

    def __str__(self):
        layers = [
            f"{layer.filters} of {layer.size} × {layer.size}"
            + (f", stride {layer.stride}" if layer.stride > 1 else "")
            + (", pooled" if layer.pool else "")
            for layer in self.convolutions
        ]
        return "; ".join([*layers, f"{self.hidden} units", f"{self.outputs} classes"])


class Network(tf.Module):
    """A network with convolutions: call it with float32 images [batch, pixels] for logits [batch, classes].

    `filters` and `filter_biases` hold a tf.Variable for each layer of filters, `weights` and `biases` for each of the
    two dense ones. Every layer starts by He's rule. Taught in notebooks/10_convolution.ipynb.
    """

    def __init__(self, design: Design):
        super().__init__()
        self.design = design
        filters, weights = initial_weights(design)
        self.filters = [tf.Variable(values) for values in filters]
        self.filter_biases = [tf.Variable(tf.zeros([shape[3]])) for shape in design.filter_shapes]
        self.weights = [tf.Variable(values) for values in weights]
        self.biases = [tf.Variable(tf.zeros([width])) for width in design.dense_sizes[1:]]
        self.chance = tf.random.Generator.from_seed(design.seed)  # for dropout

    def __call__(self, x: tf.Tensor, training: bool = False) -> tf.Tensor:
        """The logits of a batch; training: with dropout."""
        handed_on = self.layers(x)[-1][1]
        flat = tf.reshape(handed_on, [-1, self.design.dense_sizes[0]])
        hidden = tf.nn.relu(flat @ self.weights[0] + self.biases[0])
        if training and self.design.dropout:
            dropped = self.chance.uniform(tf.shape(hidden)) < self.design.dropout
            hidden = tf.where(dropped, 0.0, hidden / (1 - self.design.dropout))
        return hidden @ self.weights[1] + self.biases[1]

    def layers(self, x: tf.Tensor) -> list[tuple[tf.Tensor, tf.Tensor]]:
        """For each layer of filters its maps [batch, rows, columns, filters], and what it hands on: the same, pooled.

        Without any layer the images themselves, [batch, height, width, 1].
        """
        x = tf.reshape(x, [-1, *self.design.shape, 1])
        made = [] if self.design.convolutions else [(x, x)]
        for layer, filters, biases in zip(self.design.convolutions, self.filters, self.filter_biases, strict=True):
            maps = tf.nn.relu(tf.nn.conv2d(x, filters, layer.stride, "VALID") + biases)
            x = tf.nn.max_pool2d(maps, POOL, POOL, "VALID") if layer.pool else maps
            made.append((maps, x))
        return made

    def start_again(self, seed: int) -> None:
        """Set every variable to what the network starts from with this seed; nothing is compiled anew."""
        filters, weights = initial_weights(self.design, seed)
        for variable, values in zip([*self.filters, *self.weights], [*filters, *weights], strict=True):
            variable.assign(values)
        for variable in (*self.filter_biases, *self.biases):
            variable.assign(tf.zeros_like(variable))
        self.chance.reset_from_seed(seed)


def initial_weights(design: Design, seed: int | None = None) -> tuple[list[tf.Tensor], list[tf.Tensor]]:
    """What filters and dense weights start from, by He's rule: every number a unit adds up counts as an input.

    seed: another one than the design's.
    """
    flat = [(math.prod(shape[:3]), shape[3]) for shape in design.filter_shapes]
    drawn = [
        INITIALISATIONS["He"].draw(shape, 1.0, (design.seed if seed is None else seed, layer))
        for layer, shape in enumerate([*flat, *pairwise(design.dense_sizes)], start=1)
    ]
    filters = [tf.reshape(values, shape) for values, shape in zip(drawn, design.filter_shapes, strict=False)]
    return filters, drawn[len(filters) :]


def as_code(design: Design) -> str:
    """Plain TensorFlow, ready to paste, that makes the network of a design: the same numbers, to the last bit."""
    shapes = [*design.filter_shapes, *pairwise(design.dense_sizes)]
    lines = ["import tensorflow as tf\n"]
    for number, shape in enumerate(shapes, start=1):
        std = math.sqrt(2 / math.prod(shape[:-1]))
        drawn = f"tf.random.stateless_normal({list(shape)}, seed=[{design.seed}, {number}], stddev={std!r})"
        lines += [f"W{number} = tf.Variable({drawn})", f"b{number} = tf.Variable(tf.zeros([{shape[-1]}]))"]
    lines += [f"chance = tf.random.Generator.from_seed({design.seed})\n\n", "def model(x, training=False):"]
    lines += [f"    x = tf.reshape(x, [-1, {design.shape[0]}, {design.shape[1]}, 1])"]
    for number, layer in enumerate(design.convolutions, start=1):
        lines += [f'    x = tf.nn.relu(tf.nn.conv2d(x, W{number}, {layer.stride}, "VALID") + b{number})']
        lines += [f'    x = tf.nn.max_pool2d(x, {POOL}, {POOL}, "VALID")'] * layer.pool
    dense = len(design.convolutions) + 1
    lines += [f"    x = tf.nn.relu(tf.reshape(x, [-1, {design.dense_sizes[0]}]) @ W{dense} + b{dense})"]
    if design.dropout:
        lines += ["    if training:"]
        lines += [f"        dropped = chance.uniform(tf.shape(x)) < {design.dropout!r}"]
        lines += [f"        x = tf.where(dropped, 0.0, x / {1 - design.dropout!r})"]
    lines += [f"    return x @ W{dense + 1} + b{dense + 1}"]
    return "\n".join(lines) + "\n"
