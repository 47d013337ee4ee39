"""The digit pad: draw a digit, and every network that is kept says at once what it reads."""

import html
from collections.abc import Mapping

import ipywidgets as widgets
import numpy as np

from helpers import data
from helpers.errors import ReaderValueError
from helpers.labs.controls import answering
from helpers.own import handwriting, kept_digits, kept_networks
from helpers.own.frozen_networks import FrozenNetwork
from helpers.own.kept_digits import KeptDigit
from helpers.own.kept_networks import keep
from helpers.plots import handwriting as pictures
from helpers.plots.drawing import DRAWER
from helpers.plots.live import OutputPlace, Place, view_of
from helpers.plots.style import Picture
from helpers.widgets import digit_pad as widget
from helpers.widgets.status import Status

__all__ = ["DigitPad", "keep"]

NO_NETWORK = 'No network is kept yet. Train one, then run digit_pad.keep(network, "mine") and this cell again.'
TOO_SMALL = " It is drawn small, so its lines become thick: try a larger one."


class DigitPad:
    """A pad to draw on, what the networks see of it, and what each of them says; digits that were misread are kept.

    networks: `FrozenNetwork`s by name; if left out, all that are kept among the learner's own files. The pad begins
    with a digit of the test set, which gives way to the first stroke. What is drawn is heard while a cell runs, where
    the kernel can do that.
    Taught in notebooks/00_start_here.ipynb, "Your own digit".
    """

    def __init__(self, networks: Mapping[str, FrozenNetwork] | None = None):
        self.given = networks
        self.networks: dict[str, FrozenNetwork] = {}
        self.digits: list[KeptDigit] = []
        self.view, self.status = widget.DigitPad(dots=handwriting.DOTS, example=True), Status()
        self.place, self.below = OutputPlace(), Place()
        self.held = False  # whether hand or focus rest on the pad
        self.unkept = False  # whether the notebook lacks the present still picture
        self.examples = _test_digits()
        self._look_for_networks()
        self._show_digits()
        self.view.ink = handwriting.on_pad(next(self.examples)).tobytes()
        self._answer()
        self.view.on_ink, self.view.on_wish = self._on_ink, self._on_wish

    @property
    def ink(self) -> np.ndarray:
        """What is on the pad: uint8 [112, 112], 0 for paper to 255 for ink."""
        return np.frombuffer(self.view.ink, np.uint8).reshape(handwriting.DOTS, handwriting.DOTS)

    @property
    def image(self) -> np.ndarray:
        """What the networks see of it: uint8 [28, 28]."""
        return handwriting.as_mnist(self.ink) if self.view.centred else handwriting.as_it_lies(self.ink)

    @property
    def answers(self) -> dict[str, np.ndarray]:
        """The probabilities [10] that each network gives to the ten digits; none while there is nothing on the pad."""
        image = self.image.reshape(-1) / 255
        return {name: each.probabilities(image) for name, each in self.networks.items()} if image.any() else {}

    def picture(self) -> Picture:
        """The digit and the answers as a still picture."""
        return pictures.answers(self.image, self.answers)

    def keep_misread(self, meant: int) -> None:
        """Keep what is on the pad among the learner's digits, as one that was meant to be a `meant`."""
        if not self.image.any():
            raise ReaderValueError("There is nothing on the pad: draw a digit first.")
        taken_for = {name: int(each.argmax()) for name, each in self.answers.items()}
        digit = KeptDigit(self.image, meant, taken_for)
        kept_digits.keep([*kept_digits.everything(), digit])
        self._show_digits()
        self.view.said = f"Kept: {digit.words}."

    # What the page shows

    def _look_for_networks(self) -> None:
        self.networks, wrong = kept_networks.everything() if self.given is None else (dict(self.given), [])
        self.status.value = "".join(f'<p role="alert">{html.escape(each)}</p>' for each in wrong)

    def _answer(self) -> None:
        """Ask every network about the ink as it is now, and put it on the page."""
        image, answers = self.image, self.answers
        if not self.networks:
            words = NO_NETWORK
        elif not answers:
            words = "The pad is empty: draw a digit."
        else:
            words = pictures.in_words(answers) + TOO_SMALL * (self.view.centred and handwriting.is_small(self.ink))
        nothing = np.zeros(10)
        shown = [{"name": name, "probabilities": answers.get(name, nothing).tolist()} for name in self.networks]
        self.view.put(image=image.tobytes(), answers=shown, words=words, said=words, alt=words)

    @answering
    def _show_digits(self) -> None:
        self.digits = kept_digits.everything()
        self.view.kept_images = b"".join(each.image.tobytes() for each in self.digits)
        self.view.kept = [each.words for each in self.digits]

    def _ipython_display_(self) -> None:
        box = widgets.VBox([self.view, self.status])
        self.shown_view = view_of(box)
        self.box = box  # the page finds it as long as it is held
        self.place.show(*self._bundle())
        self.below.show()

    def _bundle(self) -> tuple[dict, dict]:
        still, metadata = self.picture().bundle()
        return self.shown_view | still, metadata

    def _keep_still(self) -> None:
        """Let the notebook keep the present picture. JupyterLab makes the view anew then, so not under a hand."""
        if self.unkept and not self.held:
            self.unkept = False
            self.place.replace(*self._bundle())

    # What the reader does

    @answering
    def _on_ink(self) -> None:
        if not any(self.view.ink):
            self._look_for_networks()  # some may have been kept since
        self._answer()
        self.unkept = self.place.shown

    @answering
    def _on_wish(self, wish: str, number: int) -> None:
        if wish == "held":
            self.held = bool(number)
            if self.unkept and not self.held:
                DRAWER.at_rest(self, self._keep_still)
        elif wish == "example":
            self._put(next(self.examples))
        elif wish == "again" and number < len(self.digits):
            self._put(self.digits[number].image)
        elif wish == "meant":
            self.keep_misread(number)
        elif wish == "forget" and number < len(self.digits):
            kept_digits.forget(self.digits[number])
            self._show_digits()
        elif wish == "picture" and self.digits:
            self.below.replace(pictures.changes(self.digits, self.networks))

    def _put(self, image: np.ndarray) -> None:
        self.view.example = False
        self.view.ink = handwriting.on_pad(image).tobytes()


def _test_digits():
    """Images of the test set without end, in an order that is always the same: [28, 28] each."""
    images = data.load_mnist().test.images
    while True:
        yield from images[np.random.default_rng(0).permutation(len(images))]
