"""One filter that the reader moves over a digit: all of it is computed and drawn on the page."""

import traitlets

from helpers.widgets.live import LiveWidget, page_look, page_side


class FilterView(LiveWidget):
    """A digit with a window on it, the window times nine numbers, their sum, and its place in the output.

    images: uint8 [digits, side, side], the bytes of all digits offered; names: what each is called. chosen: which one
    is shown. weights: the nine numbers, row by row. presets: by name, nine numbers. row, column: the place in the
    output, counted from 0. stride: pixels from one place to the next. rectified: whether what is negative becomes 0.
    Every trait may be set from either side; a place that the stride leaves no room for goes to the nearest there is.
    Taught in notebooks/10_convolution.ipynb, "One filter in your hand".
    """

    _esm = page_side("filter_view")
    _css = page_look("filter_view")

    images = traitlets.Bytes(b"").tag(sync=True)
    side = traitlets.Int(28).tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    chosen = traitlets.Int(0).tag(sync=True)
    weights = traitlets.List(traitlets.Float(), minlen=9, maxlen=9).tag(sync=True)
    presets = traitlets.Dict().tag(sync=True)
    row = traitlets.Int(0).tag(sync=True)
    column = traitlets.Int(0).tag(sync=True)
    stride = traitlets.Int(1).tag(sync=True)
    rectified = traitlets.Bool(False).tag(sync=True)

    @traitlets.validate("weights")
    def _valid(self, proposal) -> list[float]:
        if any(not abs(weight) < 1e6 for weight in proposal["value"]):
            raise traitlets.TraitError(f"A filter holds nine numbers between ±1,000,000; got {proposal['value']}.")
        return proposal["value"]
