"""Dense networks by design: layer sizes, activation and initial values."""

import json
import math
import numbers
from dataclasses import asdict, dataclass, fields
from itertools import pairwise

import tensorflow as tf

from helpers.activations import ACTIVATIONS
from helpers.errors import ReaderValueError
from helpers.initialisations import INITIALISATIONS

INPUTS, OUTPUTS = 784, 10  # pixels of an MNIST image, and digits


@dataclass(frozen=True)
class Design:
    """All that decides a dense network before training: `Network(design)` builds it.

    hidden: neurons of each hidden layer. activation: what follows each of them, by its name in ACTIVATIONS: "sigmoid",
    "tanh", "ReLU" or "none". initialisation: a name in INITIALISATIONS: "truncated normal" (cut off at two standard
    deviations), "uniform", "He", "Glorot", "zeros" or "constant". std: the standard deviation of "truncated normal",
    the reach of "uniform" to either side of 0, or the value of "constant". seed: of the random numbers. inputs,
    outputs: pixels and classes, those of MNIST unless the data is your own. dropout: the share of every hidden layer's
    units that a training step switches off, 0 to below 1, anew for each image.
    Taught in notebooks/02_five_layers_sigmoid.ipynb, "The compact form"; dropout in notebooks/09_generalise.ipynb.
    """

    hidden: tuple[int, ...] = (200, 100, 60, 30)
    activation: str = "sigmoid"
    initialisation: str = "truncated normal"
    std: float = 1.0
    seed: int = 0
    inputs: int = INPUTS
    outputs: int = OUTPUTS
    dropout: float = 0.0

    def __post_init__(self):
        one = isinstance(self.hidden, str | numbers.Real)  # a single number or a text instead of a list
        if one or any(not _is_whole(width) or width < 1 for width in self.hidden):
            raise ReaderValueError(
                f"hidden should be whole numbers of neurons, 1 or more, such as (200, 100); got {self.hidden}."
            )
        object.__setattr__(self, "hidden", tuple(map(int, self.hidden)))
        for name, allowed in (("activation", tuple(ACTIVATIONS)), ("initialisation", tuple(INITIALISATIONS))):
            if getattr(self, name) not in allowed:
                raise ReaderValueError(f"{name} should be one of {', '.join(allowed)}; got {getattr(self, name)!r}.")
        if not _is_scale(self.std):
            raise ReaderValueError(f"std should be a finite number, 0 or more; got {self.std!r}.")
        if not _is_scale(self.dropout) or self.dropout >= 1:
            raise ReaderValueError(
                f"dropout should be the share of units to switch off, from 0 to below 1; got {self.dropout!r}."
            )
        if not _is_whole(self.seed) or self.seed < 0:
            raise ReaderValueError(f"seed should be a whole number, 0 or more; got {self.seed!r}.")
        for name in ("inputs", "outputs"):
            if not _is_whole(getattr(self, name)) or getattr(self, name) < 1:
                raise ReaderValueError(f"{name} should be a whole number, 1 or more; got {getattr(self, name)!r}.")

    @property
    def sizes(self) -> tuple[int, ...]:
        """The width of every layer, from the pixels to the classes: 784 and 10 for MNIST."""
        return (self.inputs, *self.hidden, self.outputs)

    @property
    def parameters(self) -> int:
        """The number of weights and biases."""
        return sum(inputs * outputs + outputs for inputs, outputs in pairwise(self.sizes))

    def __str__(self):
        dropout = f", dropout {self.dropout:g}" if self.dropout else ""
        return f"{'-'.join(map(str, self.sizes))}, {self.activation}, {self.start}{dropout}"

    @property
    def start(self) -> str:
        """The initial weights in words, such as "truncated normal 0.1" or "He"."""
        return f"{self.initialisation} {self.std:.2g}" if self.takes_scale else self.initialisation

    @property
    def takes_scale(self) -> bool:
        """Whether `std` makes a difference: the other initialisations choose their own scale."""
        return INITIALISATIONS[self.initialisation].takes_scale

    def to_json(self) -> str:
        """The design as a short line of text, for `Design.from_json`."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> "Design":
        """The design that `to_json` wrote. Raises ValueError, in words, for anything else."""
        try:
            settings = json.loads(text)
        except json.JSONDecodeError as error:
            raise ReaderValueError(f"A design should be the text that to_json() gave; {error}.") from error
        names = [field.name for field in fields(Design)]
        if not isinstance(settings, dict) or not set(settings) <= set(names):
            raise ReaderValueError(
                f"A design should be the text that to_json() gave, with {', '.join(names)}; got {text!r:.60}."
            )
        return Design(**settings)


def _compiled_part(design: Design) -> tuple:
    """What of a design is compiled into its network, and cannot change any more."""
    return design.sizes, design.activation, design.dropout


def _is_whole(number) -> bool:
    return isinstance(number, numbers.Integral) and not isinstance(number, bool)


def _is_scale(number) -> bool:
    return isinstance(number, numbers.Real) and math.isfinite(number) and float(number) >= 0


def initial_weights(design: Design) -> list[tf.Tensor]:
    """The weights that a design starts from, float32 [inputs, outputs] for each layer; its biases start from zero."""
    initialisation = INITIALISATIONS[design.initialisation]
    return [
        initialisation.draw(shape, design.std, (design.seed, layer))
        for layer, shape in enumerate(pairwise(design.sizes), start=1)
    ]


def as_code(design: Design) -> str:
    """Plain TensorFlow, ready to paste, that makes the network of a design: the same numbers, to the last bit.

    Only its dropout draws other units.
    """
    shapes = list(enumerate(pairwise(design.sizes), start=1))
    initialisation, activation = INITIALISATIONS[design.initialisation], ACTIVATIONS[design.activation].code
    variables = "".join(
        f"W{layer} = tf.Variable({initialisation.code(shape, design.std, (design.seed, layer))})\n"
        f"b{layer} = tf.Variable(tf.zeros([{shape[1]}]))\n"
        for layer, shape in shapes
    )
    dropped = f"    x = tf.nn.dropout(x, {design.dropout}) if training else x\n" if design.dropout else ""
    arguments = "x, training=False" if design.dropout else "x"
    steps = "".join(f"    x = {activation}(x @ W{layer} + b{layer})\n{dropped}" for layer, _ in shapes[:-1])
    return (
        f"import tensorflow as tf\n\n{variables}\n\ndef model({arguments}):\n{steps}"
        f"    return x @ W{len(shapes)} + b{len(shapes)}\n"
    )


class Network(tf.Module):
    """A dense network: call it with float32 images [batch, 784] for logits [batch, 10].

    `weights` and `biases` hold a tf.Variable for each layer. Dropout is off unless `training` is true.
    Taught in notebooks/02_five_layers_sigmoid.ipynb.
    """

    def __init__(self, design: Design):
        super().__init__()
        self.design = design
        self.weights = [tf.Variable(values) for values in initial_weights(design)]
        self.biases = [tf.Variable(tf.zeros([width])) for width in design.sizes[1:]]
        # The seed, and how often units were switched off: each time draws anew, and the same run draws the same again.
        self.draws = tf.Variable([design.seed, 0], trainable=False)

    def __call__(self, x: tf.Tensor, training: bool = False) -> tf.Tensor:
        """The logits of a batch."""
        return self.layers(x, training)[-1]

    def layers(self, x: tf.Tensor, training: bool = False) -> list[tf.Tensor]:
        """What every layer puts out for a batch: the hidden layers' activations, then the logits."""
        outputs: list[tf.Tensor] = []
        activation = ACTIVATIONS[self.design.activation].of_tensors
        for W, b in zip(self.weights, self.biases, strict=True):
            x = x @ W + b
            if len(outputs) < len(self.weights) - 1:
                x = activation(x)
                if training and self.design.dropout:
                    x = self._dropped_out(x)
            outputs.append(x)
        return outputs

    def _dropped_out(self, x: tf.Tensor) -> tf.Tensor:
        """A layer's output with a share of it switched off; what stays grows, so that the next sums stay level."""
        stays = tf.random.stateless_uniform(tf.shape(x), self.draws.assign_add([0, 1])) >= self.design.dropout
        return tf.where(stays, x / (1 - self.design.dropout), 0.0)

    def start_again(self, design: Design) -> None:
        """Set the variables to what a design starts from; nothing is compiled anew.

        Raises ValueError for a design of other sizes, another activation or another dropout.
        """
        if _compiled_part(design) != _compiled_part(self.design):
            raise ReaderValueError(f"This network is {self.design}; it cannot become {design}. Build another one.")
        self.design = design
        self.draws.assign([design.seed, 0])
        for variable, values in zip(self.weights, initial_weights(design), strict=True):
            variable.assign(values)
        for variable in self.biases:
            variable.assign(tf.zeros_like(variable))
