"""The training lab: sliders and buttons wired to training, with every run kept for comparison."""

from __future__ import annotations

import html
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as widgets

from helpers.data import Dataset
from helpers.history import History
from helpers.labs.controls import WIDE, answering, button, error_in_html, set_control, show_controls, training_controls
from helpers.plots import live
from helpers.plots.style import RUNS
from helpers.plots.tables import run_labels, runs_table
from helpers.plots.training_chart import TrainingChart

if TYPE_CHECKING:  # lesson 06 has a lab without TensorFlow, so the module is imported where it is used
    from helpers import training

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
        self.unfinished: tuple[training.Training, dict] | None = None  # a stopped run with its settings
        self.stopping, self.idle = threading.Event(), threading.Event()
        self.idle.set()
        self.look_changed = False  # whether the reader chose other things to look at since the run began
        self.chart_place, self.table_place = live.Place(), live.Place()
        self.controls = self._make_controls(learning_rate=learning_rate, batch_size=batch_size, steps=steps)
        self.controls["learning_rate"].observe(self._on_rate, names="value")
        self.pace = widgets.Dropdown(options=PACES, value=0, description="pace", **WIDE)
        self.train_button = button("Train", self._on_train, icon="play", button_style="primary")
        self.stop_button = button("Stop", self._on_stop, icon="stop", disabled=True)
        self.reset_button = button(
            "Reset", self._on_reset, icon="undo", tooltip="Forget all runs, set the sliders back"
        )
        self.status = widgets.HTML(READY)
        self.start_settings = self.settings

    def _make_controls(self, **settings) -> dict[str, widgets.Widget]:
        return training_controls(**settings)

    @property
    def settings(self) -> dict:
        """The sliders' present values, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def run(self, **settings) -> History:
        """Train with these settings, wait for the end, and return what happened; interrupting stops the training.

        settings: any of learning_rate, batch_size and steps. The sliders follow, and give the settings not named.
        Raises what went wrong in training, and ValueError or TypeError for a setting the sliders do not have.
        """
        self.stop()  # before the sliders move, since the rate of a run under way follows its slider
        for name, value in settings.items():
            self._set(name, value)
        self.start()
        try:
            while not self.idle.wait(0.05):
                pass
        except KeyboardInterrupt:
            self.stop()
        if self.error:
            raise self.error
        return self.histories[-1]

    def start(self, chunks: int | None = None) -> None:
        """Begin a new run, from fresh weights, in a thread of its own. A run under way is stopped first.

        chunks: stop after so many chunks of steps, and take up the last run where it stopped, if its settings are the
            present ones.
        """
        self.stop()
        self.stopping.clear()
        self.error = None
        self.train_button.disabled, self.stop_button.disabled = True, False
        self.status.value = "Getting ready."
        self.idle.clear()
        threading.Thread(target=self._train, args=(self.settings, chunks), daemon=True).start()

    def stop(self) -> None:
        """End the run under way, if there is one, and wait until it has ended: a few hundredths of a second."""
        self.stopping.set()
        self.idle.wait()  # rather than join the thread: a join that is interrupted takes it for ended ever after

    def reset(self) -> None:
        """Forget every run and set the sliders back to where they started."""
        self.stop()
        self.histories.clear()
        self.unfinished = None
        for name, value in self.start_settings.items():
            self._set(name, value)
        self.pace.value = 0
        self._show_runs()
        self.status.value = READY

    def chart(self) -> TrainingChart:
        """The latest runs on one chart, as many as can be told apart."""
        labels = run_labels(self.histories)
        shown = [number for number, history in enumerate(self.histories) if self._is_shown(history)][-len(RUNS) :]
        return TrainingChart(
            [self.histories[number] for number in shown],
            [labels[number] for number in shown],
            weights=self._weight_images(),
        )

    def _is_shown(self, _history: History) -> bool:
        return True

    def _show_runs(self) -> None:
        """Show the runs as they stand, on the chart and in the table."""
        self.chart_place.replace(*self.chart().picture().bundle())
        self._list_runs()

    def _list_runs(self) -> None:
        self.table_place.replace(runs_table(self.histories))

    def _train(self, settings: dict, chunks: int | None) -> None:
        """One run, from start to end, in the thread."""
        try:
            run, old_settings = self.unfinished or (None, None)
            if chunks and old_settings == settings:
                run.history.ended = ""
            else:
                run = self._new_run(settings)
            self.training = run
            self._follow(run, chunks)
            self.unfinished = (run, settings) if run.history.ended == "stopped" else None
        except Exception as error:
            self.error = error
            self.status.value = error_in_html(error)
        finally:
            self.training = None
            self.train_button.disabled, self.stop_button.disabled = False, True
            self.idle.set()

    def _new_run(self, settings: dict) -> training.Training:
        from helpers import training

        run = training.Training(
            self._prepare(settings),
            self.data,
            learning_rate=self.controls["learning_rate"].value,  # it may have moved while the network compiled
            steps=settings["steps"],
            batch_size=settings["batch_size"],
            test_every=100,
            seed=settings.get("seed", 0),
        )
        run.history.notes = self._notes(settings)
        self.histories.append(run.history)
        return run

    def _follow(self, run: training.Training, chunks: int | None) -> None:
        """Step through the run: draw frames, keep the pace, hear Stop."""
        history, began = run.history, time.perf_counter()
        frames = self._frames()
        try:
            for chunk, _ in enumerate(run, start=1):
                self._note(history)
                if self.look_changed:
                    self.look_changed = False  # first, lest a choice that is made meanwhile be lost
                    frames = self._frames()
                if any([each.show() for each in frames]):
                    self.status.value = f"Training: step {history.step:,} of {history.steps:,}."
                if self.pace.value:
                    self.stopping.wait(max(0, began + history.step / self.pace.value - time.perf_counter()))
                if (self.stopping.is_set() or chunk == chunks) and not history.ended:
                    history.ended = "stopped"
                    break
            self.status.value = html.escape(repr(history))
        finally:
            for each in frames:
                each.show(final=True)
            self._list_runs()

    def _note(self, history: History) -> None:
        """What a lab wants to write down between two chunks of steps: nothing, here."""

    def _frames(self) -> list[live.Frames]:
        """What is drawn while a run goes on."""
        return [live.Frames(self.chart(), self.chart_place)]

    def _prepare(self, settings: dict) -> training.Loop:
        """The compiled loop for these settings, its variables set to the values they were made with."""
        from helpers import training

        if self.model is None:
            self.model = self.build()
        batch_size = settings["batch_size"]
        if batch_size not in self.loops:
            self.loops[batch_size] = training.Loop(self.model, training.mean_cross_entropy, self.data, batch_size)
        loop = self.loops[batch_size]
        if not self.fresh_values:
            self.fresh_values = [variable.numpy() for variable in loop.variables]
        for variable, value in zip(loop.variables, self.fresh_values, strict=True):
            variable.assign(value)
        return loop

    def _notes(self, _settings: dict) -> dict[str, str]:
        """What else names a run, besides rate, batch size and steps."""
        return {}

    def _weight_images(self) -> Callable | None:
        """What reads the weights from pixels straight to digits, if the model has such a layer."""
        variables = next(iter(self.loops.values())).variables if self.loops else []
        return next((v.numpy for v in variables if v.shape == (784, 10)), None)

    def _set(self, name: str, value) -> None:
        set_control(self.controls, name, value)

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
