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

    few: neurons that a slider offers unless a box, "wide layers", is ticked; all of them if it is left out. Layers that
    there are not keep their room on the page: nothing may jump under a hand that changes their number.
    """

    value = traitlets.Tuple()

    def __init__(
        self,
        neurons: Sequence[int],
        *,
        most_layers: int,
        most_neurons: int,
        layer: str = "neurons in layer",
        few: int | None = None,
        box: dict | None = None,
    ):
        self.few, self.most_neurons, self._arranging = few, most_neurons, False
        self.depth = NumberSlider(0, range(most_layers + 1), description="hidden layers")
        self.wide = widgets.Checkbox(description=f"wide layers, up to {most_neurons} neurons", **(box or {}))
        self.widths = [
            NumberSlider(min(100, few or most_neurons), _stops(few or most_neurons), description=f"{layer} {number}")
            for number in range(1, most_layers + 1)
        ]
        self.parts = [self.depth, *([self.wide] if few else []), *self.widths]
        self.page = [*self.parts[: -len(self.widths)], widgets.Box(self.widths).add_class("lab-layers")]
        self.schema = {
            "type": "array",
            "maxItems": most_layers,
            "items": {"type": "integer", "minimum": 1, "maximum": most_neurons},
        }
        self.reach = f"up to {most_layers} layers of 1 to {most_neurons} neurons, such as [8, 8]"
        super().__init__()
        self.wide.observe(self._on_wide, names="value")
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
        if self.few:
            self.wide.value = max(self.value, default=1) > self.few
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

    def _on_wide(self, _change) -> None:
        stops = _stops(self.most_neurons if self.wide.value or not self.few else self.few)
        before, self._arranging = self._arranging, True
        for slider in self.widths:
            slider.offer(stops)
        self._arranging = before
        self._gather()

    def _arrange(self) -> None:
        """Show a width for each layer there is."""
        self.wide.layout.visibility = "visible" if self.depth.value else "hidden"
        for number, slider in enumerate(self.widths, start=1):
            slider.layout.visibility = "visible" if number <= self.depth.value else "hidden"


def _stops(most: int) -> list[int]:
    """Round numbers of neurons up to `most`, every one of the first ten among them."""
    return [number for number in (*range(1, 11), *ROUND) if number <= most] + [most] * (most not in ROUND and most > 10)
