"""Frames that the page acknowledges, its looks, and what is sent to it; with and without the kernel's private hook."""

import pytest

from helpers.widgets import live
from helpers.widgets.live import LiveWidget
from helpers.widgets.live_picture import LivePicture


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock that stands until it is moved."""
    now = [100.0]
    monkeypatch.setattr(live.time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(live, "LATEST_LOOKS", {})
    return now


def says(widget, **content):
    """Let the page say something."""
    widget._handle_custom_msg(content, [])


def test_two_frames_are_under_way_and_the_next_waits_for_one_to_be_seen():
    widget = LiveWidget()
    for number in (1, 2):
        assert widget.free
        widget.put(alt=f"frame {number}")
    assert not widget.free
    says(widget, seen=1)
    assert widget.free
    widget.put(alt="frame 3")
    says(widget, seen=1)  # a second page that lags behind
    assert not widget.free and (widget.alt, widget.number) == ("frame 3", 3)


def test_a_page_that_says_nothing_sets_a_slow_pace(clock):
    widget = LiveWidget()
    for _ in range(3):
        for _ in range(2):
            widget.put(alt="unseen")
        clock[0] += 0.9 * live.PATIENCE
        assert not widget.free
        clock[0] += 0.2 * live.PATIENCE
        assert widget.free


def test_a_second_page_that_lags_behind_does_not_undo_what_the_first_has_seen():
    widget = LiveWidget()
    for _ in range(2):
        widget.put()
    says(widget, seen=2)
    says(widget, seen=0)
    assert widget.seen == 2


def test_new_looks_are_told_once_and_the_next_widget_begins_with_them():
    widget, told = LiveWidget(), []
    widget.on_looks = lambda: told.append((widget.dark, widget.density, widget.room))
    says(widget, dark=False, density=1)
    assert told == []
    says(widget, dark=True, density=2)
    says(widget, dark=True, density=2)
    says(widget, room=800)
    assert told == [(True, 2, 0), (True, 2, 800)]
    following = LiveWidget()
    assert (following.dark, following.density, following.room) == (True, 2, 0)  # it is not enlarged itself


def test_a_frame_is_one_message_with_its_number_and_all_that_belongs_to_it(monkeypatch):
    sent = []
    widget = LivePicture()
    monkeypatch.setattr(widget, "send_state", lambda key=None: sent.append({*key}))
    widget.put(image=b"JPEG", mime="image/jpeg", width=3, height=2, alt="a digit")
    assert sent == [{"image", "mime", "width", "height", "alt", "number"}]


def test_the_page_finds_the_image_again_after_a_reload():
    widget = LivePicture()
    widget.put(image=b"PNG", alt="a digit")
    state = widget.get_state()
    assert (bytes(state["image"]), state["alt"], state["number"]) == (b"PNG", "a digit", 1)


@pytest.mark.parametrize("has_hook", [True, False], ids=["with the private hook", "without it"])
def test_the_hook_of_the_kernel_is_taken_where_there_is_one(has_hook):
    class Comm:
        pass

    class Hooked(Comm):
        def _reply_subshell_for(self, data, default):
            return "the shell that sent"

    widget = type("Widget", (), {"comm": (Hooked if has_hook else Comm)()})()
    live.answer_in_the_page_s_own_thread(widget)
    if has_hook:
        assert widget.comm._reply_subshell_for({}, "the page's choice") == "the page's choice"
    else:
        assert not hasattr(widget.comm, "_reply_subshell_for")


def test_both_halves_are_in_the_page_side():
    text = live.page_side("live_picture")
    assert text.index("function followPage") < text.index("export default")
    assert text.count("export default") == 1 and "http" not in text
