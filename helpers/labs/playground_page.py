"""The playground's page: its buttons, its controls in a grid, the view, and the still picture that a file keeps."""

import threading
import time
import weakref
from contextlib import AbstractContextManager
from typing import Protocol

import ipywidgets as widgets

from helpers import one_per_cell
from helpers.labs.answers import Answers
from helpers.labs.controls import answering, button, show_controls
from helpers.labs.form import Form
from helpers.labs.runner import Runner
from helpers.plots import live
from helpers.plots.style import Picture
from helpers.small_networks import SmallNetworks
from helpers.toy_data import Points
from helpers.widgets.playground_view import PlaygroundView
from helpers.widgets.state_text import StateText
from helpers.widgets.status import Status

PACES = {"10 steps/s": 10, "50 steps/s": 50, "500 steps/s": 500, "top speed": 0}
DATA = ("data", "new_points")  # the settings that stand together, in a box of their own
STATE_USE = (
    "The controls as they stand now. Paste this into a cell and run it to get this playground again, as it is before "
    "its first step; or send it to somebody."
)
EPOCH = "Steps to the end of an epoch, which shows every training point once"
AT_REST = 0.8  # seconds without a change before the still picture is drawn anew, which takes a third of a second
WATCHED_EVERY = 0.1  # seconds between two looks at a network that a cell may be training


class OnPage(Protocol):
    """What the page asks of the playground."""

    form: Form
    view: PlaygroundView
    runner: Runner
    own: Points | None  # points of the reader's own
    given: SmallNetworks | None  # a network that was handed in

    def play(self) -> None:
        """Go on learning."""

    def pause(self, wait: bool = True) -> None:
        """Stop playing."""

    def step(self, epoch: bool = False) -> None:
        """Take one step, or all to the end of an epoch."""

    def reset(self, wait: bool = True) -> None:
        """Start again from fresh weights."""

    def picture(self) -> Picture:
        """The network as it is, as a still picture."""

    def end(self) -> None:
        """Stop playing: its cell was run again."""


class Page:
    """Buttons, controls and view of one playground, and its still picture."""

    def __init__(self, playground: OnPage):
        self.playground, self.form, self.view = playground, playground.form, playground.view
        self.status, self.place = Status(), live.OutputPlace()
        self.held = False  # whether hand or focus rest on the view
        self.still_due = False  # whether the picture in the file shows something else than the page
        self.kept: tuple = ()  # what the picture in the file shows
        self.timer: threading.Timer | None = None
        self.watching: threading.Thread | None = None  # looks whether a cell has changed the network that was given
        self.pace = widgets.Dropdown(options=PACES, value=500, description="pace", tooltip="Pace")
        self.play_button = button("Play", self._on_play, icon="play", button_style="primary")
        self.pause_button = button("Pause", self._on_pause, icon="pause", disabled=True)
        self.step_button = button("Step", self._on_step, icon="step-forward", tooltip="One batch, one step")
        self.epoch_button = button("Epoch", self._on_epoch, icon="fast-forward", tooltip=EPOCH)
        again = "The same start again; for another one turn other weights, or the seed"
        self.reset_button = button("Reset", self._on_reset, icon="undo", tooltip=again)
        self.state = StateText(self.code(), "State as text", STATE_USE)
        self.answers = Answers(self.status, self.play_button, self.pause_button)
        self.presets = [button(name, self._on_preset) for name in self.form.offered_presets]
        self.view.on_held = self._on_held

    @property
    def shown(self) -> bool:
        """Whether there is a page."""
        return self.place.shown

    @property
    def row(self) -> dict[str, list[widgets.DOMWidget]]:
        """What makes it move, in order, by the names in BUTTONS that hide it."""
        row: dict[str, list[widgets.DOMWidget]] = {
            "play": [self.play_button, self.pause_button],
            "step": [self.step_button, self.epoch_button],
            "reset": [self.reset_button],
            "pace": [self.pace],
            "presets": [*self.presets],
            "state": [self.state],
        }
        return {name: parts for name, parts in row.items() if name not in self.form.hidden_names}

    def code(self) -> str:
        """What to run for a playground with these controls; what was handed in has to be handed in again."""
        handed_in = {"points": self.playground.own, "labels": self.playground.own, "network": self.playground.given}
        parts = [f"state={self.form.to_json()!r}", *(f"{name}={name}" for name, given in handed_in.items() if given)]
        return f"from helpers.labs.playground import Playground\nPlayground({', '.join(parts)})"

    def pressed(self, plays: bool) -> AbstractContextManager[None]:
        """A context in which a press is handed on; Play or Pause is offered next, as it plays then or not."""
        return self.answers.pressed("", "", trains=plays)

    def display(self) -> None:
        """Show controls and view; in the file stay a table of the controls and the still picture."""
        one_per_cell.show(self.playground.end)
        row = widgets.HBox([part for parts in self.row.values() for part in parts])
        row.layout.flex_flow = "row wrap"
        row.add_class("playground-buttons")
        together = [self.form.controls[name] for name in self.form.shown if name in DATA]
        alone = [part for name in self.form.shown if name not in DATA for part in self.form.parts(name)]
        boxes = [widgets.HBox(together).add_class("playground-data")] if together else []
        grid = widgets.Box([*boxes, *alone])
        grid.add_class("playground-controls")
        box = widgets.VBox([row, grid, self.status])
        box.add_class("playground-form")
        show_controls(box, self.form.knobs() | ({"pace": self.pace} if "pace" in self.row else {}))
        self.place.show(*self._bundle())

    def rests(self) -> None:
        """Nothing moves any more: soon the still picture is to be drawn, unless something moves again."""
        if not self.shown or self._seen() == self.kept:
            return
        self.ends()
        self.still_due = True
        self.timer = threading.Timer(AT_REST, self._keep_still)
        self.timer.daemon = True
        self.timer.start()

    def _seen(self) -> tuple:
        """What the page shows, but for what is looked at more closely."""
        view = self.view
        return view.weights, view.biases, view.points, view.line

    def ends(self) -> None:
        """Draw no still picture any more."""
        if self.timer:
            self.timer.cancel()

    def _keep_still(self) -> None:
        """Put the still picture beside the view. The page makes the view anew then, so not under a hand."""
        if not self._may_be_replaced():
            return
        seen, bundle = self._seen(), self._bundle()
        if self._may_be_replaced():  # a hand may have come meanwhile: then when it goes
            self.still_due, self.kept = False, seen
            self.place.replace(*bundle)

    def _may_be_replaced(self) -> bool:
        return self.still_due and not self.held and self.playground.runner.idle.is_set()

    def _bundle(self) -> tuple[dict, dict]:
        still, metadata = self.playground.picture().bundle()
        return live.view_of(self.view) | still, metadata

    def _on_held(self, held: bool) -> None:
        self.held = held
        if not held and self.still_due:
            self.rests()

    @answering
    def _on_play(self, _button) -> None:
        self.playground.play()

    @answering
    def _on_pause(self, _button) -> None:
        self.playground.pause(wait=False)

    @answering
    def _on_step(self, _button) -> None:
        self.playground.step()

    @answering
    def _on_epoch(self, _button) -> None:
        self.playground.step(epoch=True)

    @answering
    def _on_reset(self, _button) -> None:
        self._forget_refusals()
        self.playground.reset(wait=False)

    @answering
    def _on_preset(self, pressed) -> None:
        self._forget_refusals()
        self.form.use_preset(pressed.description)

    def _forget_refusals(self) -> None:
        """Have every field show its number again, whatever was typed there and not taken."""
        for each in (self.view, *self.form.controls.values()):
            if hasattr(each, "settle"):
                each.settle()


def watch(playground) -> None:
    """Wake the playground whenever a cell has changed the network that it was given, for as long as both live."""
    if playground.page.watching and playground.page.watching.is_alive():
        return
    weak = weakref.ref(playground)
    at_first = playground.given.values.tobytes()  # now: the next cell may train it before the thread looks

    def look() -> None:
        before = at_first
        while (alive := weak()) is not None and not alive.ended:
            if alive.runner.idle.is_set():  # what changes while it draws is seen after that
                now = alive.given.values.tobytes()
                if now != before:
                    alive.runner.wake()
                before = now
            del alive
            time.sleep(WATCHED_EVERY)

    playground.page.watching = threading.Thread(target=look, daemon=True)
    playground.page.watching.start()
