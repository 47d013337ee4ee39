"""The playground: a small network that learns before your eyes, with everything about it to be changed by hand."""

import time

import numpy as np

from helpers import toy_data
from helpers.errors import ReaderValueError
from helpers.interrupts import idle_button
from helpers.labs import playground_form as forms
from helpers.labs import playground_frames as frames
from helpers.labs import told_runs
from helpers.labs.controls import error_in_html
from helpers.labs.playground_page import Page, watch
from helpers.labs.playground_wishes import Wishes
from helpers.labs.runner import Runner
from helpers.plots import network_map
from helpers.plots.network_map import Curves
from helpers.plots.style import Picture
from helpers.small_designs import SmallDesign
from helpers.small_networks import Learners, SmallNetworks
from helpers.toy_data import Points
from helpers.widgets.playground_view import PlaygroundView

CHUNK = 5  # steps between two looks at Pause, the controls and the figures; one where few are made in a second
MOST_STEPS = 100_000  # a playground that is forgotten comes to rest
FRAME = 1 / 60  # seconds between two frames, at least
SHARE = 0.2  # of the time that frames may take, so that the network learns most of it
TOLD = 1.0  # seconds after which the picture is put into words anew while it plays


class Playground:
    """A small network on a plane of points: Play, Pause, Step, Epoch, Reset; every neuron's map; loss and accuracy.

    preset: a name in playground_form.PRESETS to start from. state: the text of another playground's `to_json()`, to
    start from instead; "hide" in it names what is not to be on the page, settings and playground_form.BUTTONS.
    points [n, 2], labels [n]: points of your own, of two kinds; the playground says so if it had to scale them.
    network: a SmallNetworks of one seed to be watched: whatever trains it, Play or a cell of yours, the page follows;
    Reset makes it again what it was when it was handed in, and `run` goes on from there.
    Another data set or network starts again from fresh weights and goes on playing; new points of the same kind leave
    the network as it is; optimiser, rate, batch size and regularisation are taken up with the next step.
    Everything works without a page too, by `run()`. Raises ValueError or TypeError, in words, for what cannot be used.
    Taught in notebooks/05_why_depth.ipynb, "Play first".
    """

    def __init__(
        self,
        preset: str = "8 neurons",
        state: str | None = None,
        *,
        points=None,
        labels=None,
        network: SmallNetworks | None = None,
    ):
        if (points is None) != (labels is None):
            raise ReaderValueError("points and labels belong together: Playground(points=…, labels=…).")
        self.own: Points | None
        self.own, self.own_words = (None, "") if points is None else toy_data.own_points(points, labels)
        self.given, self.at_first = network, forms.checked(network)
        self.view = PlaygroundView(offered=frames.offered(), feature_maps=frames.feature_maps())
        self.form = forms.playground_form(self.view, preset, state, self.own, network)
        self.view.offered = frames.offered(self.form.hidden_names)
        self.runner = Runner(self._come_to_rest)
        self.page = Page(self)
        self.wishes = Wishes()
        self.moved = False  # whether the present network is another than these controls make by themselves
        self.ended = False  # whether nobody looks any more
        self.looked_at = "output"
        self.due = self.told = 0.0
        self._start_again()
        self.form.on_change = self._on_change
        self.view.on_look, self.view.on_edit = self._on_look, self._on_edit
        idle_button.stops(self.end)

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
        self.play(until=self.steps + steps, hurry=True)
        self.runner.wait()
        return self.curves

    def play(self, until: int | None = None, hurry: bool = False) -> None:
        """Go on learning in a thread of its own, until Pause or step `until`; hurry: whatever the pace is set to."""
        self._goes_on()
        self.wishes.forget_steps()
        with self.page.pressed(plays=True):
            self.runner.start(lambda: self._play(self.steps + MOST_STEPS if until is None else until, hurry))

    def step(self, epoch: bool = False) -> None:
        """Stop playing and take one step, on one batch. epoch: all steps to the end of an epoch."""
        self._goes_on()
        self.wishes.step(epoch)
        with self.page.pressed(plays=True):
            self.runner.start(self._take_steps)

    def pause(self, wait: bool = True) -> None:
        """Stop playing. wait: until it has stopped, a few hundredths of a second."""
        self.wishes.forget_steps()
        with self.page.pressed(plays=False):
            self.runner.stop()
        if wait:
            self.runner.idle.wait()

    def reset(self, wait: bool = True) -> None:
        """Stop playing and start again from fresh weights, the controls staying where they are. wait: as in `pause`."""
        self._goes_on()
        self.wishes.forget_steps()
        self.wishes.outdated = self.wishes.afresh = True
        with self.page.pressed(plays=False):
            self.runner.stop()
            self.runner.wake()
        if wait:
            self.runner.idle.wait()

    def picture(self) -> Picture:
        """The network as it is."""
        shown = {"until": frames.until(self.steps), "test_points": self.settings["test_points"]}
        return network_map.network_map(self.learners.networks, self.plane, self.curves, **shown)

    def end(self) -> None:
        """Stop playing, and watching: the cell was run again, or the kernel's stop button was pressed."""
        self.ended = True
        self.page.ends()
        self.pause(wait=False)

    def _goes_on(self) -> None:
        """Somebody works with it, also after its end."""
        if self.ended:
            self.ended = False
            if self.given and self.page.shown:
                watch(self)

    # In the thread, which alone touches the network

    def _start_again(self) -> None:
        afresh = self.wishes.take_start()  # first, lest a change that is made meanwhile be lost
        self.runner.error = None
        if self.given and afresh and self.at_first:
            self.given.restore(self.at_first)
        self._take_points(goes_on=bool(self.given) and not afresh)
        self.moved = bool(self.given)
        self.maps = frames.Maps(self.learners.networks)
        self._measure(Curves())

    def _take_points(self, goes_on: bool) -> None:
        """Have the present network, or a fresh one, learn from the points that the controls ask for."""
        self.wishes.other_points, self.wishes.look_changed = False, True
        settings = self.settings
        self.plane = forms.points_for(settings, self.own)
        if goes_on:
            self.learners.learn_from([self.plane])
            return
        parts = settings["features"], settings["hidden"], settings["activation"], self.plane.problem
        design = self.given.design if self.given else SmallDesign(*parts)
        self.learners: Learners = Learners(design, [self.plane], [forms.seed_of_weights(settings)], self.given)

    def _measure(self, curves: Curves | None = None) -> None:
        """Note loss and accuracy. curves: those of another network, in place of the ones so far."""
        with np.errstate(over="ignore", invalid="ignore"):  # it is said in words
            metrics = self.learners.measure()[:, 0]
        if not np.isfinite(metrics[[0, 2]]).all():
            self._tell("diverged", None)
            raise ArithmeticError(frames.no_number(self.steps, self.settings["regularisation"]))
        self.curves: Curves = curves or self.curves
        self.curves.add(self.steps, metrics)

    def _take_up(self) -> bool:
        """Take up what the reader wants otherwise; tell whether there was anything."""
        others, wanted = self.wishes.other_points, self.wishes.waiting
        if self.wishes.outdated:
            self._start_again()
        elif others:
            self._take_points(goes_on=True)
        edits = self.wishes.take_edits()
        for (layer, source, unit), value in edits.items():
            networks = self.learners.networks
            part = networks.biases[layer - 1][0, 0] if source is None else networks.weights[layer - 1][0, source]
            part[unit] = value
        self.moved = self.moved or bool(edits) or (others and self.steps > 0)
        if edits or others:
            self._measure()
        return wanted

    def _play(self, until: int, hurry: bool) -> None:
        while not self.runner.stopping.is_set() and (self.wishes.outdated or self.steps < until):
            wanted = self._take_up()
            pace = 0 if hurry else self.page.pace.value
            chunk = min(CHUNK if pace == 0 else max(1, min(CHUNK, pace // 100)), until - self.steps)
            self._learn(chunk)
            now = time.perf_counter()
            if self.view.free and (wanted or now >= self.due):
                began = time.thread_time()  # of the processor: waiting for it costs the network nothing
                self._show()
                self.due = now + max(FRAME, (time.thread_time() - began) / SHARE)
            elif wanted:
                self.wishes.look_changed, self.due = True, now
            self.runner.keep_pace(chunk, pace)
        if self.wishes.outdated:
            return  # the controls ask for another network already
        self._tell("finished", float(self.curves.metrics[-1][3]))

    def _tell(self, ended: str, accuracy: float | None) -> None:
        chosen = {name: value for name, value in self.settings.items() if name not in forms.LOOK}
        told_runs.tell_figures("Playground", chosen, steps=self.steps, ended=ended, accuracy=accuracy, moved=self.moved)

    def _take_steps(self) -> None:
        wanted = self.wishes.take_steps()
        self._take_up()
        for epoch in wanted:
            left = self.learners.to_the_end(self.settings["batch_size"]) if epoch else 1
            while left and (self.wishes.steps or not self.runner.stopping.is_set()):  # another press is no Pause
                self._learn(min(CHUNK, left))
                left -= min(CHUNK, left)

    def _learn(self, steps: int) -> None:
        settings = self.settings
        live_settings = {name: settings[name] for name in forms.LIVE}
        with np.errstate(over="ignore", invalid="ignore"):  # _measure says it in words
            for _ in range(steps):
                self.learners.step(**live_settings)
        self._measure()

    def _show(self, at_rest: bool = False) -> None:
        """Send the newest numbers to the page, if there is one; at rest in words too."""
        if not self.page.shown:
            return
        changed, self.wishes.look_changed = self.wishes.look_changed, False
        looked_at = self.looked_at if self.maps.has(self.looked_at) else "output"
        traits = self.maps.frame(looked_at)
        if changed:
            settings = self.settings
            traits |= frames.points(self.plane, settings["test_points"])
            traits |= {"design": frames.design(self.learners.networks.design), "discretise": settings["discretise"]}
        now = time.perf_counter()
        if at_rest or changed or now - self.told > TOLD:
            self.told = now
            traits["alt"] = network_map.in_words(self.learners.networks, self.curves)
        around = forms.before_a_step(self.form, self.own_words)
        line = frames.line(self.learners, self.settings["optimiser"], self.curves, around)
        if at_rest:
            traits["said"] = repr(self.curves) if self.steps else line
        self.view.put(line=line, until=frames.until(self.steps), curves=frames.curve_rows(self.curves), **traits)

    def _come_to_rest(self) -> None:
        """After playing, and after every change that is made while nothing plays."""
        with self.page.answers.coming_to_rest(self.runner):
            self._take_up()
            if isinstance(self.runner.error, Exception):
                self.page.status.value = error_in_html(self.runner.error)
            elif self.page.status.is_alert:
                self.page.status.value = ""
            if self.given and not self.runner.error:  # a cell of the reader's may have trained it, also by hand
                self._measure()
            self._show(at_rest=True)
            if not self.ended:
                self.page.rests()

    # What the page wants: noted, in whatever thread, and taken up by the one that learns

    def _on_change(self, names: set[str]) -> None:
        self.page.state.value = self.page.code()
        if names & forms.LIVE and self.steps > 0:
            self.moved = True
        if self.wishes.change(names):
            self.runner.wake()

    def _on_look(self, neuron: str) -> None:
        self.looked_at = neuron
        self.runner.wake()

    def _on_edit(self, edit: dict) -> None:
        self.wishes.edit(edit)
        self.runner.wake()

    def _ipython_display_(self) -> None:
        self.page.display()
        self.wishes.look_changed, self.ended = True, False
        self.runner.wake()  # the first numbers
        if self.given:
            watch(self)
