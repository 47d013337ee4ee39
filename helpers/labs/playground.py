"""The playground: a small network that learns before your eyes, with everything about it on sliders."""

import html
from collections.abc import Callable

import ipywidgets as widgets
import numpy as np

from helpers import one_per_cell, toy_data
from helpers.interrupts import idle_button
from helpers.labs.answers import Answers
from helpers.labs.controls import answering, button, error_in_html, show_controls
from helpers.labs.playground_form import LIVE, LOOK, WRAP, playground_form, rows
from helpers.labs.runner import Runner
from helpers.plots import live
from helpers.plots.network_map import Curves, NetworkMap
from helpers.plots.style import Picture
from helpers.small_networks import Learners, SmallDesign
from helpers.widgets.status import Status

CHUNK = 5  # steps between two looks at Pause, the sliders and the figures
MOST_STEPS = 100_000  # a playground that is forgotten comes to rest
PACES = {"50 steps a second": 50, "500 steps a second": 500, "as fast as it goes": 0}
NARROW = {"layout": {"width": "auto"}}
PACE = {"style": {"description_width": "3.5em"}, "layout": {"width": "18em"}}


class Playground:
    """A small network on a plane of points: Play, Pause, Step, Reset; every neuron's own map; loss and accuracy.

    preset: a name in playground_form.PRESETS to start from. state: the text of another playground's `to_json()`, to
    start from instead. The optimiser is Adam, its rate stays where the slider is. A change of points or network starts
    again from fresh weights and goes on playing; rate, batch size and regularisation are taken up with the next step.
    Everything works without a page too, by `run()`. Taught in notebooks/05_deeper_and_wider.ipynb, "Turn the knobs".
    """

    def __init__(self, preset: str = "8 neurons", state: str | None = None):
        self.status, self.output = Status(), widgets.HTML()
        self.place = live.Place()
        self.runner = Runner(self._come_to_rest)
        self.told: BaseException | None = None  # what went wrong and was shown
        self.outdated = self.look_changed = False  # whether the reader chose other points, networks or looks meanwhile
        self.form = playground_form(preset, state)
        self.form.on_change = self._on_change
        self.pace = widgets.Dropdown(options=PACES, value=500, description="pace", **PACE)
        self.play_button = button("Play", self._on_play, icon="play", button_style="primary", **NARROW)
        self.pause_button = button("Pause", self._on_pause, icon="pause", disabled=True, **NARROW)
        self.step_button = button("Step", self._on_step, icon="step-forward", tooltip="One batch, one step", **NARROW)
        self.reset_button = button(
            "Reset", self._on_reset, icon="undo", tooltip="Fresh weights; the sliders stay", **NARROW
        )
        self.state_button = button(
            "State as text", self._on_state, tooltip="The sliders as a text to hand out", **NARROW
        )
        self.answers = Answers(self.status, self.play_button, self.pause_button)
        self.presets = [button(name, self._on_preset, **NARROW) for name in self.form.presets]
        self._start_again()
        idle_button.stops(self._on_replaced)

    @property
    def settings(self) -> dict:
        """The controls' present values, by name."""
        return self.form.settings

    @property
    def steps(self) -> int:
        """How many steps the present network has made."""
        return self.learners.networks.steps

    def to_json(self) -> str:
        """The controls as a short text: `Playground(state=…)` takes it, and its "hide" hides controls."""
        return self.form.to_json()

    def run(self, steps: int = 1000, **settings) -> Curves:
        """Train from fresh weights with these settings, wait for the end, and return how it went.

        Raises what went wrong in training, and ValueError or TypeError for a setting the playground does not have.
        """
        self.pause()
        self.form.set(**settings)
        self.reset()
        self.play(until=steps, hurry=True)
        self.runner.wait()
        return self.curves

    def play(self, until: int | None = None, hurry: bool = False) -> None:
        """Go on learning in a thread of its own, until Pause or step `until`; hurry: whatever the pace is set to."""
        self._begin(lambda: self._play(self.steps + MOST_STEPS if until is None else until, hurry))

    def pause(self, wait: bool = True) -> None:
        """Stop playing. wait: until it has stopped, a few tenths of a second, for the last picture."""
        with self.answers.pressed("", "", trains=False):
            self.runner.stop()
        if wait:
            self.runner.idle.wait()

    def reset(self, wait: bool = True) -> None:
        """Stop playing and start again from fresh weights, the sliders staying where they are. wait: as in `pause`."""
        self.outdated = True
        with self.answers.pressed("", "", trains=False):
            self.runner.stop()
            self.runner.wake()
        if wait:
            self.runner.idle.wait()

    def _begin(self, work: Callable[[], None]) -> None:
        with self.answers.pressed("", "", trains=True):
            self.runner.start(work)

    def picture(self) -> Picture:
        """The network as it is."""
        return self._map().picture()

    def _map(self) -> NetworkMap:
        until = 500
        while until < self.steps:
            until *= 2
        return NetworkMap(
            self.learners.networks,
            self.plane,
            self.curves,
            until=until,
            test_points=self.settings["test_points"],
        )

    def _start_again(self) -> None:
        self.outdated = False  # first, lest a change that is made meanwhile be lost
        settings = self.settings
        seed = settings["seed"]
        self.plane = toy_data.make(
            settings["data"], noise=settings["noise"], train_share=settings["train_share"], seed=seed
        )
        design = SmallDesign(settings["features"], settings["hidden"], settings["activation"])
        self.learners, self.curves = Learners(design, [self.plane], [seed]), Curves()
        self._measure()

    def _measure(self) -> None:
        figures = self.learners.measure()[:, 0]
        if not np.isfinite(figures).all():
            raise ArithmeticError(
                f"After step {self.steps:,} the loss is not a number any more: the steps were too long, and the "
                "weights grew until nothing could hold them. Lower the learning rate and press Reset."
            )
        self.curves.add(self.steps, figures)

    def _show(self) -> None:
        """The final picture for what there is, and its figures in words."""
        if self.place.shown:
            self.place.replace(self.picture())
        design = self.learners.networks.design
        words = repr(self.curves) if self.steps else f"{design.activation} on {', '.join(design.features)}. Press Play."
        self.status.value = f"{'-'.join(map(str, design.sizes))}, {design.parameters} parameters. {html.escape(words)}"

    # In the thread

    def _play(self, until: int, hurry: bool) -> None:
        frames, shown = None, self._map()
        while not self.runner.stopping.is_set() and (self.outdated or self.steps < until):
            if self.outdated:
                self._start_again()
                frames = None
            if frames is None or self.look_changed or self.steps > shown.until:
                self.look_changed = False
                shown = self._map()
                frames = live.Frames(shown, self.place)
            chunk = min(CHUNK, until - self.steps)
            self._learn(chunk)
            if frames.show():
                self.status.value = f"Playing: step {self.steps:,} of {self.learners.networks.design}."
            self.runner.keep_pace(chunk, 0 if hurry else self.pace.value)

    def _learn(self, steps: int) -> None:
        settings = self.settings
        live_settings = {name: settings[name] for name in LIVE}
        with np.errstate(over="ignore", invalid="ignore"):  # _measure says it in words
            for _ in range(steps):
                self.learners.step(**live_settings)
            self._measure()

    def _come_to_rest(self) -> None:
        """After playing, and after every change that is made while nothing plays."""
        with self.answers.coming_to_rest(self.runner):
            error, self.told = self.runner.error if self.runner.error is not self.told else None, self.runner.error
            if self.outdated and not error:
                self._start_again()
            self.look_changed = False
            self._show()
            if isinstance(error, Exception):
                self.status.value = error_in_html(error)

    # The page

    @answering
    def _on_change(self, names: set[str]) -> None:
        if names <= LIVE:
            return
        if names <= LIVE | LOOK:
            self.look_changed = True
        else:
            self.outdated = True
        self.runner.wake()  # the thread takes it from here

    @answering
    def _on_play(self, _button) -> None:
        self.play()

    @answering
    def _on_pause(self, _button) -> None:
        self.pause(wait=False)

    @answering
    def _on_step(self, _button) -> None:
        self._begin(lambda: self._play(self.steps + 1, hurry=True))

    @answering
    def _on_reset(self, _button) -> None:
        self.reset(wait=False)

    def _on_replaced(self) -> None:
        """Its cell was run again, or the kernel's stop button pressed while no cell runs."""
        self.pause(wait=False)

    @answering
    def _on_preset(self, pressed) -> None:
        self.form.use_preset(pressed.description)

    @answering
    def _on_state(self, _button) -> None:
        self.output.value = f"<pre>{html.escape(self.to_json())}</pre>"

    def _ipython_display_(self) -> None:
        one_per_cell.show(self._on_replaced)
        buttons = [self.play_button, self.pause_button, self.step_button, self.reset_button]
        box = widgets.VBox(
            [
                widgets.HBox(self.presets, layout=WRAP),
                *rows(self.form),
                widgets.HBox([*buttons, self.pace, self.state_button], layout=WRAP),
                self.status,
                self.output,
            ]
        )
        show_controls(box, self.form.knobs() | {"pace": self.pace})
        self.place.show(self.picture())
