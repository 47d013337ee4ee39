"""The convolution lab: filters, stride and pooling on the sliders, judged by validation images; what filters see."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from helpers import convolutional, data, training
from helpers.data import Dataset
from helpers.errors import ReaderValueError
from helpers.labs.convolution_form import PRESETS, convolution_form, design_of
from helpers.labs.form import Form
from helpers.labs.lab import Lab
from helpers.labs.network_lab import data_in_code
from helpers.optimisers import LINEAR_TO_ZERO, Adam
from helpers.plots.feature_maps import FeatureMapsPanel, FiltersPanel
from helpers.plots.panels import MosaicPanel, Panel

NETWORKS_KEPT = 3  # compiled and ready; more would only fill the memory
SAMPLE = 1000  # validation images in the mosaic, among which is the digit that is looked at
SHUFFLE = 0  # the seed of the order in which shuffled pixels come


class ConvolutionLab(Lab):
    """A lab whose sliders change a network with convolutions: filters, their size, stride, pooling, dropout.

    dataset: a Dataset that holds validation images out; its test set is left alone, so that nothing is chosen by it.
    Raises ValueError if it holds none out. preset, state, presets: as in NetworkLab. Every run is by Adam, with a rate
    that falls to 0. The panels look at one digit of the validation images, which can be chosen.
    Taught in notebooks/10_convolution.ipynb, "Turn the knobs".
    """

    def __init__(
        self,
        dataset: Dataset,
        preset: str | None = None,
        state: str | None = None,
        *,
        test_every: int = 200,
        presets: Mapping[str, Mapping] = PRESETS,
    ):
        dataset = Dataset(dataset.train, dataset.test[:0], held_out(dataset), dataset.classes)
        form = convolution_form(presets, preset, state, dataset)
        self.source = ConvolutionRuns(dataset, test_every)
        super().__init__(
            self.source.make_run,
            form,
            panels={
                "feature maps": self._feature_maps,
                "filters": self._filters,
                "validation mosaic": self._mosaic,
            },
            code=lambda: as_code(form, dataset),
            show="validation",
        )
        form.controls["digit"].observe(self._on_panel, names="value")

    def _feature_maps(self) -> Panel | None:
        network = self.source.network
        if network is None or not network.design.convolutions:
            return None
        split = self.source.sample
        image = split.images[np.argmax(split.labels == self.controls["digit"].value)]
        row = tf.constant(image.reshape(1, -1) / 255, tf.float32)

        def look() -> tuple[np.ndarray, list[np.ndarray]]:
            return image / 255, [maps[0].numpy() for maps, _ in network.layers(row)]

        return FeatureMapsPanel(look, lambda: f"reads {int(np.argmax(network(row)[0]))}")

    def _filters(self) -> Panel | None:
        network = self.source.network
        return FiltersPanel(network.filters[0].numpy) if network and network.design.convolutions else None

    def _mosaic(self) -> Panel | None:
        network, sample = self.source.network, self.source.sample
        if network is None:
            return None
        images = tf.cast(training.on_device(sample)[0], tf.float32) / 255
        return MosaicPanel(
            sample.images, sample.labels, lambda: np.argmax(network(images), axis=1), called="validation images"
        )


class ConvolutionRuns:
    """Makes runs of the network that a form describes: only another network is compiled anew, and a few are kept."""

    def __init__(self, dataset: Dataset, test_every: int):
        self.dataset, self.test_every = dataset, test_every
        self.arrangements = {False: dataset}  # the images as they are, and shuffled once that is asked for
        self.samples = {False: held_out(dataset)[:SAMPLE]}  # one for all runs: each slice is put on the device anew
        self.shuffled = False
        self.network: convolutional.Network | None = None  # the present one, before the first run None
        self.compiled: dict[tuple, tuple[convolutional.Network, training.Loop]] = {}  # by what is compiled anew

    @property
    def sample(self) -> data.Split:
        """Validation images for the panels, arranged as the present run has them."""
        return self.samples[self.shuffled]

    def make_run(self, settings: dict) -> training.Training:
        """A run with these settings, from fresh weights."""
        design = design_of(settings, self.dataset)
        self.shuffled = settings["shuffled"]
        if self.shuffled not in self.arrangements:
            order = np.random.default_rng(SHUFFLE).permutation(self.dataset.pixels)
            self.arrangements[True] = data.rearranged(self.dataset, order)
            self.samples[True] = held_out(self.arrangements[True])[:SAMPLE]
        key = design.convolutions, design.hidden, design.dropout, settings["batch_size"], settings["shift"]
        if key not in self.compiled:
            network = convolutional.Network(design)
            loop = training.Loop(
                network,
                training.mean_cross_entropy,
                self.dataset,
                settings["batch_size"],
                optimiser=Adam(),
                shift=settings["shift"],
            )
            self.compiled[key] = network, loop
            while len(self.compiled) > NETWORKS_KEPT:
                del self.compiled[next(iter(self.compiled))]
        self.network, loop = self.compiled[key]
        self.network.start_again(design.seed)
        chosen = {name: settings[name] for name in ("learning_rate", "steps", "batch_size", "seed")}
        run = training.Training(
            loop, self.arrangements[self.shuffled], **chosen, test_every=self.test_every, schedule=LINEAR_TO_ZERO
        )
        filters = [words.removesuffix(" classes") for words in str(design).split("; ")[: len(design.convolutions)]]
        run.history.notes = {
            "filters": "; ".join(filters) or "none",
            "units": str(design.hidden),
            "dropout": f"{design.dropout:g}",
            "shift": str(settings["shift"]),
            "pixels": "shuffled" if self.shuffled else "in order",
            "seed": str(design.seed),
        }
        return run


def held_out(dataset: Dataset) -> data.Split:
    """The validation images of a Dataset. Raises ValueError, in words, if it has none."""
    if not dataset.validation:
        raise ReaderValueError(
            "The convolution lab judges by validation images, and this data holds none out. "
            "Load it by data.load_mnist(validation=5000)."
        )
    return dataset.validation


def as_code(form: Form, dataset: Dataset) -> str:
    """Plain TensorFlow that makes the network of a form and trains it as the lab does, ready to paste."""
    settings, design = form.settings, design_of(form.settings, dataset)
    shuffle = (
        f"order = np.random.default_rng({SHUFFLE}).permutation(images.pixels)\n"
        "images = data.rearranged(images, order)\n"
        if settings["shuffled"]
        else ""
    )
    return (
        "from helpers import data, training\nfrom helpers.optimisers import LINEAR_TO_ZERO, Adam\n"
        f"{'import numpy as np' + chr(10) if shuffle else ''}{convolutional.as_code(design)}\n\n"
        f"{data_in_code({}, dataset)}{shuffle}"
        "history = training.train(\n    model,\n    images,\n"
        f"    learning_rate={settings['learning_rate']!r},\n    steps={settings['steps']!r},\n"
        f"    batch_size={settings['batch_size']!r},\n    optimiser=Adam(),\n    schedule=LINEAR_TO_ZERO,\n"
        f"    shift={settings['shift']!r},\n    seed={settings['seed']!r},\n)\nhistory\n"
    )
