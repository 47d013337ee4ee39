"""A control of several widgets that together hold one setting: the layers of a network.

It has a `value` that can be set and observed as that of a widget, its widgets as `parts`, and what it can be, as a
JSON `schema` and in words, `reach`.
"""

from collections.abc import Sequence

import ipywidgets as widgets
import traitlets


class Layers(traitlets.HasTraits):
    """How many hidden layers and how many neurons in each: `value` is a tuple with the neurons of each layer.

    few: neurons that a slider offers unless a box, "wide layers", is ticked; all of them if it is left out.
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
        **look,
    ):
        self.few, self.most_neurons, self._arranging = few, most_neurons, False
        self.depth = widgets.IntSlider(0, min=0, max=most_layers, description="hidden layers", **look)
        self.wide = widgets.Checkbox(description=f"wide layers, up to {most_neurons} neurons", **(box or {}))
        self.widths = [
            widgets.IntSlider(few or 100, min=1, max=few or most_neurons, description=f"{layer} {number}", **look)
            for number in range(1, most_layers + 1)
        ]
        self.parts = [self.depth, *([self.wide] if few else []), *self.widths]
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
        before, self._arranging = self._arranging, True
        for slider in self.widths:
            slider.max = self.most_neurons if self.wide.value else self.few
        self._arranging = before
        self._gather()

    def _arrange(self) -> None:
        """Show a width for each layer there is."""
        self.wide.layout.display = None if self.depth.value else "none"
        for number, slider in enumerate(self.widths, start=1):
            slider.layout.display = None if number <= self.depth.value else "none"
