"""The playground's view without a page: what it tells when the page speaks, and what it holds for a reload."""

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
