"""The playground's view without a page: what it tells when the page speaks, and what it holds for a reload."""

import json
import re

import numpy as np
import pytest

from helpers.widgets.playground_view import PlaygroundView


@pytest.fixture
def view():
    return PlaygroundView(offered={"features": ["x1", "x2"], "layers": 6, "neurons": 50, "fixed": []})


def test_what_the_hand_does_is_told(view):
    told = []
    view.on_look, view.on_edit, view.on_held = (lambda what, name=name: told.append((name, what)) for name in "leh")
    edit = {"layer": 1, "from": 0, "to": 2, "value": 0.5}
    for content in ({"look": "1:2"}, {"edit": edit}, {"held": True}, {"seen": 3}, {"held": False}):
        view._handle_custom_msg(content, [])
    assert told == [("l", "1:2"), ("e", edit), ("h", True), ("h", False)]
    assert view.seen == 3


def test_a_frame_is_there_for_a_page_that_is_opened_later(view):
    view.put(maps=b"\x01\x02", weights=b"\0" * 8, line="step 5")
    state = view.get_state()
    assert (state["maps"], state["line"], state["number"]) == (b"\x01\x02", "step 5", 1)
    assert not {"seen", "held", "looked_at"} & set(state)


def test_the_page_s_side_stands_alone():
    """It is one file without imports, since lessons are opened without a network."""
    assert "import " not in PlaygroundView._esm.replace("import of", "") and "http" not in PlaygroundView._esm
    assert PlaygroundView._esm.count("export default") == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_written_on_the_ends_of_the_scale_can_be_read(theme):
    """Its contrast is at least 4.5, as WCAG 2.1 asks in 1.4.3; of the colours of a canvas no other tool knows."""
    words = re.search(rf"{theme}: (\{{.*?\}})", PlaygroundView._esm, re.DOTALL)[1]
    ends = {name: np.array(json.loads(numbers)) for name, numbers in re.findall(r"(\w+): (\[[^\]]*\])", words)}
    strength = float(re.search(r"strength: ([0-9.]+)", words)[1])
    ink = np.array([int(part, 16) for part in re.search(r'ink: "#(..)(..)(..)"', words).groups()])
    for end in (ends["orange"], ends["blue"]):
        ground = ends["white"] + (end - ends["white"]) * strength
        low, high = sorted([luminance(ground), luminance(ink)])
        assert (high + 0.05) / (low + 0.05) >= 4.5


def luminance(colour):
    """How light a colour is, from 0 to 1, as WCAG has it."""
    share = colour / 255
    linear = np.where(share <= 0.03928, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]
