"""The remedy lab and its explorers in a real JupyterLab: remedies are chosen, compared, and judged by validation."""

import re

import pytest
from playwright.sync_api import expect
from reader import (
    LIVE,
    a_new_frame_comes,
    bench,
    chart_in,
    field,
    it_moves,
    no_complaints,
    run_all,
    slider,
    type_value,
    unfold,
)

LAB = """from helpers import data
from helpers.labs.remedy_lab import RemedyLab
bench = RemedyLab(data.load_mnist(validation=5000))
bench"""
EXPLORERS = """from helpers import data
from helpers.labs import remedy_explorers
from helpers.networks import Design, Network
import numpy as np
mnist = data.load_mnist(validation=1000)
image, network = mnist.validation.images[0], Network(Design(activation="ReLU", std=0.1))
remedy_explorers.dropout_explorer(network, image)"""
MOVED = 'remedy_explorers.shift_explorer(image, 4, {"plain": network, "moved": network})'
SHRUNK = """W = network.weights[0].numpy()
remedy_explorers.l2_explorer({0.0: W, 0.001: W / 2, 0.01: W / 9}, [0.92, 0.94, 0.93], [0.4, 0.2, 0.3], first=0.0)"""

pytestmark = pytest.mark.timeout(900)


def press(area, name: str) -> None:
    """Click the button of this name."""
    area.get_by_role("button", name=re.compile(f"^\\W*{name}$")).click()


def runs(area):
    """The rows of the table of runs, the heading included."""
    return area.locator("table").last.locator("tr")


@pytest.mark.slow
def test_remedies_are_compared_by_validation_and_the_gap_is_seen(open_cells):
    page = open_cells(LAB, name="remedies.ipynb")
    run_all(page)
    area = bench(page)
    for number, preset in enumerate(("plain", "shift and L2"), start=1):
        press(area, preset)
        expect(field(area, "training images")).to_have_value("5,000")  # what is typed comes after the preset
        type_value(area, "steps", "400")
        type_value(area, "training images", "700")
        press(area, "Train")
        expect(runs(area)).to_have_count(number + 1)
        expect(area.get_by_role("button", name="Train")).to_be_enabled()
    expect(runs(area).first).to_contain_text("validation accuracy")
    expect(runs(area).last).to_contain_text(re.compile(r"700.*0\.001.*1.*\d\d\.\d%"))
    expect(area.locator(LIVE)).to_have_attribute(
        "alt", re.compile(r"Accuracy .* on [\d,]+ images that it learns from, .* on [\d,]+ validation images")
    )
    expect(chart_in(area).locator("canvas")).to_have_attribute(
        "aria-label", re.compile("validation accuracy goes from")
    )
    assert area.get_by_text(re.compile("test (accuracy|loss)")).count() == 0
    no_complaints(page)


@pytest.mark.slow
def test_every_remedy_can_be_turned_in_mid_run_and_takes_effect_with_the_next(open_cells):
    page = open_cells(LAB, name="turned.ipynb")
    run_all(page)
    area = bench(page)
    slider(area, "steps").press("End")
    press(area, "Train")
    it_moves(chart_in(area))
    area.get_by_label("size of the weights").check()
    a_new_frame_comes(area.locator(LIVE).last)
    unfold(area)
    area.get_by_label("optimiser").select_option("Adam")
    area.get_by_label("rate over the run").select_option("constant")
    for name, text in (("learning rate", "0.003"), ("L2", "0.0005"), ("dropout", "0.3"), ("shift by up to", "2")):
        type_value(area, name, text)
    press(area, "Stop")
    press(area, "Train")  # as soon as the one has ended, which Playwright waits for
    expect(runs(area)).to_have_count(2)
    expect(runs(area).nth(1)).to_contain_text("stopped after step")
    it_moves(chart_in(area))
    press(area, "Stop")
    expect(runs(area)).to_have_count(3)  # a run has its row once it has ended
    expect(area.get_by_role("button", name="Train")).to_be_enabled()
    expect(runs(area).last).to_contain_text(re.compile(r"0\.003.*Adam.*constant.*0\.0005.*0\.3.*2"))
    press(area, "Reset")
    expect(runs(area)).to_have_count(0)
    no_complaints(page)


@pytest.mark.slow
def test_explorers_answer_to_the_hand(open_cells):
    page = open_cells(EXPLORERS, MOVED, SHRUNK, name="explorers.ipynb")
    run_all(page)
    dropout, moved, shrunk = (page.locator(".jp-CodeCell").nth(number) for number in range(3))
    for _ in range(2):
        picture = dropout.locator(LIVE)
        before = picture.get_attribute("alt")
        press(dropout, "Draw again")
        expect(picture).not_to_have_attribute("alt", before)
    type_value(dropout, "share switched off", "0")
    expect(dropout.locator(LIVE)).to_have_attribute("alt", re.compile("0 of 200, 0 of 100, 0 of 60, 0 of 30"))
    type_value(moved, "pixels to the right", "-3")
    slider(moved, "pixels down").press("ArrowRight")
    expect(moved.locator(LIVE)).to_have_attribute("alt", re.compile("moved 3 left and 1 down"))
    shrunk.get_by_role("slider").press("ArrowRight")
    expect(shrunk.locator(LIVE)).to_have_attribute("alt", re.compile("L2 0.001: .* Validation accuracy 94.0%"))
    no_complaints(page)
