"""Explorers that are moved by hand: a line that layers fold, a valley of optimisers, the direction of a slope."""

import re

import pytest
from playwright.sync_api import expect
from reader import LIVE, choose_theme, field, no_complaints, run_all, scroll_to, slider

FOLDS = "from helpers.labs import explorers\nexplorers.folding_explorer()"
VALLEY = "from helpers.labs import valley_explorer\nvalley_explorer.valley_explorer()"
DIRECTION = """from helpers.plots import gradient_descent

landscape = gradient_descent.Landscape(lambda u, v: u * u + 3 * v, place=(2, 2), names=("u", "v"))
explorers.direction_explorer(landscape)"""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_layers_fold_a_valley_is_walked_through_and_a_direction_turned_by_hand_in_both_themes(open_cells, request):
    page = open_cells(FOLDS, VALLEY, DIRECTION, name="explorers.ipynb")
    run_all(page)
    folds, valley, direction = (page.locator(".jp-CodeCell").nth(number) for number in (0, 1, 2))

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

    scroll_to(direction)
    expect(direction.locator(LIVE)).to_have_attribute("alt", re.compile(r"in direction 0 the slope .* \+4\.000"))
    turned = slider(direction, "direction")
    turned.focus()
    turned.press("ArrowRight")
    expect(direction.locator(LIVE)).to_have_attribute("alt", re.compile("in direction 5 the slope"))
    box = turned.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    expect(direction.locator(LIVE)).to_have_attribute("alt", re.compile("in direction 2[67]\\d the slope"))
    typed = field(direction, "direction")
    typed.fill("90")
    typed.press("Enter")
    expect(direction.locator(LIVE)).to_have_attribute("alt", re.compile(r"in direction 90 the slope .* \+3\.000"))

    folder = request.config.rootpath / "tests" / "screenshots"
    folder.mkdir(exist_ok=True)
    for theme in ("Dark", "Light"):
        before = valley.locator(LIVE).get_attribute("src")
        choose_theme(page, theme)
        expect(valley.locator(LIVE)).not_to_have_attribute("src", before)  # drawn anew, in the theme's colours
        for name, cell in {"folds": folds, "valley": valley, "direction": direction}.items():
            scroll_to(cell)
            cell.screenshot(path=folder / f"explorer-{name}-{theme.lower()}.png")
    no_complaints(page)
