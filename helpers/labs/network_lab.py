"""The network lab: the training lab with the network itself on the sliders, and panels that look inside it."""

import base64
import csv
import html
import io
from collections.abc import Callable

import ipywidgets as widgets
import numpy as np
import tensorflow as tf
from IPython.display import display

from helpers import layer_statistics, networks, training
from helpers.data import Dataset
from helpers.history import History
from helpers.labs.controls import answering, button, show_controls
from helpers.labs.network_form import PRESETS, NetworkForm, design_of
from helpers.labs.training_lab import Lab
from helpers.plots import live
from helpers.plots.panels import BandsPanel, FirstLayerPanel, MosaicPanel, SharesPanel
from helpers.plots.tables import runs_table

NETWORKS_KEPT = 3  # compiled and ready; more would only fill the memory
SAMPLE = 1000  # test images in the mosaic
LOOKED_AT = 100  # of them measured for what goes on inside the layers
PANEL_FRAME = 1 / 6  # seconds between frames of a panel
NOTHING = ({"text/plain": ""}, {})


class NetworkLab(Lab):
    """A lab whose sliders change the network: layers, neurons, activation and initial values, besides the training.

    data: the Dataset to train on. preset: the lesson to start from, such as "lesson 02" (see network_form.PRESETS).
    state: the text of another lab's `to_json()`, to start from instead. The loss is the mean cross-entropy. Everything
    works without a page too, by `run()`. Taught in notebooks/02_five_layers_sigmoid.ipynb, "Turn the knobs".
    """

    PANELS = ("inside the layers", "saturated and dead", "first-layer weights", "test mosaic")
    PRESETS = PRESETS

    def __init__(self, data: Dataset, preset: str = "lesson 02", state: str | None = None):
        self.form = NetworkForm(self.PRESETS)
        self.form.use_preset(preset)
        if state:
            self.form.from_json(state)
        self.network: networks.Network | None = None
        self.sample = data.test[:SAMPLE]
        self.compiled: dict[tuple, tuple[networks.Network, training.Loop]] = {}  # by what has to be compiled anew
        self.not_shown: set[int] = set()
        super().__init__(data, build=None)
        self.panels = {
            name: widgets.Checkbox(description=name, indent=False, layout={"width": "12em"}) for name in self.PANELS
        }
        self.panel_places = {name: live.Place() for name in self.PANELS}
        for box in self.panels.values():
            box.observe(self._on_panel, names="value")
        self.step_button = button("Step", self._on_step, icon="step-forward", tooltip="The next few steps only")
        self.presets = [button(name, self._on_preset) for name in self.PRESETS]
        self.chosen = widgets.Dropdown(
            description="run", options=[], layout={"width": "10em"}, style={"description_width": "3em"}
        )
        self.run_buttons = [
            button("Show or hide", self._on_show),
            button("Delete", self._on_delete),
            button("Runs as CSV", self._on_csv),
            button("Show me the code", self._on_code),
            button("State as text", self._on_state),
        ]
        self.output = widgets.HTML()

    def _make_controls(self, **_settings_of_the_plain_lab) -> dict[str, widgets.Widget]:
        return self.form.controls

    @property
    def settings(self) -> dict:
        """The form's present values, by name."""
        return self.form.settings

    @property
    def design(self) -> networks.Design:
        """The network that the sliders describe."""
        return self.form.design

    def _set(self, name: str, value) -> None:
        self.form.set(name, value)

    def to_json(self) -> str:
        """The state of the sliders as a short text, to hand out: `NetworkLab(mnist, state=…)` takes it."""
        return self.form.to_json()

    def to_csv(self) -> str:
        """Every run, those not shown too, test by test, as comma-separated values."""
        file = io.StringIO()
        table = csv.writer(file, lineterminator="\n")
        notes = list(self.histories[0].notes) if self.histories else []
        table.writerow(["run", *notes, "learning_rate", "batch_size", "step", "test_accuracy", "test_loss"])
        for number, run in enumerate(self.histories, start=1):
            settings = [number, *run.notes.values(), run.learning_rate, run.batch_size]
            for test in zip(run.test_steps, run.test_accuracy, run.test_loss, strict=True):
                table.writerow([*settings, *test])
        return file.getvalue()

    def code(self) -> str:
        """Plain TensorFlow that makes the network of the sliders and trains it as the lab does, ready to paste."""
        settings = self.settings
        return (
            f"from helpers import data, training\n{networks.as_code(self.design)}\n\nhistory = training.train(\n"
            f"    model,\n    data.load_mnist(),\n    learning_rate={settings['learning_rate']!r},\n"
            f"    steps={settings['steps']!r},\n    batch_size={settings['batch_size']!r},\n"
            f"    seed={settings['seed']!r},\n)\nhistory\n"
        )

    # Training

    def _prepare(self, settings: dict) -> training.Loop:
        """The compiled loop for these settings, its network set to its initial values: only new sizes are compiled."""
        design = design_of(settings)
        key = design.sizes, design.activation, settings["batch_size"]
        if key not in self.compiled:
            network = networks.Network(design)
            loop = training.Loop(network, training.mean_cross_entropy, self.data, settings["batch_size"])
            self.compiled[key] = network, loop
            while len(self.compiled) > NETWORKS_KEPT:
                del self.compiled[next(iter(self.compiled))]
        self.network, loop = self.compiled[key]
        self.network.start_again(design)
        return loop

    def _notes(self, settings: dict) -> dict[str, str]:
        design = design_of(settings)
        activation = design.activation if design.hidden else "none"
        hidden = "-".join(map(str, design.hidden)) or "none"
        return {"hidden": hidden, "activation": activation, "start": design.start, "seed": str(design.seed)}

    # Runs that are kept

    def show_run(self, number: int, shown: bool = True) -> None:
        """Put run `number`, counted from 1, on the chart or take it off; the table keeps it."""
        history = self._run_number(number)
        (self.not_shown.discard if shown else self.not_shown.add)(id(history))
        self._show_runs()

    def delete_run(self, number: int) -> None:
        """Forget run `number`, counted from 1."""
        self.histories.remove(self._run_number(number))
        self._show_runs()

    def _run_number(self, number: int) -> History:
        if not 1 <= number <= len(self.histories):
            raise ValueError(f"There is no run {number}; there are {len(self.histories)} runs.")
        return self.histories[number - 1]

    def _is_shown(self, history: History) -> bool:
        return id(history) not in self.not_shown

    # Panels

    def _weight_images(self) -> Callable | None:
        return None  # the panel of the first layer shows them, whatever the network

    def _frames(self) -> list[live.Frames]:
        frames = super()._frames()
        for name, box in self.panels.items():
            panel = self.panel(name) if box.value else None
            if panel:
                frames.append(live.Frames(panel, self.panel_places[name], every=PANEL_FRAME))
            else:
                self.panel_places[name].replace(*NOTHING)
        return frames

    def panel(self, name: str):
        """A panel, by the name of its check box, on the present network; None where there is nothing to see."""
        network, sample = self.network, self.sample
        if network is None or (name == "saturated and dead" and not network.design.hidden):
            return None
        images, labels = training.on_device(sample)
        batch, one_hot = tf.cast(images, tf.float32) / 255, tf.one_hot(labels, networks.OUTPUTS)

        def look() -> layer_statistics.LayerStatistics:
            return layer_statistics.look_inside(
                network, batch[:LOOKED_AT], one_hot[:LOOKED_AT], training.mean_cross_entropy
            )

        if name == "inside the layers":
            return BandsPanel(look)
        if name == "saturated and dead":
            return SharesPanel(look)
        if name == "first-layer weights":
            return FirstLayerPanel(network.weights[0].numpy)
        return MosaicPanel(sample.images, sample.labels, lambda: np.argmax(network(batch), axis=1))

    # The page

    def _list_runs(self) -> None:
        super()._list_runs()
        numbers = range(1, len(self.histories) + 1)
        self.chosen.options = numbers
        self.chosen.value = numbers[-1] if numbers else None

    def _ipython_display_(self) -> None:
        knobs = {**self.form.knobs(), "pace": self.pace}
        settings = widgets.HBox([widgets.VBox(list(knobs.values())), self.form.drawing])
        presets = [widgets.HBox([widgets.Label("start from"), *self.presets])] if not self.form.hidden_names else []
        buttons = widgets.HBox([self.train_button, self.stop_button, self.step_button, self.reset_button])
        panels = widgets.HBox([widgets.Label("look at", layout={"min_width": "4em"}), *self.panels.values()])
        on_page = {name: knob for name, knob in knobs.items() if knob.layout.display != "none"}
        show_controls(widgets.VBox([*presets, settings, buttons, self.status, panels]), on_page)
        self.chart_place.show(*self.chart().picture().bundle())
        for name, place in self.panel_places.items():
            place.show(*self._panel_bundle(name))
        self.table_place.show(runs_table(self.histories))
        display(widgets.VBox([widgets.HBox([self.chosen, *self.run_buttons]), self.output]))

    def _panel_bundle(self, name: str) -> tuple[dict, dict]:
        panel = self.panel(name) if self.panels[name].value else None
        return panel.picture().bundle() if panel else NOTHING

    @answering
    def _on_panel(self, _change) -> None:
        if self.training:
            self.look_changed = True  # the thread that draws takes it from here
            return
        for name, place in self.panel_places.items():
            place.replace(*self._panel_bundle(name))

    @answering
    def _on_preset(self, pressed) -> None:
        self.form.use_preset(pressed.description)

    @answering
    def _on_step(self, _button) -> None:
        self.start(chunks=1)

    @answering
    def _on_show(self, _button) -> None:
        if self.chosen.value:
            self.show_run(self.chosen.value, not self._is_shown(self._run_number(self.chosen.value)))

    @answering
    def _on_delete(self, _button) -> None:
        if self.chosen.value:
            self.delete_run(self.chosen.value)

    @answering
    def _on_csv(self, _button) -> None:
        packed = base64.b64encode(self.to_csv().encode()).decode()
        link = f'<a download="runs.csv" href="data:text/csv;base64,{packed}">runs.csv</a>'
        self.output.value = f"{link}: {len(self.histories)} runs. A click saves it."

    @answering
    def _on_code(self, _button) -> None:
        self.output.value = f"<pre>{html.escape(self.code())}</pre>"

    @answering
    def _on_state(self, _button) -> None:
        self.output.value = f"<pre>{html.escape(self.to_json())}</pre>"
