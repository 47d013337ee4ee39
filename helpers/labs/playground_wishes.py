"""What a playground is asked for while it learns: noted in any thread, and taken up by the one that learns."""

import threading

from helpers.labs.playground_form import LIVE, LOOK


class Wishes:
    """The newest of each kind. A new one is begun before the old one is taken up, so that none is lost.

    outdated: another data set or network is wanted; afresh: and one that was handed in as it was at first.
    other_points: new points for the network as it is. look_changed: it is to be shown otherwise. edits: numbers that
    the reader has typed, by layer, from and to. steps: presses of Step, or True for Epoch.
    """

    def __init__(self):
        self.outdated = self.other_points = self.look_changed = False
        self.afresh = True
        self.edits: dict[tuple, float] = {}
        self.steps: list[bool] = []
        self._changing = threading.Lock()  # held for a moment only

    def change(self, names: set[str]) -> bool:
        """Note that these controls have changed; tell whether that is to be seen at once."""
        if names <= LIVE - {"optimiser"}:  # which the line above the network names
            return False
        if names <= LIVE | LOOK:
            self.look_changed = True
        elif names <= LIVE | LOOK | {"new_points"}:
            self.other_points = self.look_changed = True
        else:
            self.outdated = True
        return True

    def edit(self, edit: dict) -> None:
        """Note a number that was typed: its layer, where it comes from unless it is a bias, where to, and the value."""
        with self._changing:
            self.edits[edit["layer"], edit.get("from"), edit["to"]] = edit["value"]

    def step(self, epoch: bool) -> None:
        """Note a press of Step or Epoch."""
        with self._changing:
            self.steps.append(epoch)

    def forget_steps(self) -> None:
        """Let the presses be that wait."""
        with self._changing:
            self.steps = []

    def take_steps(self) -> list[bool]:
        """The presses that wait, which are taken up now."""
        with self._changing:
            taken, self.steps = self.steps, []
        return taken

    def take_edits(self) -> dict[tuple, float]:
        """The numbers that wait, which are taken up now."""
        with self._changing:
            taken, self.edits = self.edits, {}
        return taken

    def take_start(self) -> bool:
        """Another network is begun now, for which no number was typed; tell whether it is to be as it was at first."""
        with self._changing:
            afresh, self.outdated, self.afresh = self.afresh, False, False
            self.edits = {}
        return afresh

    @property
    def waiting(self) -> bool:
        """Whether there is something that changes the picture."""
        return self.outdated or self.look_changed or bool(self.edits)
