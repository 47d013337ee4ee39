"""A trained network taken down as plain arithmetic: it can be put into a file, and asked without TensorFlow.

A model is whatever the reader wrote: a function, a module, layers of Keras. TensorFlow can follow it once, for one
image, and what it did is a short list of operations with the weights as they are now. NumPy can do the same operations,
backward as well. The list and the weights are an npz file without any code in it: to open one from somebody else runs
nothing.
"""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from helpers.errors import ReaderValueError
from helpers.own.plain_operations import OPERATIONS, TOLD, USUAL

PIXELS, CLASSES = 784, 10
FORMAT = 1  # of the file
MOST_STEPS, OVERSHOOT = 200, 0.01  # of smallest_change: steps, and the lead in the logits that each aims at
IMAGE = "image"  # what the image's row of pixels is called in a list of operations
SAME = ("Identity", "StopGradient")  # operations that hand on what they get


class FrozenNetwork:
    """A network as a list of operations on arrays: ask it for the `logits` of an image, and for their `slope`.

    operations: for each one its name in TensorFlow, the names of its inputs and of its output, and how it was told to
    do it; the last one gives the logits. weights: arrays by name. Raises ValueError, in words, for what cannot be done
    with them.
    """

    def __init__(self, operations: list[tuple[str, list[str], str, dict]], weights: Mapping[str, np.ndarray]):
        self.operations, self.weights = operations, dict(weights)
        values = self._values(np.zeros((1, PIXELS), np.float32))
        if not operations or values[operations[-1][2]].shape != (1, CLASSES):
            raise ReaderValueError(f"a network that reads digits makes {CLASSES} numbers of {PIXELS}; it does not")

    def logits(self, image: np.ndarray) -> np.ndarray:
        """What the network says of one image: float32 [10]. image: pixels 0 to 1, [784] or of that size."""
        return self._values(_row(image))[self.operations[-1][2]][0]

    def probabilities(self, image: np.ndarray) -> np.ndarray:
        """The same through a softmax: float [10], whose sum is 1."""
        logits = self.logits(image).astype(float)
        powers = np.exp(logits - logits.max())
        return powers / powers.sum()

    def slope(self, image: np.ndarray, towards: np.ndarray) -> np.ndarray:
        """How a sum of the logits, each times its number in `towards` [10], grows with each pixel: [784]."""
        values = self._values(_row(image))
        gradients = {self.operations[-1][2]: np.asarray(towards, np.float32)[np.newaxis]}
        for name, inputs, output, how in reversed(self.operations):
            gradient = gradients.pop(output, None)
            for number, each in enumerate(inputs):
                if gradient is not None and each not in self.weights:  # what depends on the image
                    given = [values[one] for one in inputs]
                    back = OPERATIONS[name].backward(gradient, number, given, values[output], how)
                    gradients[each] = gradients[each] + back if each in gradients else back
        return gradients[IMAGE].reshape(PIXELS)

    def _values(self, row: np.ndarray) -> dict[str, np.ndarray]:
        """Every array on the way from a row of pixels to the logits, by its name."""
        values = self.weights | {IMAGE: row}
        for name, inputs, output, how in self.operations:
            values[output] = OPERATIONS[name].forward([values[each] for each in inputs], how)
        return values

    def to_bytes(self) -> bytes:
        """The network as the content of an npz file."""
        file = io.BytesIO()
        listed = json.dumps({"format": FORMAT, "operations": self.operations})
        weights: dict[str, Any] = {f"weights {name}": each for name, each in self.weights.items()}
        np.savez(file, operations=np.array(listed), **weights)
        return file.getvalue()

    @staticmethod
    def from_bytes(content: bytes) -> "FrozenNetwork":
        """The network that `to_bytes` wrote. Raises ValueError, in words, for anything else."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                listed = json.loads(str(file["operations"]))
                if listed["format"] != FORMAT:
                    raise ReaderValueError(f"it has format {listed['format']!r:.20}, and this version reads {FORMAT}")
                weights = {name.removeprefix("weights "): file[name] for name in file.files if name != "operations"}
            operations = [(name, inputs, output, how) for name, inputs, output, how in listed["operations"]]
            return FrozenNetwork(operations, weights)
        except ReaderValueError:
            raise
        except (ValueError, KeyError, TypeError, IndexError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise ReaderValueError(f"it is damaged, or no network of these lessons ({error!s:.80})") from error


def smallest_change(network: FrozenNetwork, image: np.ndarray, digit: int) -> np.ndarray | None:
    """A small change of an image after which the network reads `digit`: [784], to be added; None if none was found.

    image: pixels 0 to 1, [784]. Step by step every pixel goes as far as it counts, until `digit` leads, and none beyond
    paper or ink: for a network that were linear this would be the smallest change there is (DeepFool,
    Moosavi-Dezfooli, Fawzi and Frossard 2016).
    """
    start = _row(image)[0]
    changed = start.copy()
    for _ in range(MOST_STEPS):
        logits = network.logits(changed)
        rival = int(np.argmax(np.where(np.arange(CLASSES) == digit, -np.inf, logits)))
        lead = float(logits[digit] - logits[rival])
        if lead > 0:
            return changed - start
        slope = network.slope(changed, np.eye(CLASSES)[digit] - np.eye(CLASSES)[rival]).astype(float)
        slope[(changed <= 0) & (slope < 0) | (changed >= 1) & (slope > 0)] = 0  # these pixels can go no further
        steepness = float(slope @ slope)
        if not 0 < steepness < np.inf:
            return None  # no pixel counts: every unit may be off
        further = (OVERSHOOT - lead) / steepness * slope
        changed = np.clip(changed + further, 0, 1).astype(np.float32)
    return None


def _row(image: np.ndarray) -> np.ndarray:
    image = np.asarray(image)
    if image.size != PIXELS or image.dtype.kind != "f":
        raise ReaderValueError(
            f"An image should have {PIXELS} pixels from 0 to 1; got {image.dtype} {list(image.shape)}. Perhaps: / 255."
        )
    return image.reshape(1, PIXELS).astype(np.float32)


def freeze(model: Callable) -> FrozenNetwork:
    """The network that a model is now, apart from it: later training does not change it.

    model: from float32 images [batch, 784] to logits [batch, 10], as `training.train` takes it. Raises ValueError, in
    words, if it uses an operation that is not in plain_operations.py, or gives something else than ten numbers. What it
    computes beside its logits is left out.
    """
    import tensorflow as tf  # here, since asking a network that was frozen before takes none

    model = getattr(model, "python_function", model)  # of a tf.function, whose graph would lie inside another
    one_image = tf.TensorSpec([1, PIXELS], tf.float32)
    traced = tf.function(lambda image: model(image), autograph=False).get_concrete_function(one_image)
    graph = traced.graph
    needed = _needed_for(graph.outputs)
    weights: dict[str, np.ndarray] = {}
    names = {graph.inputs[0].name: IMAGE}  # of each array, by the name of its tensor
    variables = {variable.handle.ref(): variable for variable in traced.variables}

    def is_weight(tensor, value) -> None:
        names[tensor.name] = f"w{len(weights)}"
        weights[names[tensor.name]] = np.asarray(value)

    captured = {inside.name: outside for outside, inside in graph.captures}
    operations: list[tuple[str, list[str], str, dict]] = []
    for operation in (each for each in graph.get_operations() if each in needed):
        outputs = operation.outputs
        if operation.type == "Placeholder":
            outside = captured.get(outputs[0].name)
            if outside is not None and outside.ref() not in variables:
                is_weight(outputs[0], outside.numpy())
        elif operation.type == "ReadVariableOp":
            is_weight(outputs[0], variables[captured[operation.inputs[0].name].ref()].numpy())
        elif operation.type == "Const":
            is_weight(outputs[0], tf.make_ndarray(operation.get_attr("value")))
        elif operation.type in SAME:
            names[outputs[0].name] = names[operation.inputs[0].name]
        elif operation.type != "NoOp":
            how, inputs = _told(operation), [names[each.name] for each in operation.inputs]
            if weights.keys() >= set(inputs):  # the same for every image
                is_weight(outputs[0], OPERATIONS[operation.type].forward([weights[each] for each in inputs], how))
                continue
            names[outputs[0].name] = f"s{len(operations)}"
            operations.append((operation.type, inputs, names[outputs[0].name], how))
    used = {name for _, inputs, _, _ in operations for name in inputs}
    return FrozenNetwork(operations, {name: each for name, each in weights.items() if name in used})


def _needed_for(outputs: list) -> set:
    """The operations of a graph on which its only output depends; the last of them makes it."""
    if len(outputs) != 1:
        raise ReaderValueError(f"This network gives {len(outputs)} things; only one that gives its logits can be kept.")
    needed, asked = set(), [outputs[0].op]
    while asked:
        operation = asked.pop()
        if operation not in needed:
            needed.add(operation)
            asked += [each.op for each in operation.inputs]
    return needed


def _told(operation: Any) -> dict:
    """How an operation of a graph is to be done, if NumPy can do it like that here."""
    name, told = operation.type, operation.node_def.attr

    def attribute(of: str):
        value = operation.get_attr(of)
        return value.decode() if isinstance(value, bytes) else value

    unusual = [each for each, usual in USUAL.items() if each in told and attribute(each) != usual]
    how = {each: attribute(each) for each in TOLD.get(name, ())}
    if name not in OPERATIONS or unusual or how.get("padding") == "EXPLICIT":
        what = f"{name} with another {unusual[0]}" if unusual else name
        raise ReaderValueError(
            f"This network uses {what}, which cannot be kept: only {', '.join(OPERATIONS)} can. The network itself is "
            "fine; it just cannot be asked by the pad."
        )
    return how
