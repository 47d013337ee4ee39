"""A sweep over widths and learning rates: every cell trained once, whatever interrupts it, and a map that says so."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from helpers import data, training
from helpers.labs import sweep
from helpers.labs.sweep import Sweep, SweepMap
from helpers.plots import drawing, live
from helpers.plots.live import Place


@pytest.fixture(scope="module")
def held_out(mnist):
    return data.Dataset(mnist.train[:1000], mnist.test[:100], validation=mnist.train[1000:1500])


@pytest.fixture(scope="module")
def done(held_out):
    """A sweep with a cell of each kind: one too slow, good ones, one that diverges."""
    return Sweep(held_out, widths=[4, 30], learning_rates=[1e-4, 0.1, 30], steps=100).run()


def test_data_of_ones_own_is_swept_with_its_own_size_and_classes(mnist):
    part = mnist.train[:300]
    mine = data.from_arrays(part.images[:, ::2, ::2], part.labels % 3, validation=90)
    sweep = Sweep(mine, widths=[4], learning_rates=[0.1], steps=20).run()
    assert (sweep.designs[4].inputs, sweep.designs[4].outputs, sweep.data.classes) == (196, 3, 3)
    assert np.isfinite(sweep.accuracies).all()


def test_every_cell_is_trained_as_the_same_network_alone_would_be(done, held_out):
    assert list(done.histories) == [(width, rate) for width in (4, 30) for rate in (1e-4, 0.1, 30)]
    alone = Sweep(held_out, widths=[30], learning_rates=[0.1], steps=100).run()
    assert np.array_equal(alone.histories[30, 0.1].train_loss, done.histories[30, 0.1].train_loss)
    assert done.accuracies.shape == (2, 3)
    assert done.accuracies[1, 1] == done.histories[30, 0.1].test_accuracy[-1]


def test_it_compares_on_the_held_out_images_never_on_the_test_set(done, held_out, mnist):
    assert len(done.data.test) == 500
    assert done.data.test is held_out.validation
    with pytest.raises(ValueError, match=r"load_mnist\(validation=5000\)"):
        Sweep(mnist, widths=[10], learning_rates=[0.1])


def test_the_best_the_diverged_and_the_guessing_are_told_apart(done, monkeypatch):
    assert done.best == (30, 0.1)
    assert done.outcome((30, 0.1)) == "best"
    assert done.outcome((30, 30)) == "diverged"
    assert done.outcome((4, 0.1)) == "good"
    unknown = Sweep(data.Dataset(done.data.train, done.data.test, validation=done.data.test), widths=[5],
                    learning_rates=[0.1])  # fmt: skip
    assert (unknown.outcome((5, 0.1)), unknown.best) == ("", None)
    monkeypatch.setattr(sweep, "GUESSING", 1.1)
    assert done.outcome((4, 0.1)) == "guesses"


def test_an_extended_sweep_trains_the_new_cells_only_and_in_their_place(held_out):
    small = Sweep(held_out, widths=[30], learning_rates=[0.1], steps=50).run()
    kept = small.histories[30, 0.1]
    small.extend(widths=[4], learning_rates=[0.01]).run()
    assert small.cells == [(4, 0.01), (4, 0.1), (30, 0.01), (30, 0.1)]
    assert small.histories[30, 0.1] is kept and len(small.histories) == 4
    assert small.picture().words.count("at rate 0.1") >= 2
    with pytest.raises(ValueError, match="learning_rate"):
        small.extend(learning_rates=[-1])


def test_an_interrupted_sweep_keeps_its_cells_and_goes_on(held_out, monkeypatch, capsys):
    """The kernel's stop button raises KeyboardInterrupt in the middle of a cell."""
    new = Sweep(held_out, widths=[8], learning_rates=[0.1, 0.2, 0.3, 0.4], steps=100)
    advance, calls = training.Training._advance, []

    def interrupted(self):
        calls.append(self)
        if len({id(call) for call in calls}) == 3 and self.history.step > 0:
            raise KeyboardInterrupt
        advance(self)

    monkeypatch.setattr(training.Training, "_advance", interrupted)
    new.run()
    assert "Stopped: 2 of 4 cells are done and kept. Run this cell again to go on." in capsys.readouterr().out
    kept = dict(new.histories)
    assert len(kept) == 2
    monkeypatch.setattr(training.Training, "_advance", advance)
    new.run()
    assert capsys.readouterr().out.startswith("Going on: 2 of 4 cells are done already.\nwidth 8, learning rate 0.3: ")
    assert all(new.histories[cell] is history for cell, history in kept.items())
    assert len(new.histories) == 4 and all(run.ended == "finished" for run in new.histories.values())
    new.run()
    assert capsys.readouterr().out == "All 4 cells are done already. A new Sweep would start from the beginning.\n"


def test_the_map_fills_in_on_the_page_and_stays_as_a_picture(held_out, monkeypatch, capsys):
    said, finals = [], []
    monkeypatch.setattr(live, "on_page", lambda: True)
    monkeypatch.setattr(sweep, "FRAME", 0)
    monkeypatch.setattr(drawing, "SHARE", 1)  # no frame has to wait
    monkeypatch.setattr(live, "BUDGET", drawing.Budget())
    monkeypatch.setattr(Place, "free", True)
    monkeypatch.setattr(Place, "show", lambda self, words: setattr(self, "shown", True))
    monkeypatch.setattr(Place, "put_frame", lambda self, image, size, words: said.append(words))
    monkeypatch.setattr(Place, "replace", lambda self, picture: finals.append(picture))
    Sweep(held_out, widths=[4], learning_rates=[0.1, 0.2], steps=100).run()
    assert capsys.readouterr().out == ""
    assert "not yet done at rate 0.1, not yet done at rate 0.2" in said[0]
    assert any("% at rate 0.1, not yet done at rate 0.2" in words for words in said)
    assert len(finals) == 1 and "not yet" not in finals[0].words


def test_the_bar_of_the_cell_that_trains_grows(done):
    chart, history = SweepMap(done), done.histories[30, 0.1]
    assert not chart.bar.get_visible()
    chart.running = (30, 0.1), history
    chart.update()
    assert chart.bar.get_visible() and chart.bar.get_width() == pytest.approx(0.9)
    assert chart.bar.get_xy() == pytest.approx((1 - 0.45, 1 + 0.32))


def test_the_map_marks_by_more_than_colour_and_says_it_in_words(done):
    picture = done.picture()
    texts = [text.get_text() for text in picture.figure.axes[0].texts]
    assert sum("best" in text for text in texts) == 1
    assert sum("diverged" in text for text in texts) == sum("diverged" == done.outcome(cell) for cell in done.cells) > 0
    chart = SweepMap(done)
    for cell, hatched in zip(done.cells, chart.failures, strict=True):
        assert hatched.get_visible() == (done.outcome(cell) in ("diverged", "guesses"))
        assert hatched.get_hatch() == ("//" if done.outcome(cell) == "diverged" else "..")
    assert chart.frame.get_edgecolor() == to_rgba(sweep.VERMILION)
    assert f"{done.accuracies[1, 1]:.1%} at rate 0.1" in picture.words
    assert "Best: width 30 at learning rate 0.1." in picture.words
    assert "(diverged) at rate 30" in picture.words
    assert repr(done).startswith("6 of 6 cells done")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"learning_rates": [0]}, "learning_rate should be a finite number above 0"),
        ({"widths": [0]}, "hidden should be whole numbers of neurons"),
        ({"widths": []}, "at least one width and one learning rate"),
        ({"steps": 0}, "steps"),
    ],
)
def test_settings_that_cannot_be_trained_are_answered_before_the_first_cell(held_out, settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        Sweep(held_out, **{"widths": [10], "learning_rates": [0.1], **settings})
