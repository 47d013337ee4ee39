"""Dense networks by design: layer sizes, activation and initial values."""

import json
import math
import numbers
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from itertools import pairwise

import tensorflow as tf

from helpers.errors import ReaderValueError

INPUTS, OUTPUTS = 784, 10  # pixels of an MNIST image, and digits
ACTIVATIONS: dict[str, Callable] = {
    "sigmoid": tf.nn.sigmoid,
    "tanh": tf.nn.tanh,
    "ReLU": tf.nn.relu,
    "none": tf.identity,
}
INITIALISATIONS = ("truncated normal", "uniform", "He", "Glorot", "zeros", "constant")
SCALED = ("truncated normal", "uniform", "constant")  # those that take a scale: the others choose their own


@dataclass(frozen=True)
class Design:
    """All that decides a dense network before training: `Network(design)` builds it.

    hidden: neurons of each hidden layer. activation: "sigmoid", "tanh", "ReLU" or "none", after every hidden layer.
    initialisation: "truncated normal" (cut off at two standard deviations), "uniform", "He", "Glorot", "zeros" or
    "constant". std: the standard deviation of "truncated normal", the reach of "uniform" to either side of 0, or the
    value of "constant". seed: of the random numbers.
    Taught in notebooks/02_five_layers_sigmoid.ipynb, "The compact form".
    """

    hidden: tuple[int, ...] = (200, 100, 60, 30)
    activation: str = "sigmoid"
    initialisation: str = "truncated normal"
    std: float = 1.0
    seed: int = 0

    def __post_init__(self):
        one = isinstance(self.hidden, str | numbers.Real)  # where several are expected
        if one or any(not _is_whole(width) or width < 1 for width in self.hidden):
            raise ReaderValueError(
                f"hidden should be whole numbers of neurons, 1 or more, such as (200, 100); got {self.hidden}."
            )
        object.__setattr__(self, "hidden", tuple(map(int, self.hidden)))
        for name, allowed in (("activation", tuple(ACTIVATIONS)), ("initialisation", INITIALISATIONS)):
            if getattr(self, name) not in allowed:
                raise ReaderValueError(f"{name} should be one of {', '.join(allowed)}; got {getattr(self, name)!r}.")
        if not isinstance(self.std, numbers.Real) or not math.isfinite(self.std) or self.std < 0:
            raise ReaderValueError(f"std should be a finite number, 0 or more; got {self.std!r}.")
        if not _is_whole(self.seed) or self.seed < 0:
            raise ReaderValueError(f"seed should be a whole number, 0 or more; got {self.seed!r}.")

    @property
    def sizes(self) -> tuple[int, ...]:
        """The width of every layer, from the 784 pixels to the 10 digits."""
        return (INPUTS, *self.hidden, OUTPUTS)

    @property
    def parameters(self) -> int:
        """The number of weights and biases."""
        return sum(inputs * outputs + outputs for inputs, outputs in pairwise(self.sizes))

    def __str__(self):
        return f"{'-'.join(map(str, self.sizes))}, {self.activation}, {self.start}"

    @property
    def start(self) -> str:
        """The initial weights in words, such as "truncated normal 0.1" or "He"."""
        return f"{self.initialisation} {self.std:.2g}" if self.initialisation in SCALED else self.initialisation

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


def _is_whole(number) -> bool:
    return isinstance(number, numbers.Integral) and not isinstance(number, bool)


def initial_weights(design: Design) -> list[tf.Tensor]:
    """The weights that a design starts from, float32 [inputs, outputs] for each layer; its biases start from zero."""
    return [_initial(design, layer, shape) for layer, shape in enumerate(pairwise(design.sizes), start=1)]


def _initial(design: Design, layer: int, shape: tuple[int, int]) -> tf.Tensor:
    # Stateless random numbers depend on the two seeds alone, so that the code of `as_code` makes the same ones.
    seed = [design.seed, layer]
    if design.initialisation == "zeros":
        return tf.zeros(shape)
    if design.initialisation == "constant":
        return tf.fill(shape, design.std)
    if design.initialisation == "truncated normal":
        return tf.random.stateless_truncated_normal(shape, seed, stddev=design.std)
    if design.initialisation == "uniform":
        return tf.random.stateless_uniform(shape, seed, -design.std, design.std)
    if design.initialisation == "Glorot":
        reach = glorot_reach(shape)
        return tf.random.stateless_uniform(shape, seed, -reach, reach)
    return tf.random.stateless_normal(shape, seed, stddev=he_std(shape))


def he_std(shape: tuple[int, int]) -> float:
    """The standard deviation that makes up for the half that ReLU cuts off, sqrt(2 / inputs) (He et al. 2015)."""
    return math.sqrt(2 / shape[0])


def glorot_reach(shape: tuple[int, int]) -> float:
    """The end of the uniform range that keeps signals and gradients alike in spread (Glorot & Bengio 2010)."""
    return math.sqrt(6 / (shape[0] + shape[1]))


def as_code(design: Design) -> str:
    """Plain TensorFlow, ready to paste, that makes the network of a design: the same numbers, to the last bit."""
    shapes = list(enumerate(pairwise(design.sizes), start=1))
    variables = "".join(
        f"W{layer} = tf.Variable({_initial_as_code(design, layer, shape)})\n"
        f"b{layer} = tf.Variable(tf.zeros([{shape[1]}]))\n"
        for layer, shape in shapes
    )
    activation = {"sigmoid": "tf.nn.sigmoid", "tanh": "tf.nn.tanh", "ReLU": "tf.nn.relu", "none": ""}[design.activation]
    steps = "".join(f"    x = {activation}(x @ W{layer} + b{layer})\n" for layer, _ in shapes[:-1])
    return (
        f"import tensorflow as tf\n\n{variables}\n\ndef model(x):\n{steps}"
        f"    return x @ W{len(shapes)} + b{len(shapes)}\n"
    )


def _initial_as_code(design: Design, layer: int, shape: tuple[int, int]) -> str:
    size, seed = f"[{shape[0]}, {shape[1]}]", f"seed=[{design.seed}, {layer}]"
    if design.initialisation == "zeros":
        return f"tf.zeros({size})"
    if design.initialisation == "constant":
        return f"tf.fill({size}, {design.std!r})"
    if design.initialisation == "truncated normal":
        return f"tf.random.stateless_truncated_normal({size}, {seed}, stddev={design.std!r})"
    if design.initialisation == "uniform":
        return f"tf.random.stateless_uniform({size}, {seed}, minval={-design.std!r}, maxval={design.std!r})"
    if design.initialisation == "Glorot":
        reach = glorot_reach(shape)
        return f"tf.random.stateless_uniform({size}, {seed}, minval={-reach!r}, maxval={reach!r})"
    return f"tf.random.stateless_normal({size}, {seed}, stddev={he_std(shape)!r})"


class Network(tf.Module):
    """A dense network: call it with float32 images [batch, 784] for logits [batch, 10].

    `weights` and `biases` hold a tf.Variable for each layer. Taught in notebooks/02_five_layers_sigmoid.ipynb.
    """

    def __init__(self, design: Design):
        super().__init__()
        self.design = design
        self.weights = [tf.Variable(values) for values in initial_weights(design)]
        self.biases = [tf.Variable(tf.zeros([width])) for width in design.sizes[1:]]

    def __call__(self, x: tf.Tensor) -> tf.Tensor:
        """The logits of a batch."""
        return self.layers(x)[-1]

    def layers(self, x: tf.Tensor) -> list[tf.Tensor]:
        """What every layer puts out for a batch: the hidden layers' activations, then the logits."""
        outputs, activation = [], ACTIVATIONS[self.design.activation]
        for W, b in zip(self.weights, self.biases, strict=True):
            x = x @ W + b
            if len(outputs) < len(self.weights) - 1:
                x = activation(x)
            outputs.append(x)
        return outputs

    def start_again(self, design: Design) -> None:
        """Set the variables to what a design of the same sizes and activation starts from; nothing is compiled anew."""
        if (design.sizes, design.activation) != (self.design.sizes, self.design.activation):
            raise ReaderValueError(f"This network is {self.design}; it cannot become {design}. Build another one.")
        self.design = design
        for variable, values in zip(self.weights, initial_weights(design), strict=True):
            variable.assign(values)
        for variable in self.biases:
            variable.assign(tf.zeros_like(variable))
