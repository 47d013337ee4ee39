"""The playground's view: the kernel sends numbers, the page draws them and says what the reader does with them."""

from collections.abc import Callable

import traitlets

from helpers.widgets.live import LiveWidget, page_look, page_side


def numbers() -> traitlets.Bytes:
    """A trait for an array that the page reads from its bytes."""
    return traitlets.Bytes(b"").tag(sync=True)


class PlaygroundView(LiveWidget):
    """A small network on the page: neurons with their maps, links, the large map with the points, the curves.

    hidden, features: what the reader wants the network to be; they may be set from either side, and come back to the
    page by `design` once the network is so. All arrays travel as the bytes of int8 (maps, −127 to 127 for −1 to 1) or
    float32 (the rest), in the order of their shapes:
    feature_maps [offered features, thumbnail, thumbnail], maps [neurons shown and the output, thumbnail, thumbnail],
    large [side, side], the map of the neuron `large_of`, points [n, 3], the first `learned` of them to learn from,
    weights and biases layer by layer, curves [rows, 5].
    Tells `on_look` the neuron that the reader looks at ("2:3", "output" or a feature), `on_edit` a number that the
    reader has typed ({"layer", "from", "to", "value"}; without "from" a bias), `on_held` whether hand or focus rest
    on the view: then nobody should put another one in its place.
    """

    _esm = page_side("numbers", *(f"playground_{part}" for part in ("drawing", "picture", "layers", "editor", "view")))
    _css = page_look("playground_view")

    hidden = traitlets.List(traitlets.Int()).tag(sync=True)
    features = traitlets.List(traitlets.Unicode()).tag(sync=True)
    offered = traitlets.Dict().tag(sync=True)  # all features, the most layers and neurons, and what is fixed
    design = traitlets.Dict().tag(sync=True)  # of the network that is drawn
    feature_maps, maps, large = numbers(), numbers(), numbers()
    weights, biases, points, curves = numbers(), numbers(), numbers(), numbers()
    large_of = traitlets.Unicode("output").tag(sync=True)
    learned = traitlets.Int(0).tag(sync=True)
    until = traitlets.Int(500).tag(sync=True)  # where the axis of the curves ends
    line = traitlets.Unicode("").tag(sync=True)  # how it goes, above the picture
    discretise = traitlets.Bool(False).tag(sync=True)

    def __init__(self, **traits):
        self.on_look: Callable[[str], None] = lambda neuron: None
        self.on_edit: Callable[[dict], None] = lambda edit: None
        self.on_held: Callable[[bool], None] = lambda held: None
        super().__init__(**traits)
        self.on_msg(self._on_hand)

    def settle(self) -> None:
        """Have the page forget what was typed and not taken, and show the numbers of the network again."""
        self.send({"settle": True})

    def _on_hand(self, _widget, content: dict, _buffers) -> None:
        for name, tell in (("look", self.on_look), ("edit", self.on_edit), ("held", self.on_held)):
            if name in content:
                tell(content[name])
