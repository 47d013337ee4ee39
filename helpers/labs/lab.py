"""A lab: controls and buttons wired to training, with every run kept for comparison."""

import html
from collections.abc import Callable, Mapping
from typing import Protocol

import ipywidgets as widgets

from helpers import one_per_cell
from helpers.history import History, Measured
from helpers.interrupts import idle_button
from helpers.labs.answers import FORGETS, GETTING_READY, NEXT, READY, STOPPED, STOPS, Answers
from helpers.labs.controls import answering, button, row, show_controls
from helpers.labs.form import Form
from helpers.labs.form_box import FormBox
from helpers.labs.kept_runs import KeptRuns
from helpers.labs.runner import Runner
from helpers.plots import live
from helpers.plots.live_chart import LiveChart
from helpers.plots.panels import Panel
from helpers.plots.style import Picture
from helpers.plots.training_chart import TrainingChart
from helpers.widgets.status import Status

PACES = {"as fast as it goes": 0, "2,000 steps a second": 2000, "500 steps a second": 500}


class Run(Protocol):
    """A training that can be stepped through, such as `training.Training`: each turn hands out the growing History."""

    history: History
    learning_rate: float

    def __iter__(self): ...


class Lab:
    """A bench for training: a form, Train, Stop, Reset, and every run on one chart and in one table.

    make_run: a function of the form's settings that makes a run from fresh weights. form: the controls, `learning_rate`
    and `steps` among them; the rate is taken up in mid-run. panels: by name, a function that makes a panel of the
    present network, or None. weights: a function returning what reads the weights [784, 10] for the chart, or None.
    between: called with the History at the start and between two chunks of steps. code: a function returning plain code
    for the form's settings. show: "test" or "validation", whose results are seen. simple: leave out Step, and what can
    be done with kept runs. It trains in a thread, so that Stop is heard; `run()` trains without a page.
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
        show: Measured = "test",
        simple: bool = False,
    ):
        self.make_run, self.form, self.make_panel = make_run, form, dict(panels or {})
        self.between, self.code, self.simple = between, code, simple
        self.runner, self.status = Runner(self._come_to_rest), Status(READY)
        self.forgetting = False  # whether all runs are to be forgotten
        self.under_way: tuple | None = None  # what the run under way was started with: settings, chunks
        self.latest: History | None = None  # of the run that was made last, whether or not it is kept
        code_button = {"Show me the code": self.code} if self.code else {}
        self.kept = KeptRuns(self.status, weights, {**code_button, "State as text": self.to_json}, show)
        self.training: Run | None = None
        self.unfinished: tuple[Run, dict] | None = None  # a stopped run with its settings
        self.look_changed = False  # whether the reader chose other things to look at since the run began
        self.panel_places = {name: live.Place() for name in self.make_panel}
        self.pace = widgets.Dropdown(options=PACES, value=0, description="pace")
        self.train_button = button("Train", self._on_train, icon="play", button_style="primary")
        self.stop_button = button("Stop", self._on_stop, icon="stop", disabled=True)
        self.step_button = button("Step", self._on_step, icon="step-forward", tooltip="The next few steps only")
        self.reset_button = button("Reset", self._on_reset, icon="undo", tooltip="Forget all runs, set sliders back")
        self.answers = Answers(self.status, self.train_button, self.stop_button)
        self.presets = [button(name, self._on_preset) for name in form.offered_presets]
        self.panels = {name: widgets.Checkbox(description=name, indent=False) for name in self.make_panel}
        for box in self.panels.values():
            box.observe(self._on_panel, names="value")
        form.controls["learning_rate"].observe(self._on_rate, names="value")
        form.on_change = self._on_settings
        self.form_box = FormBox(form, {"pace": self.pace})
        self.start_settings = self.settings
        idle_button.stops(self._on_replaced)  # as it does a cell's work

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
        """The settings as a short text, to hand out; `state=` takes it."""
        return self.form.to_json()

    # Training

    def run(self, **settings) -> History:
        """Train with these settings, wait for the end, and return what happened; interrupting stops the training.

        settings: any that the form has. The form follows, and gives the settings not named.
        Raises what went wrong in training, and ValueError or TypeError for a setting that the form does not have.
        """
        self.stop()  # before the sliders move, since the rate of a run under way follows its slider
        self.form.set(**settings)
        self.start()
        self.runner.wait()
        if self.latest is None:
            raise KeyboardInterrupt("Stop was pressed before the run began.")
        return self.latest

    def start(self, chunks: int | None = None) -> None:
        """Begin a new run, from fresh weights, in a thread of its own. A run under way is told to stop.

        chunks: stop after so many chunks of steps, and take up the last run where it stopped, if its settings, but for
            the rate, are the present ones. Returns at once. While another run comes to its end this is a wish: it takes
            the settings as they stand when it begins, and a newer wish, or Stop, takes its place.
        """
        with self.answers.pressed(GETTING_READY, NEXT, trains=True):
            settings, self.latest = self.settings if self.runner.idle.is_set() else None, None
            self.runner.start(lambda: self._train(settings or self.settings, chunks))

    def stop(self, wait: bool = True) -> None:
        """End the run under way, if there is one. wait: until it has ended; compiling is not broken off."""
        with self.answers.pressed("", STOPS, trains=False):
            self.runner.stop()
        if wait:
            self.runner.idle.wait()

    def reset(self, wait: bool = True) -> None:
        """Forget every run and set the form back to where it started. wait: as in `stop`."""
        with self.answers.pressed("", FORGETS, trains=False):
            self.forgetting = True
            self.runner.stop()
            self.runner.wake()  # the runs belong to the thread: it forgets them once it has ended what it was at
        self.form.set(**self.start_settings)
        self.pace.value = 0
        if wait:
            self.runner.idle.wait()

    # In the thread

    def _train(self, settings: dict, chunks: int | None) -> None:
        """One run, from start to end."""
        self.under_way = settings, chunks
        with self.answers.errors_shown():
            run = self._take_up(settings, chunks) or self._begin(settings)
            if run:
                self._follow(run, settings, chunks)
                self.unfinished = (run, settings) if run.history.ended == "stopped" else None

    def _take_up(self, settings: dict, chunks: int | None) -> Run | None:
        """The last run where it stopped, if a few more steps of it are wanted."""
        (run, old_settings), self.unfinished = self.unfinished or (None, {}), None
        rate = {"learning_rate": settings["learning_rate"]}  # may be another: it can be turned in mid-run
        if not run or not chunks or run.history not in self.histories or old_settings | rate != settings:
            return None
        run.history.ended, run.learning_rate = "", settings["learning_rate"]
        self.training, self.latest = run, run.history
        return run

    def _begin(self, settings: dict) -> Run | None:
        """A new run; None if Stop was pressed while it was made ready."""
        with self.answers.getting_ready():
            run = self.make_run(settings)
        self.training, self.latest = run, run.history
        run.learning_rate = self.controls["learning_rate"].value  # it may have moved while the network compiled
        if self.runner.stopping.is_set():
            run.history.ended, self.status.value = "stopped", STOPPED
            return None
        self.histories.append(run.history)
        self.between(run.history)
        return run

    def _follow(self, run: Run, settings: dict, chunks: int | None) -> None:
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
            self.status.value = html.escape(history.in_words(self.kept.measured))
        finally:
            for each in frames:
                each.show(final=True)
            self.kept.run_ended(history, type(self).__name__, settings, chunks)

    def _come_to_rest(self) -> None:
        """After each run, and whenever something is to be done that only the thread may do."""
        self.training = self.under_way = None
        with self.answers.coming_to_rest(self.runner):
            if self.forgetting:
                self.forgetting, self.unfinished = False, None  # first, lest a press that comes meanwhile be lost
                self.kept.forget()
                self.status.value = READY
            if self.look_changed:
                self.look_changed = False
                for name, place in self.panel_places.items():
                    place.replace(self._panel_picture(name))

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
                frames.append(live.Frames(panel, place, every=live.PANEL_FRAME))
            else:
                place.replace(None)
        return frames

    def _panel_picture(self, name: str) -> Picture | None:
        panel = self.panel(name) if self.panels[name].value else None
        return panel.picture() if panel else None

    # The page

    def _ipython_display_(self) -> None:
        one_per_cell.show(self._on_replaced)
        step = [] if self.simple else [self.step_button]
        buttons = row(self.train_button, self.stop_button, *step, self.reset_button)
        rows = [self.form_box.box, buttons, self.status]
        if self.presets:
            rows.insert(0, row(widgets.Label("start from"), *self.presets))
        if self.panels:
            rows.append(row(widgets.Label("look at"), *self.panels.values()))
        show_controls(widgets.VBox(rows), self.form.knobs() | {"pace": self.pace})
        self.kept.show_chart()
        for name, place in self.panel_places.items():
            place.show(self._panel_picture(name))
        self.kept.show_table(with_buttons=not self.simple)

    @answering
    def _on_train(self, _button) -> None:
        if self.under_way != (self.settings, None) or self.runner.stopping.is_set():  # else it was pressed twice
            self.start()

    @answering
    def _on_stop(self, _button) -> None:
        self.stop(wait=False)

    @answering
    def _on_step(self, _button) -> None:
        self.start(chunks=1)

    @answering
    def _on_reset(self, _button) -> None:
        self.reset(wait=False)

    @answering
    def _on_preset(self, pressed) -> None:
        self.form.use_preset(pressed.description)

    @answering
    def _on_rate(self, change) -> None:
        if self.training:
            self.training.learning_rate = change["new"]

    @answering
    def _on_settings(self, _names) -> None:
        self.kept.refresh_text()

    @answering
    def _on_panel(self, _change) -> None:
        self.look_changed = True
        self.runner.wake()  # the thread draws

    def _on_replaced(self) -> None:
        self.stop(wait=False)
