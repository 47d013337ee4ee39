"""The digit pad as a widget: ink from the page, and what each network says of it from the kernel."""

from collections.abc import Callable
from typing import TypedDict

import traitlets

from helpers.widgets.live import LiveWidget, page_look, page_side


class Answer(TypedDict):
    """What one network says of the ink: its name, and the probability that it gives to each of the ten digits."""

    name: str
    probabilities: list[float]


class DigitPad(LiveWidget):
    """A pad to draw on, the image that the networks see of it, and ten bars for each network.

    ink: a byte for each of `dots` × `dots` dots, 0 for paper to 255 for ink; either side may put another. centred:
    whether the networks see it centred and scaled as MNIST's images are. example: whether the ink is ours, and gives
    way to the reader's first stroke. image: what the networks see, a byte a pixel. answers: for each network. words:
    the answers in words. kept: the learner's own digits that are kept, in words; kept_images: 784 bytes for each.
    Tells `on_ink` that ink or `centred` is another, and `on_wish` what was asked for, by one of the names
    "example", "meant" (with a digit), "again" and "forget" (with the number of a kept digit), "picture" and "held"
    (whether hand or focus rest on the pad).
    """

    _esm = page_side("digit_pad_ink", "digit_pad_hand", "digit_pad_answers", "digit_pad_kept", "digit_pad")
    _css = page_look("digit_pad")

    # The page sends ink as a view of memory, not as bytes. It needs no echo: it has drawn it already.
    ink = traitlets.Bytes(b"").tag(sync=True, echo_update=False, from_json=lambda value, _widget: bytes(value))
    centred = traitlets.Bool(True).tag(sync=True)
    example = traitlets.Bool(False).tag(sync=True)
    dots = traitlets.Int(112).tag(sync=True)
    image = traitlets.Bytes(b"").tag(sync=True)
    answers = traitlets.List(traitlets.Dict()).tag(sync=True)
    words = traitlets.Unicode("").tag(sync=True)
    kept = traitlets.List(traitlets.Unicode()).tag(sync=True)
    kept_images = traitlets.Bytes(b"").tag(sync=True)

    def __init__(self, **traits):
        self.on_ink: Callable[[], None] = lambda: None
        self.on_wish: Callable[[str, int], None] = lambda wish, number: None
        super().__init__(**traits)
        self.observe(lambda _change: self.on_ink(), names=["ink", "centred"])
        self.on_msg(self._on_hand)

    def _on_hand(self, _widget, content: dict, _buffers) -> None:
        if "wish" in content:
            self.on_wish(content["wish"], int(content.get("number", 0)))
