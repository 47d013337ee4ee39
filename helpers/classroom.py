"""A class's board: what a lesson tells it once the learner has said yes, and how they leave it and take it all back.

`join(address, code, name)` shows what would be sent and asks. From the yes on, and for twelve hours, the board hears of
guesses, solved exercises and runs, in every lesson that is opened on this computer. Without a yes nothing is sent, and
nothing of this module runs.
"""

import html
import os
import sqlite3
import time

import ipywidgets as widgets
from IPython import get_ipython
from IPython.display import display

from helpers import class_card, class_notebook, class_terms, events, outbox, own_folder
from helpers.class_card import BOARD, who
from helpers.errors import ReaderOSError
from helpers.labs.controls import answering, button, row
from helpers.widgets.status import Status

FILE = "classroom.sqlite"  # among the learner's own files; helpers/__init__.py looks for it


def join(
    address: str = "", code: str = "", name: str = "", *, key: str = "", lesson: str = "", yes: bool = False
) -> None:
    """Show what the class's board would hear of, and begin to tell it once you say yes.

    address, code: as they stand on the wall. name: a pseudonym of yours, which nobody else in the class can take then.
    A hub knows all three: `join()`. key: what your name was kept by on another computer. lesson: such as "01", where
    the notebook does not say. yes: do not ask. Raises ValueError or TypeError for what cannot be right, OSError if the
    board refuses or does not answer.
    """
    if BOARD in os.environ and not (address or code or name):
        card = class_card.of_the_hub(_kept_card())
    else:
        card = class_card.from_the_wall(address, code, name, key, _kept_card())
    if _here and {**card, "key": ""}.items() <= {**_here.card, "key": ""}.items():  # the cell was run again
        print(_here.in_words)
        return
    _ask(Membership(card, lesson), yes)


def leave() -> None:
    """Tell the board nothing any more, in no lesson; what it has heard stays there, see `withdraw`."""
    card = _kept_card()
    if card is None or "left" in card:
        print("You are in no class, so nothing is sent.")
        return
    lost = _leave(card, outbox.PATIENCE)
    waited = f" {lost} events had not reached the board, and were thrown away." if lost else ""
    print(f"You have left. Nothing is sent any more.{waited} What the board has heard of you, withdraw() takes back.")


def withdraw() -> None:
    """Have the board delete all that it has heard of you, and leave. Raises OSError if it does not answer."""
    card = _kept_card()
    if card is None:
        print("You have told no board anything from this computer.")
        return
    _leave(card, 0)
    try:
        said = outbox.ask("DELETE", f"{card['address']}/events", class_card.headers(card))
    except OSError as error:
        raise ReaderOSError(f"{error} What the board has heard of you is still there; run this again.") from None
    print(f"You have left, and the board has deleted {said['withdrawn']} events of yours.")


def _leave(card: dict, patience: float) -> int:
    """End the membership, and keep of it what it takes to withdraw or to come back; return how many events are lost."""
    global _here
    if _here:
        _here.end(patience)
        _here = None
    box = _outbox()
    lost = box.waiting()
    box.keep_card(None)
    box.keep_card({**card, "left": time.time()})
    return lost


def state() -> str:
    """Whether this notebook tells a board anything, as a sentence."""
    return _here.in_words if _here else "You are in no class, so nothing is sent."


def resume() -> None:
    """Go on telling a board that the learner has said yes to; on a hub, ask them. helpers/__init__.py calls it."""
    if _here or not hasattr(get_ipython(), "kernel"):
        return
    try:
        card = _kept_card()
        held = card is not None and class_card.holds(card)
        if card and held and "left" not in card:
            Membership(card).begin()
            print(f"The class's board hears this notebook too: you are {card['name']}. classroom.leave() ends that.")
        elif card and not held and "left" not in card:
            _leave(card, 0)
        if BOARD in os.environ and not held:
            _ask(Membership(class_card.of_the_hub(card)), yes=False)
    except (OSError, ValueError, sqlite3.Error) as error:  # a lesson goes on without its class
        print(f"The class's board hears nothing of this notebook: {error}")


class Membership:
    """One learner in one class: what is told, and what the page says of it.

    card: the board's address, its code or "" on a hub, the learner's name, and the key that it is kept by.
    """

    def __init__(self, card: dict, lesson: str = ""):
        self.card, self.lesson = card, lesson or class_notebook.lesson()
        self.outbox = _outbox(self._on_change)
        self.status = Status("")
        self.lost = self.trouble = ""
        self.guesses: dict[str, object] = {}  # as they were told last
        self.yes_button = button("Yes, join", self._on_yes, icon="check", button_style="primary")
        self.no_button = button("No", self._on_no)

    @property
    def in_words(self) -> str:
        """What is going on, in a sentence or two."""
        name, key = self.card["name"], self.card["key"]
        kept = f', and on another computer by join(…, key="{key}")' if key else ""
        return f"You are in the class as {name}{kept}. {self.lost}{self.trouble or self.outbox.state}".strip()

    def begin(self) -> None:
        """Keep the yes, and tell the board from now on."""
        global _here
        if _here:
            _here.end()
        self.card.setdefault("joined", time.time())
        before = self.outbox.card() or self.card
        if who(before) != who(self.card):
            if lost := self.outbox.waiting():
                self.lost = (
                    f"{lost} events for the class at {before['address']} had not reached it, and were thrown away. "
                )
            self.outbox.keep_card(None)
        self.outbox.keep_card(self.card)
        self.outbox.open(self.card["address"], class_card.headers(self.card), " ".join(who(self.card)))
        events.listen(self._on_event)
        if shell := get_ipython():
            shell.events.register("post_run_cell", self._after_cell)
        _here = self

    def end(self, patience: float = outbox.PATIENCE) -> None:
        """Tell no more, once what waits is sent or `patience` seconds are over."""
        events.hush(self._on_event)
        if shell := get_ipython():
            with_us = shell.events.callbacks["post_run_cell"]
            if self._after_cell in with_us:
                shell.events.unregister("post_run_cell", self._after_cell)
        self.outbox.close(patience)
        self.status.value = "This cell tells the class's board nothing any more."

    def try_to_join(self) -> str:
        """Ask the board whether it takes this name by this code, then begin. Raises OSError, in words."""
        outbox.ask("GET", f"{self.card['address']}/me", class_card.headers(self.card))
        self.begin()
        if self.lesson:
            return self.in_words
        return f"{self.in_words} This notebook does not say which lesson it is: give join the lesson to tell its guess."

    # What is told

    def _is_in(self) -> bool:
        """Whether the yes still holds, which another notebook may have taken back, or given in another name."""
        card = self.outbox.card()
        return card is not None and "left" not in card and who(card) == who(self.card) and class_card.holds(card)

    def _on_event(self, kind: str, body: dict) -> None:
        global _here
        try:
            if not self._is_in():
                self.end(0)
                _here = None
            else:
                self.outbox.tell(kind, {**body, "lesson": self.lesson})
        except (OSError, sqlite3.Error, ValueError, TypeError) as error:
            self.trouble = f"An event could not be kept for the board: {error}"
            self._on_change()

    def _after_cell(self, _result=None) -> None:
        """Tell the guess, if the cell that has just run has made or changed it."""
        if not self.lesson:
            return
        for body in class_notebook.guesses():
            if self.guesses.get(body["about"], self) != body["value"]:
                self.guesses[body["about"]] = body["value"]
                self._on_event("guess", body)

    # The page

    def ask(self) -> None:
        """Show what would be sent, with a Yes and a No."""
        display(
            widgets.VBox(
                [
                    widgets.HTML(class_terms.in_html(self.card, self.lesson, next(class_notebook.guesses(), None))),
                    row(self.yes_button, self.no_button),
                    self.status,
                ]
            )
        )

    def _on_change(self) -> None:
        self.status.value = html.escape(self.in_words)

    @answering
    def _on_yes(self, _button) -> None:
        self.status.value = html.escape(self.try_to_join())
        self.yes_button.disabled = self.no_button.disabled = True
        self._after_cell()

    @answering
    def _on_no(self, _button) -> None:
        self.yes_button.disabled = self.no_button.disabled = True
        if BOARD in os.environ and not _here:  # lest the next lesson ask again
            self.outbox.keep_card({**self.card, "joined": 0.0, "left": time.time()})
        again = "from helpers import classroom; classroom.join()" if BOARD in os.environ else "classroom.join again"
        self.status.value = f"Nothing is sent. To join later, run {again}."


_here: Membership | None = None


def _ask(membership: Membership, yes: bool) -> None:
    if yes:
        print(membership.try_to_join())
        membership._after_cell()
    elif hasattr(get_ipython(), "kernel"):
        membership.ask()
    else:
        print(class_terms.in_words(membership.card, membership.lesson))
        print("To join from here, where there are no buttons, call join with yes=True.")


def _outbox(on_change=lambda: None) -> outbox.Outbox:
    return outbox.Outbox(own_folder.folder() / FILE, on_change)


def _kept_card() -> dict | None:
    return _outbox().card() if (own_folder.folder() / FILE).exists() else None
