"""A lab: controls and buttons wired to training, with every run kept for comparison."""

import html
from collections.abc import Callable, Mapping
from typing import Protocol

import ipywidgets as widgets

from helpers.history import History
from helpers.labs.controls import WIDE, answering, button, error_in_html, show_controls
from helpers.labs.form import Form
from helpers.labs.kept_runs import KeptRuns
from helpers.labs.runner import Runner
from helpers.plots import live
from helpers.plots.live_chart import LiveChart
from helpers.plots.panels import Panel
from helpers.plots.training_chart import TrainingChart

PACES = {"as fast as it goes": 0, "2,000 steps a second": 2000, "500 steps a second": 500}
READY = "Ready: set the sliders, then press Train."
PANEL_FRAME = 1 / 6  # seconds between frames of a panel
NOTHING: tuple[dict, dict] = ({"text/plain": ""}, {})


class Run(Protocol):
    """A training that can be stepped through, such as `training.Training`: each turn hands out the growing History."""

    history: History
    learning_rate: float

    def __iter__(self): ...


class Lab:
    """A bench for training: a form, Train, Stop, Reset, and every run on one chart and in one table.

    make_run: a function of the form's settings that makes a run from fresh weights. form: the controls, `learning_rate`
    and `steps` among them; the rate is taken up in mid-run. panels: by name, a function that makes a panel of the
    present network, or None where there is nothing to see. weights: a function returning what reads the weights
    [784, 10] for the chart, or None. between: called with the History at the start and between two chunks of steps.
    code: a function returning plain code for the form's settings. simple: leave out Step, and what can be done with
    runs that are kept. Training runs in a thread, so that the page stays awake and Stop is heard; `run()` trains
    without a page. CONTRIBUTING.md shows a lab of one's own.
    """

    def __init__(
        self,
        make_run: Callable[[dict], Run],
        form: Form,
        *,
        panels: Mapping[str, Callable[[], Panel | None]] | None = None,
        weights: Callable[[], Callable | None] = lambda: None,
        between: Callable[[History], None] = lambda history: None,
        code: Callable[[], str] | None = None,
        simple: bool = False,
    ):
        self.make_run, self.form, self.make_panel = make_run, form, dict(panels or {})
        self.between, self.code, self.simple = between, code, simple
        self.runner, self.status = Runner(), widgets.HTML(READY)
        code_button = {"Show me the code": self.code} if self.code else {}
        self.kept = KeptRuns(self.status, weights, {**code_button, "State as text": self.to_json})
        self.training: Run | None = None
        self.unfinished: tuple[Run, dict] | None = None  # a stopped run with its settings
        self.look_changed = False  # whether the reader chose other things to look at since the run began
        self.panel_places = {name: live.Place() for name in self.make_panel}
        self.pace = widgets.Dropdown(options=PACES, value=0, description="pace", **WIDE)
        self.train_button = button("Train", self._on_train, icon="play", button_style="primary")
        self.stop_button = button("Stop", self._on_stop, icon="stop", disabled=True)
        self.step_button = button("Step", self._on_step, icon="step-forward", tooltip="The next few steps only")
        self.reset_button = button(
            "Reset", self._on_reset, icon="undo", tooltip="Forget all runs, set the sliders back"
        )
        self.presets = [button(name, self._on_preset) for name in form.presets]
        self.panels = {
            name: widgets.Checkbox(description=name, indent=False, layout={"width": "12em"}) for name in self.make_panel
        }
        for box in self.panels.values():
            box.observe(self._on_panel, names="value")
        form.controls["learning_rate"].observe(self._on_rate, names="value")
        self.start_settings = self.settings

    @property
    def controls(self) -> dict[str, widgets.ValueWidget]:
        """The form's controls, by name."""
        return self.form.controls

    @property
    def histories(self) -> list[History]:
        """Every run that is kept, the first one first."""
        return self.kept.histories

    @property
    def settings(self) -> dict:
        """The form's present values, by name."""
        return self.form.settings

    def to_json(self) -> str:
        """The settings as a short text, to hand out: a lab made with `state=` that text starts from them."""
        return self.form.to_json()

    # Training

    def run(self, **settings) -> History:
        """Train with these settings, wait for the end, and return what happened; interrupting stops the training.

        settings: any that the form has. The form follows, and gives the settings not named.
        Raises what went wrong in training, and ValueError or TypeError for a setting that the form does not have.
        """
        self.runner.stop()  # before the sliders move, since the rate of a run under way follows its slider
        self.form.set(**settings)
        self.start()
        self.runner.wait()
        return self.histories[-1]

    def start(self, chunks: int | None = None) -> None:
        """Begin a new run, from fresh weights, in a thread of its own. A run under way is stopped first.

        chunks: stop after so many chunks of steps, and take up the last run where it stopped, if its settings are the
            present ones.
        """
        self.runner.stop()
        self.train_button.disabled, self.stop_button.disabled = True, False
        self.status.value = "Getting ready."
        settings = self.settings
        self.runner.start(lambda: self._train(settings, chunks), self._come_to_rest)

    def stop(self) -> None:
        """End the run under way, if there is one, and wait until it has ended: a few hundredths of a second."""
        self.runner.stop()

    def reset(self) -> None:
        """Forget every run and set the form back to where it started."""
        self.stop()
        self.histories.clear()
        self.unfinished = None
        self.form.set(**self.start_settings)
        self.pace.value = 0
        self.kept.update()
        self.status.value = READY

    def _train(self, settings: dict, chunks: int | None) -> None:
        """One run, from start to end, in the thread."""
        run, old_settings = self.unfinished or (None, None)
        if run and chunks and old_settings == settings:
            run.history.ended = ""
        else:
            run = self.make_run(settings)
            run.learning_rate = self.controls["learning_rate"].value  # it may have moved while the network compiled
            self.histories.append(run.history)
            self.between(run.history)
        self.training = run
        self._follow(run, chunks)
        self.unfinished = (run, settings) if run.history.ended == "stopped" else None

    def _follow(self, run: Run, chunks: int | None) -> None:
        """Step through the run: draw frames, keep the pace, hear Stop."""
        history = run.history
        frames, done = self._frames(), history.step
        try:
            for chunk, _ in enumerate(run, start=1):
                self.between(history)
                if self.look_changed:
                    self.look_changed = False  # first, lest a choice that is made meanwhile be lost
                    frames = self._frames()
                if any([each.show() for each in frames]):
                    self.status.value = f"Training: step {history.step:,} of {history.steps:,}."
                self.runner.keep_pace(history.step - done, self.pace.value)
                done = history.step
                if (self.runner.stopping.is_set() or chunk == chunks) and not history.ended:
                    history.ended = "stopped"
                    break
            self.status.value = html.escape(repr(history))
        finally:
            for each in frames:
                each.show(final=True)
            self.kept.update_table()

    def _come_to_rest(self) -> None:
        self.training = None
        if self.runner.error:
            self.status.value = error_in_html(self.runner.error)
        self.train_button.disabled, self.stop_button.disabled = False, True

    # Pictures

    def chart(self) -> TrainingChart:
        """The latest runs on one chart, as many as can be told apart."""
        return self.kept.chart()

    def panel(self, name: str) -> Panel | None:
        """A panel, by the name of its check box, on the present network; None where there is nothing to see."""
        return self.make_panel[name]()

    def _frames(self) -> list[live.Frames | LiveChart]:
        """What is drawn while a run goes on."""
        frames: list[live.Frames | LiveChart] = [self.kept.frames()]
        for name, place in self.panel_places.items():
            panel = self.panel(name) if self.panels[name].value else None
            if panel:
                frames.append(live.Frames(panel, place, every=PANEL_FRAME))
            else:
                place.replace(*NOTHING)
        return frames

    def _panel_bundle(self, name: str) -> tuple[dict, dict]:
        panel = self.panel(name) if self.panels[name].value else None
        return panel.picture().bundle() if panel else NOTHING

    # The page

    def _ipython_display_(self) -> None:
        knobs = self.form.knobs() | {"pace": self.pace}
        settings = widgets.HBox([widgets.VBox([*knobs.values()]), *self.form.beside])
        step = [] if self.simple else [self.step_button]
        rows = [settings, widgets.HBox([self.train_button, self.stop_button, *step, self.reset_button]), self.status]
        if self.presets and not self.form.hidden_names:
            rows.insert(0, widgets.HBox([widgets.Label("start from"), *self.presets]))
        if self.panels:
            look_at = widgets.Label("look at", layout={"min_width": "4em"})
            rows.append(widgets.HBox([look_at, *self.panels.values()]))
        show_controls(widgets.VBox(rows), knobs)
        self.kept.show_chart()
        for name, place in self.panel_places.items():
            place.show(*self._panel_bundle(name))
        self.kept.show_table(with_buttons=not self.simple)

    @answering
    def _on_train(self, _button) -> None:
        self.start()

    @answering
    def _on_stop(self, _button) -> None:
        self.stop()

    @answering
    def _on_step(self, _button) -> None:
        self.start(chunks=1)

    @answering
    def _on_reset(self, _button) -> None:
        self.reset()

    @answering
    def _on_preset(self, pressed) -> None:
        self.form.use_preset(pressed.description)

    @answering
    def _on_rate(self, change) -> None:
        if self.training:
            self.training.learning_rate = change["new"]

    @answering
    def _on_panel(self, _change) -> None:
        if self.training:
            self.look_changed = True  # the thread that draws takes it from here
            return
        for name, place in self.panel_places.items():
            place.replace(*self._panel_bundle(name))
