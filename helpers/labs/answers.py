"""What presses on a lab's buttons are answered with, at once, while the lab trains in its thread."""

import contextlib
import threading
from collections.abc import Iterator

import ipywidgets as widgets

from helpers.labs.controls import error_in_html
from helpers.labs.runner import Runner
from helpers.widgets.status import Status

READY = "Ready: set the sliders, then press Train."
GETTING_READY = "Getting ready."
COMPILING = "Compiling the network; then it trains."
STOPPED = "Stopped before the first step."
# While a network compiles, what is pressed has to wait.
NEXT = "Compiling the network; then it trains with the settings as they stand then."
STOPS = "Stops as soon as the network is compiled."
FORGETS = "Forgets all runs as soon as the network is compiled."


class Answers:
    """The status of a lab, and which of Train and Stop can be pressed next.

    Presses come in any thread. What they are answered with and what the thread that trains says of itself must not
    cross, or an answer would stay that is no longer true: hence a lock, held for a moment only.
    """

    def __init__(self, status: Status, train_button: widgets.Button, stop_button: widgets.Button):
        self.status, self.train_button, self.stop_button = status, train_button, stop_button
        self.compiling = False
        self._turn = threading.Lock()

    @contextlib.contextmanager
    def pressed(self, words: str, while_compiling: str, *, trains: bool) -> Iterator[None]:
        """Answer a press, then do in the block what it asks for. trains: whether it asks for training."""
        with self._turn:
            self.status.value = while_compiling if self.compiling else words or self.status.value
            self._offer_stop(trains)
            yield

    @contextlib.contextmanager
    def getting_ready(self) -> Iterator[None]:
        """The block, in the thread, may compile."""
        with self._turn:
            self.compiling = True
            if not self.status.is_alert:  # of the run before, which nobody has read yet
                self.status.value = COMPILING
        try:
            yield
        finally:
            with self._turn:
                self.compiling = False

    @contextlib.contextmanager
    def errors_shown(self) -> Iterator[None]:
        """What the block raises is shown on the page, and goes on to whoever waits."""
        try:
            yield
        except Exception as error:
            self.status.value = error_in_html(error)
            raise

    @contextlib.contextmanager
    def coming_to_rest(self, runner: Runner) -> Iterator[None]:
        """The block, in the thread, is the last to be done; then Train can be pressed again, unless a wish waits."""
        try:
            with self.errors_shown():
                yield
        finally:
            with self._turn:
                if not runner.waiting:
                    self._offer_stop(False)

    def _offer_stop(self, offered: bool) -> None:
        self.train_button.disabled, self.stop_button.disabled = offered, not offered
