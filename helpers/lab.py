"""The training lab: sliders and buttons wired to training, with every run kept for comparison."""

import html
import threading
import time
from collections.abc import Callable

import ipywidgets as widgets
from traitlets import TraitError

from helpers import live, training
from helpers.charts import TrainingChart
from helpers.controls import WIDE, answering, error_in_html, show_controls
from helpers.data import Dataset
from helpers.history import History
from helpers.style import RUNS

STEPS = (500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
BATCH_SIZES = (10, 20, 50, 100, 200, 500, 1000)
PACES = {"as fast as it goes": 0, "2,000 steps a second": 2000, "500 steps a second": 500}
READY = "Ready: set the sliders, then press Train."


class Lab:
    """A training bench: learning rate, batch size and steps; Train, Stop, Reset; every run kept on one chart.

    data: the Dataset to train on. build: a function that makes a model, as `training.train` takes it; every run starts
    from the values that its variables are made with. Training runs in a thread, so that the page stays awake and Stop
    is heard; `run()` trains without a page. Taught in notebooks/01_one_layer.ipynb, "Turn the knobs".
    """

    def __init__(
        self, data: Dataset, build: Callable[[], Callable], *, learning_rate=0.3, batch_size=100, steps=10_000
    ):
        self.data, self.build = data, build
        self.histories: list[History] = []
        self.error: Exception | None = None
        self.loops: dict[int, training.Loop] = {}  # by batch size, since another size has to be compiled anew
        self.model, self.fresh_values = None, []
        self.training: training.Training | None = None
        self.thread: threading.Thread | None = None
        self.stopping = threading.Event()
        self.chart_place, self.table_place = live.Place(), live.Place()
        self._make_controls(learning_rate, batch_size, steps)
        self.start_settings = self.settings

    def _make_controls(self, learning_rate: float, batch_size: int, steps: int) -> None:
        self.controls = {
            "learning_rate": widgets.FloatLogSlider(
                value=learning_rate, min=-4, max=1, step=0.02, readout_format=".2g", description="learning rate", **WIDE
            ),
            "batch_size": widgets.SelectionSlider(
                value=batch_size, options=BATCH_SIZES, description="batch size", **WIDE
            ),
            "steps": widgets.SelectionSlider(
                value=steps, options=[(f"{n:,}", n) for n in STEPS], description="steps", **WIDE
            ),
        }
        self.pace = widgets.Dropdown(options=PACES, value=0, description="pace", **WIDE)
        self.train_button = widgets.Button(description="Train", icon="play", button_style="primary")
        self.stop_button = widgets.Button(description="Stop", icon="stop", disabled=True)
        self.reset_button = widgets.Button(
            description="Reset", icon="undo", tooltip="Forget all runs and set the sliders back"
        )
        self.status = widgets.HTML(READY)
        self.controls["learning_rate"].observe(self._on_rate, names="value")
        self.train_button.on_click(self._on_train)
        self.stop_button.on_click(self._on_stop)
        self.reset_button.on_click(self._on_reset)

    @property
    def settings(self) -> dict:
        """The sliders' present values, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def run(self, **settings) -> History:
        """Train with these settings, wait for the end, and return what happened; interrupting stops the training.

        settings: any of learning_rate, batch_size and steps. The sliders follow, and give the settings not named.
        Raises what went wrong in training, and ValueError or TypeError for a setting the sliders do not have.
        """
        for name, value in settings.items():
            self._set(name, value)
        self.start()
        try:
            while self.thread.is_alive():
                self.thread.join(0.05)
        except KeyboardInterrupt:
            self.stop()
        if self.error:
            raise self.error
        return self.histories[-1]

    def start(self) -> None:
        """Begin a new run, from fresh weights, in a thread of its own. A run under way is stopped first."""
        self.stop()
        self.stopping.clear()
        self.error = None
        self.train_button.disabled, self.stop_button.disabled = True, False
        self.status.value = "Getting ready."
        self.thread = threading.Thread(target=self._train, args=(self.settings,), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """End the run under way, if there is one, and wait until it has ended: a few hundredths of a second."""
        self.stopping.set()
        if self.thread:
            self.thread.join()

    def reset(self) -> None:
        """Forget every run and set the sliders back to where they started."""
        self.stop()
        self.histories.clear()
        for name, value in self.start_settings.items():
            self.controls[name].value = value
        self.pace.value = 0
        self.chart_place.replace(*self.chart().picture().bundle())
        self.table_place.replace(runs_table(self.histories))
        self.status.value = READY

    def chart(self) -> TrainingChart:
        """The latest runs on one chart, as many as can be told apart."""
        labels = run_labels(self.histories)
        return TrainingChart(self.histories[-len(RUNS) :], labels[-len(RUNS) :], weights=self._weight_images())

    def _train(self, settings: dict) -> None:
        """One run, from start to end, in the thread."""
        try:
            loop = self._loop(settings["batch_size"])
            for variable, value in zip(loop.variables, self.fresh_values, strict=True):
                variable.assign(value)
            self.training = training.Training(loop, self.data, test_every=100, seed=0, **settings)
            self._follow(self.training)
        except Exception as error:
            self.error = error
            self.status.value = error_in_html(error)
        finally:
            self.training = None
            self.train_button.disabled, self.stop_button.disabled = False, True

    def _follow(self, run: training.Training) -> None:
        """Step through the run: draw frames, keep the pace, hear Stop."""
        history, began = run.history, time.perf_counter()
        self.histories.append(history)
        frames = live.Frames(self.chart(), self.chart_place)
        try:
            for _ in run:
                if frames.show():
                    self.status.value = f"Training: step {history.step:,} of {history.steps:,}."
                if self.pace.value:
                    self.stopping.wait(max(0, began + history.step / self.pace.value - time.perf_counter()))
                if self.stopping.is_set() and not history.ended:
                    history.ended = "stopped"
                    break
            self.status.value = html.escape(repr(history))
        finally:
            frames.show(final=True)
            self.table_place.replace(runs_table(self.histories))

    def _loop(self, batch_size: int) -> training.Loop:
        if self.model is None:
            self.model = self.build()
        if batch_size not in self.loops:
            self.loops[batch_size] = training.Loop(self.model, training.mean_cross_entropy, self.data, batch_size)
        if not self.fresh_values:
            self.fresh_values = [variable.numpy() for variable in self.loops[batch_size].variables]
        return self.loops[batch_size]

    def _weight_images(self) -> Callable | None:
        """What reads the weights from pixels straight to digits, if the model has such a layer."""
        variables = next(iter(self.loops.values())).variables if self.loops else []
        return next((v.numpy for v in variables if v.shape == (784, 10)), None)

    def _set(self, name: str, value) -> None:
        if name not in self.controls:
            raise TypeError(f"The lab has no setting {name!r}; it has {', '.join(self.controls)}.")
        try:
            self.controls[name].value = value
        except TraitError as error:
            raise ValueError(f"The lab's slider for {name} cannot be set to {value!r}: {error}") from error

    @answering
    def _on_train(self, _button) -> None:
        self.start()

    @answering
    def _on_stop(self, _button) -> None:
        self.stop()

    @answering
    def _on_reset(self, _button) -> None:
        self.reset()

    @answering
    def _on_rate(self, change) -> None:
        if self.training:
            self.training.learning_rate = change["new"]

    def _ipython_display_(self) -> None:
        buttons = widgets.HBox([self.train_button, self.stop_button, self.reset_button])
        knobs = {**self.controls, "pace": self.pace}
        show_controls(widgets.VBox([*knobs.values(), buttons, self.status]), knobs)
        self.chart_place.show(*self.chart().picture().bundle())
        self.table_place.show(runs_table(self.histories))


def run_labels(histories: list[History]) -> list[str]:
    """A name for each run: its number and the settings in which the runs differ."""
    if len(histories) < 2:
        return [""] * len(histories)
    settings = [_settings_in_words(history) for history in histories]
    differing = [name for name in settings[0] if len({each[name] for each in settings}) > 1]
    return [
        f"{number}: " + (", ".join(f"{name} {each[name]}" for name in differing) or "the same settings")
        for number, each in enumerate(settings, start=1)
    ]


def runs_table(histories: list[History]) -> dict[str, str]:
    """All runs with their settings and final test accuracy, as HTML and as plain text, by MIME type."""
    if not histories:
        return {"text/plain": "No runs yet.", "text/html": "<p><em>No runs yet.</em></p>"}
    head = ["run", "rate", "batch", "steps", "test accuracy", "seconds"]
    rows = [[str(number), *_row(history)] for number, history in enumerate(histories, start=1)]
    cells = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    plain = "\n".join("  ".join(f"{cell:>13}" for cell in row) for row in [head, *rows])
    top = "".join(f"<th>{cell}</th>" for cell in head)
    return {"text/plain": plain, "text/html": f"<table><tr>{top}</tr>{cells}</table>"}


def _row(history: History) -> list[str]:
    accuracy = f"{history.test_accuracy[-1]:.1%}" if len(history.test_accuracy) else "not measured"
    if history.ended in ("stopped", "diverged"):
        accuracy += f" ({history.ended} after step {history.step:,})"
    return [*_settings_in_words(history).values(), accuracy, f"{history.seconds:.1f}"]


def _settings_in_words(history: History) -> dict[str, str]:
    rate = " then ".join(f"{rate:.2g}" for _, rate in history.rates)
    return {"rate": rate, "batch": str(history.batch_size), "steps": f"{history.steps:,}"}
