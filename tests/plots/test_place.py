"""A place on the page: what its widget shows, what the notebook keeps, and how it follows the page's looks."""

import base64
import io
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from helpers.plots import drawing, live, loss
from helpers.plots.drawing import DRAWER
from helpers.plots.style import DARK, PAPER
from helpers.plots.training_chart import TrainingChart
from helpers.widgets.live import LATEST_LOOKS
from tools.execute import WIDGET_VIEW, is_bare_widget


@pytest.fixture
def kept(monkeypatch):
    """What the notebook keeps of each output, the latest last."""
    bundles = []
    for name in ("display", "update"):
        monkeypatch.setattr(
            live.DisplayHandle, name, lambda _handle, data, metadata=None, raw=False: bundles.append((data, metadata))
        )
    LATEST_LOOKS.clear()
    yield bundles
    DRAWER.wait()
    LATEST_LOOKS.clear()


@pytest.fixture
def place(kept):
    place = live.Place()
    place.show(loss.cross_entropy(0.5))
    return place


def page_says(place, **content):
    place.widget._handle_custom_msg(content, [])
    DRAWER.wait()


def shown(place):
    return Image.open(io.BytesIO(place.widget.image)).convert("RGB")


def paper(image):
    return "#{:02x}{:02x}{:02x}".format(*image.getpixel((2, 2)))


def test_the_notebook_keeps_the_widget_the_picture_and_its_words(place, kept):
    ((data, metadata),) = kept
    assert data[WIDGET_VIEW]["model_id"] == place.widget.model_id
    words = place.picture.words
    assert " ".join(data["text/plain"].split()) == words == place.widget.alt == metadata["image/png"]["alt"]
    assert f'alt="{words}"' in data["text/html"] and data["image/png"] in data["text/html"]
    assert not is_bare_widget(data)
    size = {"width": place.widget.width, "height": place.widget.height}
    assert size.items() <= metadata["image/png"].items()


def test_words_in_html_cannot_become_markup():
    picture = loss.cross_entropy(0.5)
    picture.words = 'x < 3 & "y"'
    assert 'alt="x &lt; 3 &amp; &quot;y&quot;"' in picture.bundle()[0]["text/html"]


def test_an_empty_place_leaves_nothing_but_its_widget_which_make_execute_drops(kept):
    place = live.Place()
    place.show(words="The chart appears with the first steps.")
    ((data, _),) = kept
    assert data["text/plain"] == place.widget.alt == "The chart appears with the first steps."
    assert is_bare_widget(data)


def test_what_rests_is_drawn_again_for_the_pages_theme_density_and_room(place, kept):
    light = shown(place)
    assert paper(light) == PAPER and light.width == place.widget.width
    page_says(place, dark=True, density=2)
    assert paper(shown(place)) == DARK[PAPER] and shown(place).width == 2 * light.width
    page_says(place, room=800)
    assert shown(place).width == pytest.approx(1600, abs=2)
    page_says(place, dark=False, density=1, room=0)
    assert np.array_equal(np.asarray(shown(place)), np.asarray(light))
    assert {png(data) for data, _ in kept} == {png(kept[0][0])}  # the notebook's own is always light


def png(data):
    return base64.b64decode(data["image/png"])


def test_what_the_notebook_keeps_waits_until_the_picture_is_no_longer_enlarged(place, kept):
    page_says(place, room=800)
    place.replace(loss.cross_entropy(0.25))
    assert "0.25" in place.widget.alt and place.widget.said == place.widget.alt
    assert len(kept) == 1
    page_says(place, room=0)
    assert len(kept) == 2 and "0.25" in kept[-1][0]["text/plain"]


def test_while_a_slider_moves_the_notebook_keeps_only_where_it_stops(place, kept, monkeypatch):
    at_rest = {}
    monkeypatch.setattr(live, "DRAWER", SimpleNamespace(at_rest=at_rest.__setitem__))
    for probability in (0.2, 0.3, 0.4):
        place.replace(loss.cross_entropy(probability), at_rest=False)
    assert len(kept) == 1
    at_rest.pop(place)()
    assert len(kept) == 2 and "0.4" in kept[-1][0]["text/plain"]


class Chart:
    """A chart whose one moving line is a number of steps long."""

    def __init__(self):
        self.steps, self.figure = 0, TrainingChart([]).figure
        (self.line,) = self.figure.axes[0].plot([], [])
        self.moving, self.words = [self.line], ""

    def update(self):
        self.steps += 1
        self.line.set_data([0, self.steps], [0, 1])
        self.words = f"{self.steps} steps."

    def picture(self):
        return live.Picture(self.figure, self.words)


def test_frames_take_up_new_looks_and_the_final_picture_stays(place, monkeypatch):
    monkeypatch.setattr(drawing, "SHARE", 1)
    monkeypatch.setattr(live, "BUDGET", drawing.Budget())
    frames = live.Frames(Chart(), place, every=0)
    assert frames.show()
    assert place.widget.mime == "image/jpeg" and place.picture is None and place.widget.alt == "1 steps."
    page_says(place, seen=place.widget.number, dark=True, density=1.5)
    assert place.widget.alt == "1 steps."  # a frame in motion is not drawn again: the next one is in the new theme
    assert frames.show()
    assert max(shown(place).getpixel((2, 2))) < 25 and shown(place).width == pytest.approx(8.6 * 96 * 1.5, abs=2)
    assert [frames.show(), frames.show()] == [True, False]  # two are under way
    assert frames.show(final=True)
    assert place.widget.mime == "image/png" and paper(shown(place)) == DARK[PAPER]
    page_says(place, dark=False)
    assert paper(shown(place)) == PAPER


def test_a_table_is_a_widget_too_and_keeps_its_html(kept):
    place = live.TablePlace()
    place.replace({"text/html": "<p>unseen</p>", "text/plain": "unseen"})
    assert kept == []
    place.show({"text/html": "<p>none</p>", "text/plain": "none"})
    place.replace({"text/html": "<p>one</p>", "text/plain": "one"})
    (first, _), (second, _) = kept
    assert place.widget.value == second["text/html"] == "<p>one</p>"
    assert first[WIDGET_VIEW] == second[WIDGET_VIEW] and not is_bare_widget(second)
