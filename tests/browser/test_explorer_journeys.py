"""Explorers whose picture is walked through step by step: the line that layers fold, the valley of the optimisers."""

import re

import pytest
from playwright.sync_api import expect
from reader import LIVE, choose_theme, field, no_complaints, run_all, scroll_to, slider

FOLDS = "from helpers.labs import explorers\nexplorers.folding_explorer()"
VALLEY = "from helpers.labs import valley_explorer\nvalley_explorer.valley_explorer()"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_layers_fold_and_a_valley_is_walked_through_by_hand_in_both_themes(open_cells, request):
    page = open_cells(FOLDS, VALLEY, name="explorers.ipynb")
    run_all(page)
    folds, valley = (page.locator(".jp-CodeCell").nth(number) for number in (0, 1))

    scroll_to(folds)
    layers = slider(folds, "layers")
    layers.focus()
    for pieces in ("4 straight pieces", "8 straight pieces"):
        layers.press("ArrowRight")
        expect(folds.locator(LIVE)).to_have_attribute("alt", re.compile(pieces))
    point = field(folds, "point")
    point.fill("0.4")
    point.press("Enter")
    expect(folds.locator(LIVE)).to_have_attribute("alt", re.compile("The point goes 0.4, 0.8, 0.4, 0.8"))

    scroll_to(valley)
    steps = slider(valley, "steps")
    steps.focus()
    steps.press("Home")
    expect(valley.locator(LIVE)).to_have_attribute("alt", re.compile("plain descent, .* After 0 steps"))
    valley.get_by_label("optimiser").select_option("Adam")
    steps.focus()
    steps.press("ArrowRight")
    expect(valley.locator(LIVE)).to_have_attribute("alt", re.compile("Adam, .* After 1 step it is at"))

    folder = request.config.rootpath / "tests" / "screenshots"
    folder.mkdir(exist_ok=True)
    for theme in ("Dark", "Light"):
        before = valley.locator(LIVE).get_attribute("src")
        choose_theme(page, theme)
        expect(valley.locator(LIVE)).not_to_have_attribute("src", before)  # drawn anew, in the theme's colours
        for name, cell in {"folds": folds, "valley": valley}.items():
            scroll_to(cell)
            cell.screenshot(path=folder / f"explorer-{name}-{theme.lower()}.png")
    no_complaints(page)
