"""The filter in the reader's hand and the convolution lab, in a real JupyterLab."""

import re

import pytest
from playwright.sync_api import expect
from reader import LIVE, a_new_frame_comes, bench, no_complaints, run_all, scroll_to, type_value

EXPLORER = """from helpers import data
from helpers.labs.filter_explorer import FilterExplorer
explorer = FilterExplorer(data.load_mnist().train, digit=5)
explorer"""
LAB = """from helpers import onednn
onednn.switch_on()
from helpers import data
from helpers.labs.convolution_lab import ConvolutionLab
bench = ConvolutionLab(data.load_mnist(validation=5000))
bench"""
TRAINS = re.compile(r"^Training: step [1-9]")

pytestmark = pytest.mark.timeout(900)


def test_a_reader_moves_a_filter_over_a_digit(open_cells):
    page = open_cells(EXPLORER, "print(explorer.weights.tolist(), explorer.place)", name="filter.ipynb")
    run_all(page)
    area = page.locator(".filter-view")
    scroll_to(area)
    words, pad = area.locator(".filter-words"), area.locator(".filter-pad")
    expect(words).to_contain_text("Row 9, column 10: nine products add up to 2.55.")
    expect(area.locator(".filter-sum")).to_have_text("sum 2.55")
    pad.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    expect(words).to_contain_text("Row 11, column 10:")
    box = pad.bounding_box()  # six CSS pixels for each of the digit; the window hangs on its middle
    page.mouse.move(box["x"] + 100, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 6 * 16 + 4, box["y"] + 6 * 7 + 4, steps=4)
    page.mouse.up()
    expect(words).to_contain_text("Row 6, column 15:")
    area.get_by_role("slider", name="row").press("Home")
    expect(words).to_contain_text("Row 0, column 15: nine products add up to 0.00.")

    area.get_by_role("button", name="blur").click()
    expect(area.get_by_role("button", name="blur")).to_have_attribute("aria-pressed", "true")
    expect(area.get_by_label("weight in row 2, column 2")).to_have_value("0.11")
    weight = area.get_by_label("weight in row 2, column 2")
    weight.fill("loud")
    weight.press("Enter")
    expect(area.get_by_role("alert")).to_contain_text("Type a number such as 1")
    weight.fill("-2,5")
    weight.press("Enter")
    expect(area.get_by_role("alert")).to_have_text("")
    expect(area.get_by_role("button", name="blur")).to_have_attribute("aria-pressed", "false")
    area.locator(".filter-stride").select_option("2")
    expect(area.locator(".filter-out-name")).to_have_text("output, 13 × 13")

    cell = page.locator(".jp-CodeCell").last
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(cell.locator(".jp-OutputArea-output")).to_contain_text("[0.11, -2.5, 0.11]")
    expect(cell.locator(".jp-OutputArea-output")).to_contain_text("(0, 8)")
    no_complaints(page)


def test_what_is_changed_elsewhere_ends_a_walk_and_an_alert(open_cells):
    """Two views of one explorer: what one changes reaches the other as what the kernel changes does."""
    page = open_cells(EXPLORER, "explorer", name="filter_twice.ipynb")
    run_all(page)
    expect(page.locator(".filter-view")).to_have_count(2)
    walks, other = page.locator(".filter-view").all()
    scroll_to(other)
    for change in (
        lambda: other.get_by_role("button", name="blur").click(),
        lambda: other.locator(".filter-digit").select_option("4"),
        lambda: other.locator(".filter-stride").select_option("3"),
        lambda: other.get_by_role("slider", name="row").press("Home"),
    ):
        walks.locator(".filter-walk").click()
        expect(walks.locator(".filter-walk")).to_have_text("Stop walking")
        expect(walks.locator(".filter-words")).to_contain_text(re.compile("Row ([3-9]|1[0-9]), "))
        change()
        expect(walks.locator(".filter-walk")).to_have_text("Walk over the digit")
        for part in ("words", "sum", "products", "out-name"):
            shown = other.locator(f".filter-{part}").inner_text()
            expect(walks.locator(f".filter-{part}")).to_have_text(shown, use_inner_text=True)

    weight = walks.get_by_label("weight in row 1, column 1")
    weight.fill("loud")
    weight.press("Tab")
    expect(weight).to_have_attribute("aria-invalid", "true")
    expect(walks.get_by_role("alert")).to_contain_text("Type a number such as 1")
    other.get_by_role("button", name="left edge").click()
    expect(weight).to_have_value("−1")
    expect(weight).not_to_have_attribute("aria-invalid", "true")
    expect(walks.get_by_role("alert")).to_have_text("")
    no_complaints(page)


@pytest.mark.slow
def test_the_window_walks_over_the_digit_and_can_be_halted(open_cells):
    page = open_cells(EXPLORER, name="filter_walks.ipynb")
    run_all(page)
    area = page.locator(".filter-view")
    scroll_to(area)
    walk = area.locator(".filter-walk")
    walk.click()
    expect(walk).to_have_text("Stop walking")
    expect(area.locator(".filter-words")).to_contain_text(re.compile("Row ([3-9]|1[0-9]), "))
    walk.click()
    expect(walk).to_have_text("Walk over the digit")
    walk.click()
    expect(area.locator(".filter-words")).to_contain_text("Row 25, column 25")
    expect(walk).to_have_text("Walk over the digit")


@pytest.mark.slow
def test_filters_change_in_the_lab_and_their_maps_are_seen_while_they_learn(open_cells):
    page = open_cells(LAB, name="convolution_lab.ipynb")
    run_all(page)
    area = bench(page)
    expect(area.get_by_text("108,874 parameters: 28 × 28 → 12 × 12 × 16")).to_be_visible()
    type_value(area, "layer 1: filters", "8")
    type_value(area, "layer 1: size", "9")
    type_value(area, "layer 1: stride", "4")
    type_value(area, "layer 2: size", "9")
    expect(area.get_by_text("Layer 2 cannot be")).to_be_visible()
    type_value(area, "layer 2: size", "3")
    expect(area.get_by_text("28 × 28 → 5 × 5 × 8 → 3 × 3 × 32 → 1 × 1 × 32")).to_be_visible()
    type_value(area, "steps", "50,000")
    area.get_by_role("button", name=re.compile("Train$")).click()
    expect(area.get_by_text(TRAINS)).to_be_visible()
    for shown, name in enumerate(("feature maps", "filters"), start=1):
        area.get_by_label(name, exact=True).check()
        expect(area.locator(LIVE)).to_have_count(shown)
    a_new_frame_comes(area.locator(LIVE).first)
    type_value(area, "digit looked at", "3")
    a_new_frame_comes(area.locator(LIVE).first)
    area.get_by_role("button", name=re.compile("Stop$")).click()
    expect(area.get_by_role("button", name="Train")).to_be_enabled()
    expect(area.locator("table").last.locator("tr").last).to_contain_text("8 of 9 × 9, stride 4")
    no_complaints(page)
