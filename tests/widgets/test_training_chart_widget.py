"""The chart's widget: what it packs for the page, and that its two halves know each other's names."""

import re

import numpy as np

from helpers.widgets.training_chart import Line, Setting, TrainingChart, columns


def test_columns_lie_one_after_the_other_as_float32():
    packed = columns(np.array([1, 2]), [0.5, 0.25])
    assert np.frombuffer(packed, np.float32).tolist() == [1, 2, 0.5, 0.25]


def test_everything_that_the_page_asks_for_is_there():
    asked = set(re.findall(r'model\.get\("(\w+)"\)', TrainingChart._esm))
    assert asked <= set(TrainingChart().keys)
    assert set(re.findall(r"setting\.(\w+)", TrainingChart._esm)) <= set(Setting.__annotations__)
    assert set(re.findall(r"\bline\.(\w+)", TrainingChart._esm)) <= set(Line.__annotations__)


def test_the_page_needs_nothing_from_a_network():
    assert "http" not in TrainingChart._esm.replace("http://www.w3.org/2000/svg", "")
    assert "http" not in TrainingChart._css and "@import" not in TrainingChart._css
