"""A form: controls by name, their settings, presets, and the short text in which the settings travel."""

import contextlib
import json
import math
import reprlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import ipywidgets as widgets
from jsonschema import Draft202012Validator

from helpers.errors import ReaderTypeError, ReaderValueError
from helpers.labs.controls import reach_in_words


class Form:
    """Controls by name. Each is a widget, or holds several as its `parts` (see labs/layer_controls.py).

    start: the settings that presets build on. presets: by name, the settings in which each differs from `start`. kept:
    the names of settings in which no preset has a say.
    called: what the messages call it. follow: called after every change, to offer only what makes sense. folded: the
    names of settings that a page may keep folded up, since few readers turn them. can_hide: what else is on the
    page, by names that a text may hide too.
    `on_change` may be set to a function that is told the names of the settings that have changed.
    """

    def __init__(
        self,
        controls: Mapping[str, widgets.ValueWidget],
        *,
        start: Mapping[str, Any] | None = None,
        presets: Mapping[str, Mapping] | None = None,
        kept: Collection[str] = (),
        called: str = "lab",
        follow: Callable[["Form"], None] = lambda form: None,
        folded: Collection[str] = (),
        can_hide: Sequence[str] = (),
    ):
        self.controls, self.presets, self.called, self.follow = dict(controls), dict(presets or {}), called, follow
        self.start, self.kept, self.folded = dict(start or self.settings), frozenset(kept), frozenset(folded)
        self.can_hide = [*self.controls, *can_hide]
        self.hidden_names: tuple[str, ...] = ()
        self.beside: list[widgets.DOMWidget] = []  # what stands beside the controls, such as a drawing
        self.on_change: Callable[[set[str]], None] = lambda names: None
        self._held: set[str] | None = None  # the names that have changed while several are set at once
        for name, control in self.controls.items():
            control.observe(lambda _change, name=name: self._changed(name), names="value")
        follow(self)

    @property
    def settings(self) -> dict:
        """The present values, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def set(self, **settings) -> None:
        """Set any of the controls at once. Raises TypeError or ValueError, in words, and then nothing has changed."""
        values = {name: plain(value) for name, value in settings.items()}
        self._check(values, hide=False)
        with self._at_once():
            for name, value in values.items():
                self.controls[name].value = _taken(value, _schema_of(self.controls[name]))

    @property
    def offered_presets(self) -> list[str]:
        """The presets that agree with what is hidden: another would turn it on, or not be what its name says."""
        hidden = {name: self.settings[name] for name in {*self.controls}.intersection(self.hidden_names) - self.kept}
        return [
            name
            for name, preset in self.presets.items()
            if all((self.start | dict(preset))[each] == value for each, value in hidden.items())
        ]

    def use_preset(self, name: str) -> None:
        """Set every control as this preset does, but for those that are hidden or kept."""
        if name not in self.presets:
            raise ReaderValueError(f"There is no preset {name!r}; there are {', '.join(self.presets) or 'none'}.")
        settings = {**self.start, **self.presets[name]}
        self.set(**{name: settings[name] for name in settings if name not in self.kept.union(self.hidden_names)})

    def to_json(self) -> str:
        """All settings as a short text, to hand out."""
        hide = {"hide": self.hidden_names} if self.hidden_names else {}
        return json.dumps(self.settings | hide, ensure_ascii=False)

    def from_json(self, text: str) -> None:
        """Take the settings from such a text; its "hide" may list controls that the learner is not to see.

        Raises ValueError or TypeError, in one sentence, for anything else; then nothing has changed.
        """
        state = self._parsed(text)
        self._check(state, hide=True)
        self.hidden_names = tuple(state.pop("hide", ()))
        self.set(**state)
        self.follow(self)

    def parts(self, name: str) -> list[widgets.DOMWidget]:
        """The widgets of one setting."""
        control = self.controls[name]
        return getattr(control, "parts", [control])

    def on_page(self, name: str) -> list[widgets.Widget]:
        """The widgets of one setting as they stand on the page, where some share a box."""
        return getattr(self.controls[name], "page", self.parts(name))

    @property
    def shown(self) -> list[str]:
        """The names of the settings that are not hidden."""
        return [name for name in self.controls if name not in self.hidden_names]

    def knobs(self) -> dict[str, widgets.DOMWidget]:
        """The widgets that can be seen, in their order on the page, by what they are called there."""
        parts = [part for name in self.shown for part in self.parts(name)]
        return {part.description: part for part in parts if part.layout.visibility != "hidden"}

    def schema(self) -> dict:
        """What a state text may hold, as a JSON schema."""
        hide = {"type": "array", "uniqueItems": True, "items": {"enum": self.can_hide}}
        settings = {name: _schema_of(control) for name, control in self.controls.items()}
        return {"type": "object", "properties": settings | {"hide": hide}, "additionalProperties": False}

    def _changed(self, name: str) -> None:
        if self._held is None:
            self.follow(self)
            self.on_change({name})
        else:
            self._held.add(name)

    @contextlib.contextmanager
    def _at_once(self) -> Iterator[None]:
        """Several changes that are told as one."""
        self._held = set()
        try:
            yield
        finally:
            changed, self._held = self._held, None
            self.follow(self)
            if changed:
                self.on_change(changed)

    def _parsed(self, text: str) -> dict:
        should = f"The {self.called}'s state should be the text that to_json() gave"
        if not isinstance(text, str):
            raise ReaderTypeError(f"{should}; got {_short(text)}, which is no text.")
        try:
            state = json.loads(text, object_pairs_hook=_without_doubles)
        except RecursionError:
            raise ReaderValueError(f"{should}; got brackets within brackets, too many to be read.") from None
        except ValueError as error:  # among them that of the JSON reader
            raise ReaderValueError(f"{should}; {error}.") from None
        if not isinstance(state, dict):
            raise ReaderValueError(f"{should}, settings in braces; got {_short(text)}.")
        return state

    def _check(self, settings: dict, *, hide: bool) -> None:
        unknown = [name for name in settings if name not in self.controls and not (hide and name == "hide")]
        names = ", ".join(self.controls)
        if unknown:
            raise ReaderTypeError(f"The {self.called} has no setting {_short(unknown[0])}; it has {names}.")
        infinite = [name for name, value in settings.items() if isinstance(value, float) and not math.isfinite(value)]
        error = next(Draft202012Validator(self.schema()).iter_errors(settings), None)
        name = infinite[0] if infinite else error and error.absolute_path[0]
        if name == "hide":
            can_hide = ", ".join(self.can_hide)
            raise ReaderValueError(f"The {self.called} cannot hide {_short(settings['hide'])}; it has {can_hide}.")
        if name:
            can_be = reach_in_words(self.controls[name])
            raise ReaderValueError(f"The {self.called}'s {name} can be {can_be}; got {_short(settings[name])}.")


def _schema_of(control: widgets.ValueWidget) -> dict:
    if hasattr(control, "schema"):
        return control.schema
    if isinstance(control, widgets.Checkbox):
        return {"type": "boolean"}
    if hasattr(control, "options"):
        return {"enum": list(control._options_values)}
    # Not by the present value: a 10 from the page is whole until the slider has made it 10.0, and then 0.5 was refused.
    whole = getattr(control, "whole", isinstance(control.value, int))
    kind = "integer" if whole else "number"
    return {"type": kind, "minimum": control.min, "maximum": control.max}


def _taken(value, schema: Mapping):
    """A checked value as its control takes it; to JSON 8.0 is a whole number too."""
    if isinstance(value, list):
        return tuple(_taken(each, schema.get("items", {})) for each in value)
    return int(value) if schema.get("type") == "integer" else value


def plain(value):
    """A setting as JSON would write it: NumPy's numbers as numbers, a tuple as a list."""
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value.item() if hasattr(value, "item") else value


def _without_doubles(pairs: list[tuple]) -> dict:
    """An object of a JSON text. A name that stands there twice would otherwise silently have its second value."""
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        double = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"it has {_short(double)} twice")
    return dict(pairs)


class _Short(reprlib.Repr):
    def __init__(self):
        super().__init__()
        self.maxstring = self.maxother = 60
        self.maxlevel = 3
        self.maxlong = 20  # digits


def _short(value) -> str:
    """A value for a message, however long or deep it is."""
    return _Short().repr(value)[:60]
