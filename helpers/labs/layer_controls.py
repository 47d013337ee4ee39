"""A control of several widgets that together hold one setting: the layers of a network.

It has a `value` that can be set and observed as that of a widget, its widgets as `parts`, and what it can be, as a
JSON `schema` and in words, `reach`. Layers also have their `page`: the parts as they stand there.
"""

from collections.abc import Sequence

import ipywidgets as widgets
import traitlets

from helpers.widgets.number_slider import NumberSlider

ROUND = (12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 250, 300, 400, 500)  # neurons at which a slider stops


class Layers(traitlets.HasTraits):
    """How many hidden layers and how many neurons in each: `value` is a tuple with the neurons of each layer.

    Layers that there are not keep their room on the page: nothing may jump under a hand that changes their number.
    """

    value = traitlets.Tuple()

    def __init__(
        self,
        neurons: Sequence[int],
        *,
        most_layers: int,
        most_neurons: int,
    ):
        self._arranging = False
        self.depth = NumberSlider(0, range(most_layers + 1), description="hidden layers")
        stops = _stops(most_neurons)
        self.widths = [
            NumberSlider(min(100, most_neurons), stops, description=f"neurons in layer {number}")
            for number in range(1, most_layers + 1)
        ]
        self.parts = [self.depth, *self.widths]
        self.page = [self.depth, widgets.Box(self.widths).add_class("lab-layers")]
        self.schema = {
            "type": "array",
            "maxItems": most_layers,
            "items": {"type": "integer", "minimum": 1, "maximum": most_neurons},
        }
        self.reach = f"up to {most_layers} layers of 1 to {most_neurons} neurons, such as [8, 8]"
        super().__init__()
        for part in (self.depth, *self.widths):
            part.observe(self._gather, names="value")
        self.value = tuple(neurons)
        self._spread()

    @traitlets.observe("value")
    def _spread(self, _change=None) -> None:
        """Set the widgets to the value."""
        if self._arranging:
            return
        self._arranging = True
        self.depth.value = len(self.value)
        for slider, neurons in zip(self.widths, self.value, strict=False):
            slider.value = neurons
        self._arranging = False
        self._arrange()

    def _gather(self, _change=None) -> None:
        """Set the value to what the widgets say."""
        if self._arranging:
            return
        self._arranging = True
        self.value = tuple(slider.value for slider in self.widths[: self.depth.value])
        self._arranging = False
        self._arrange()

    def _arrange(self) -> None:
        """Show a width for each layer there is."""
        for number, slider in enumerate(self.widths, start=1):
            slider.layout.visibility = "visible" if number <= self.depth.value else "hidden"


def _stops(most: int) -> list[int]:
    """Round numbers of neurons up to `most`, every one of the first ten among them."""
    return [number for number in (*range(1, 11), *ROUND) if number <= most] + [most] * (most not in ROUND and most > 10)
