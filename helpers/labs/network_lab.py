"""The network lab: the network itself on the sliders, and panels that look inside it while it learns."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import tensorflow as tf

from helpers import layer_statistics, networks, training
from helpers.data import Dataset, Split
from helpers.labs import remedy_controls
from helpers.labs.form import Form
from helpers.labs.lab import Lab
from helpers.labs.network_form import PRESETS, design_of, network_form
from helpers.plots.panels import BandsPanel, FirstLayerPanel, MosaicPanel, Panel, SharesPanel

NETWORKS_KEPT = 3  # compiled and ready; more would only fill the memory
SAMPLE = 1000  # test images in the mosaic
LOOKED_AT = 100  # of them measured for what goes on inside the layers
MakesPanel = Callable[["Inside"], Panel | None]


class NetworkLab(Lab):
    """A lab whose sliders change the network: layers, neurons, activation and initial values, besides the training.

    data: the Dataset to train on; one without test images is judged by those that it holds out. preset: the lesson to
    start from, such as "lesson 02"; the first one if left out. state: the text of another lab's `to_json()`, to start
    from instead. loss, test_every: as `training.train` takes them. presets: others than the lessons',
    network_form.PRESETS. Everything works without a page too, by `run()`.
    Taught in notebooks/02_five_layers_sigmoid.ipynb, "Turn the knobs".
    """

    def __init__(
        self,
        data: Dataset,
        preset: str | None = None,
        state: str | None = None,
        *,
        loss: Callable = training.mean_cross_entropy,
        test_every: int = 100,
        presets: Mapping[str, Mapping] = PRESETS,
    ):
        form = network_form(presets, preset, state, data)
        self.source = NetworkRuns(data, loss, test_every)
        super().__init__(
            self.source.make_run,
            form,
            panels=self.source.panels(PANELS),
            code=lambda: as_code(form, data, loss),
            show="test" if data.test else "validation",
        )


class NetworkRuns:
    """Makes runs of the network that a form describes: only new sizes are compiled, and a few are kept."""

    def __init__(self, data: Dataset, loss: Callable, test_every: int):
        self.data, self.loss, self.test_every = data, loss, test_every
        # One of each for all runs: every other slice would be put on the device anew.
        self.sample = ((data.test or data.validation) or data.train)[:SAMPLE]
        self.called = "test" if data.test else "validation" if data.validation else "training"
        self.parts: dict[int, tuple[Dataset, Split]] = {}  # by the number of training images, with a sample of these
        self.inside: Inside | None = None  # of the present network, which is None before the first run
        self.compiled: dict[tuple, tuple[networks.Network, training.Loop]] = {}  # by what has to be compiled anew

    def make_run(self, settings: dict) -> training.Training:
        """A run with these settings, its network set to its initial values."""
        (data, seen), design = self._part(settings), design_of(settings, self.data)
        choices, batch_size = remedy_controls.of_a_loop(settings), settings["batch_size"]
        key = design.sizes, design.activation, design.dropout, batch_size, len(data.train), *choices.values()
        if key not in self.compiled:
            network = networks.Network(design)
            loop = training.Loop(network, self.loss, data, batch_size, **choices)
            self.compiled[key] = network, loop
            while len(self.compiled) > NETWORKS_KEPT:
                del self.compiled[next(iter(self.compiled))]
        network, loop = self.compiled[key]
        network.start_again(design)
        self.inside = Inside(network, self.sample, self.loss, seen, f"{self.called} images")
        chosen = {name: settings[name] for name in ("learning_rate", "steps", "batch_size", "seed")}
        chosen |= remedy_controls.of_a_run(settings)
        run = training.Training(loop, data, **chosen, test_every=self.test_every)
        run.history.notes = remedy_controls.in_notes(settings) | {
            "hidden": "-".join(map(str, design.hidden)) or "none",
            "activation": design.activation if design.hidden else "none",
            "start": design.start,
            "seed": str(design.seed),
        }
        return run

    def _part(self, settings: dict) -> tuple[Dataset, Split]:
        """The data with as many training images as the settings ask for, the first ones, and a sample of them."""
        count = settings.get("images", len(self.data.train))
        if count not in self.parts:
            train = self.data.train[:count]
            self.parts[count] = replace(self.data, train=train), train[:SAMPLE]
        return self.parts[count]

    def panels(self, made: Mapping[str, MakesPanel]) -> dict[str, Callable[[], Panel | None]]:
        """For each panel what makes it of the present network, as a Lab takes it; None before there is a network."""

        def of_present(make: MakesPanel) -> Callable[[], Panel | None]:
            return lambda: make(self.inside) if self.inside else None

        return {name.format(called=self.called): of_present(make) for name, make in made.items()}


class Inside:
    """What panels look at: a network while it learns, and some test images.

    network: a networks.Network. sample: the images, of which the first few are measured inside the layers. seen: images
    that it trains on. called: what images the sample holds, in words.
    """

    def __init__(self, network: networks.Network, sample: Split, loss: Callable, seen: Split, called: str):
        self.network, self.sample, self.loss, self.seen, self.called = network, sample, loss, seen, called
        self.batch, self.one_hot = self._ready(sample)

    def _ready(self, images: Split) -> tuple[tf.Tensor, tf.Tensor]:
        pixels, labels = training.on_device(images)
        return tf.cast(pixels, tf.float32) / 255, tf.one_hot(labels, self.network.design.outputs)

    def results(self) -> list[tuple[float, float]]:
        """Accuracy and loss now: on images that it trains on, then on the sample."""
        found = []
        for batch, one_hot in (self._ready(self.seen), (self.batch, self.one_hot)):
            logits = self.network(batch)
            right = tf.argmax(logits, axis=1) == tf.argmax(one_hot, axis=1)
            found.append((float(tf.reduce_mean(tf.cast(right, tf.float32))), float(self.loss(one_hot, logits))))
        return found

    def statistics(self) -> layer_statistics.LayerStatistics:
        """What goes on inside the layers now."""
        return layer_statistics.look_inside(self.network, self.batch[:LOOKED_AT], self.one_hot[:LOOKED_AT], self.loss)

    def weights(self) -> list[np.ndarray]:
        """The weights of every layer now."""
        return [W.numpy() for W in self.network.weights]

    def start(self) -> list[np.ndarray]:
        """The weights that every layer began with."""
        return [W.numpy() for W in networks.initial_weights(self.network.design)]

    def predicted(self) -> np.ndarray:
        """The digits that the network reads in the sample now."""
        return np.argmax(self.network(self.batch), axis=1)


# A new panel is one line here: its name on the check box, in which {called} becomes "test" or what else is looked at,
# and what makes it of an Inside, or None if there is nothing.
PANELS: dict[str, MakesPanel] = {
    "inside the layers": lambda inside: BandsPanel(inside.statistics),
    "saturated and dead": lambda inside: SharesPanel(inside.statistics) if inside.network.design.hidden else None,
    "first-layer weights": lambda inside: FirstLayerPanel(
        inside.network.weights[0].numpy, inside.sample.images.shape[1:]
    ),
    "{called} mosaic": lambda inside: MosaicPanel(
        inside.sample.images, inside.sample.labels, inside.predicted, called=inside.called
    ),
}


def as_code(form: Form, data: Dataset, loss: Callable = training.mean_cross_entropy) -> str:
    """Plain TensorFlow that makes the network of a form and trains it as the lab does, ready to paste."""
    settings, design = form.settings, design_of(form.settings, data)
    more = remedy_controls.as_arguments(settings)
    if loss is not training.mean_cross_entropy:  # one of the reader's own has a name in their notebook only
        more += f"    loss={'training.sum_cross_entropy' if loss is training.sum_cross_entropy else 'my_loss'},\n"
    imported = "from helpers.optimisers import CONSTANT, LINEAR_TO_ZERO, SGD, Adam, exponential\n" if more else ""
    return (
        f"from helpers import data, training\n{imported}{networks.as_code(design)}\n{data_in_code(settings, data)}"
        f"history = training.train(\n    model,\n    images,\n    learning_rate={settings['learning_rate']!r},\n"
        f"    steps={settings['steps']!r},\n    batch_size={settings['batch_size']!r},\n"
        f"    seed={settings['seed']!r},\n{more})\nhistory\n"
    )


def data_in_code(settings: dict, data: Dataset) -> str:
    """Code that makes `images`, the Dataset of a lab with these settings: of all of MNIST, or of the reader's own."""
    part = f"[:{settings['images']}]" if "images" in settings else ""
    if not data.is_all_of_mnist:
        whole = "my_data"  # which has a name in the reader's notebook only
        taken = f"data.Dataset(my_data.train{part}, my_data.test, my_data.validation, my_data.classes)"
        like_mnist = (data.pixels, data.classes) == (networks.INPUTS, networks.OUTPUTS)
        said = f"{len(data.train):,} images to train on{', not all of MNIST' if like_mnist else ''}"
        return f"# my_data: what the lab was made with, {said}\nimages = {taken if part else whole}\n"
    if not data.validation:
        return "images = data.load_mnist()\n"
    kept_away = "" if data.test else "[:0]"
    return (
        f"mnist = data.load_mnist(validation={len(data.validation)})\n"
        f"images = data.Dataset(mnist.train{part}, mnist.test{kept_away}, mnist.validation)\n"
    )
