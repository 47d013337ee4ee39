"""What every widget that is shown in frames shares: frames that the page acknowledges, its looks, its words."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent
UNDER_WAY = 2  # frames sent and not yet seen; with one alone the page would wait for each message's way back
PATIENCE = 1.0  # seconds after which a frame that nobody acknowledged counts as seen: the page may be hidden, or gone
# What pages said last: a new widget is most likely shown on the same one, and need not be drawn twice.
LATEST_LOOKS: dict[str, float] = {}


def page_side(*names: str) -> str:
    """The JavaScript of a widget: what all share, and its own files."""
    return with_keys("live", *names)


def with_keys(*names: str) -> str:
    """The JavaScript in these files, one after the other, and before it what says which keys are a widget's own."""
    return "\n".join((HERE / f"{part}.js").read_text(encoding="utf-8") for part in ("keys", *names))


def page_look(name: str) -> str:
    """The stylesheet of a widget: what all share, and its own file."""
    return "\n".join((HERE / f"{part}.css").read_text(encoding="utf-8") for part in ("live", name))


class LiveWidget(anywidget.AnyWidget):
    """A widget that is shown one frame after the other, the newest only.

    alt: what is seen, in words. said: what a screen reader is to announce. number: of the newest frame; a change of it
    tells the page that all other traits of this frame are there. `dark`, `density`, `room`: the page's theme, its
    pixels for each CSS pixel, and the width in CSS pixels that an enlarged picture has, 0 if it is not enlarged.
    `delay`: seconds that the latest frame took to the page and back. `on_looks` may be set to a function that is
    called, in whatever thread, when one of these has changed.
    """

    alt = traitlets.Unicode("").tag(sync=True)
    said = traitlets.Unicode("").tag(sync=True)
    number = traitlets.Int(0).tag(sync=True)

    def __init__(self, **traits):
        self.dark = bool(LATEST_LOOKS.get("dark", False))
        self.density, self.room = LATEST_LOOKS.get("density", 1.0), 0.0
        self.on_looks: Callable[[], None] = lambda: None
        self.seen, self.sent, self.delay = 0, 0.0, 0.0
        self.changing = threading.RLock()  # a frame is put from the thread that trains, or from a control's callback
        super().__init__(**traits)
        self.on_msg(self._on_page_message)
        answer_in_the_page_s_own_thread(self)

    @property
    def free(self) -> bool:
        """Whether the page has seen what it was sent, but for one frame that is on its way."""
        return self.number - self.seen < UNDER_WAY or time.perf_counter() - self.sent > PATIENCE

    def put(self, **traits) -> None:
        """Show a frame: these traits, all at once."""
        with self.changing, self.hold_sync():
            for name, value in traits.items():
                setattr(self, name, value)
            self.number += 1
            self.sent = time.perf_counter()

    def _on_page_message(self, _widget, content: dict, _buffers) -> None:
        if "seen" in content:
            self.seen = max(self.seen, content["seen"])  # a second page may lag behind the first
            if self.seen == self.number:
                self.delay = time.perf_counter() - self.sent
        looks = {name: content[name] for name in ("dark", "density", "room") if name in content}
        LATEST_LOOKS.update({name: value for name, value in looks.items() if name != "room"})
        if any(getattr(self, name) != value for name, value in looks.items()):
            for name, value in looks.items():
                setattr(self, name, value)
            self.on_looks()


def answer_in_the_page_s_own_thread(widget: anywidget.AnyWidget) -> None:
    """Let what the page says be heard while a cell runs, where ipykernel can do that.

    JupyterLab sends a widget's messages to a thread of their own, a subshell; ipykernel 7.4 has the answers to what a
    widget sent come to the thread that sent it, which may be busy training. This takes the page's own choice. It is a
    private hook: where it does not exist acknowledgements come late, and PATIENCE sets the pace.
    """
    if hasattr(widget.comm, "_reply_subshell_for"):
        widget.comm._reply_subshell_for = lambda data, default: default
