"""A number on a slider and in a field: the slider stops at round values, the field takes any value in its range."""

import math
from collections.abc import Sequence
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import anywidget
import traitlets

from helpers.widgets.live import HERE, with_keys

MARKS = (1, 2, 3, 5)  # the round values of a decade, about equally far apart on a logarithmic scale


class NumberSlider(anywidget.AnyWidget):
    """A number that is shown as it is used: what is typed within the range is taken exactly, anything else refused.

    value: where it stands. stops: where the slider stops, rising; whole numbers make a control that takes no others.
    description: its label. min, max: what may be typed, the first and the last stop if left out. unit: follows the
    value where it is spoken. hint: what else there is to be said of it, seen by a hand that rests on it. `value` can
    be observed like that of any widget. A value outside the range, or of another kind, raises TraitError in words, and
    then nothing has changed.
    """

    _esm = with_keys("numbers", "number_slider")
    _css = HERE / "controls.css"

    value: Any = traitlets.TraitType(0).tag(sync=True)
    stops: Any = traitlets.List().tag(sync=True)
    min = traitlets.Float().tag(sync=True)
    max = traitlets.Float().tag(sync=True)
    whole = traitlets.Bool().tag(sync=True)
    description = traitlets.Unicode("").tag(sync=True)
    unit = traitlets.Unicode("").tag(sync=True)
    hint = traitlets.Unicode("").tag(sync=True)
    disabled = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        value: float,
        stops: Sequence[float],
        *,
        description: str = "",
        min: float | None = None,
        max: float | None = None,
        unit: str = "",
        disabled: bool = False,
    ):
        super().__init__(
            value=value,
            stops=list(stops),
            min=stops[0] if min is None else min,
            max=stops[-1] if max is None else max,
            whole=all(isinstance(stop, Integral) for stop in stops),
            description=description,
            unit=unit,
            disabled=disabled,
        )
        self.add_class("number-slider")

    @property
    def reach(self) -> str:
        """What may be typed, in words."""
        return f"{in_words(self.min, self.whole)} to {in_words(self.max, self.whole)}"

    @property
    def label(self) -> str:
        """The value in words, as the page shows it."""
        return in_words(self.value, self.whole)

    def offer(self, stops: Sequence[float]) -> None:
        """Stop at other values, whose first and last are the range from now on; a value beyond goes to its end."""
        self.value = min(max(self.value, stops[0]), stops[-1])
        self.min, self.max, self.stops = stops[0], stops[-1], list(stops)

    def settle(self) -> None:
        """Have the page forget what was typed and not taken, and show the value again."""
        self.send({"settle": True})

    @traitlets.validate("value")
    def _valid(self, proposal) -> float:
        value = proposal["value"]
        is_number = not isinstance(value, bool) and isinstance(value, Real) and math.isfinite(value)
        fits = is_number and self.min <= value <= self.max and (not self.whole or value == int(value))
        if not fits:
            got = f"{value:g}" if is_number else f"{value!r:.60}"
            kind = "a whole number" if self.whole else "a number"
            raise traitlets.TraitError(f"{self.description or 'This'} can be {kind} from {self.reach}; got {got}.")
        return int(value) if self.whole else float(value)


def decades(low: float, high: float) -> list[float]:
    """Round values from `low` to `high`, both of them powers of ten: 1, 2, 3 and 5 in each decade."""
    first, last = round(math.log10(low)), round(math.log10(high))
    return [float(f"{mark}e{exponent}") for exponent in range(first, last) for mark in MARKS] + [float(f"1e{last}")]


def even(low: float, high: float, step: float) -> list[float]:
    """Values from `low` to `high` at equal distances, without the crumbs of binary fractions: 0.3, not 0.30…04."""
    return [round(low + step * number, 12) for number in range(round((high - low) / step) + 1)]


def in_words(value: float, whole: bool) -> str:
    """A number as the page writes it: 10,000 if it is whole, and else all its digits but no more, as 0.3 or 0.00001."""
    if whole:
        return f"{int(value):,}"
    short = f"{value:g}"
    exact = short if float(short) == value else repr(float(value))
    return f"{Decimal(exact):f}" if "e-" in exact and abs(value) >= 1e-6 else exact
