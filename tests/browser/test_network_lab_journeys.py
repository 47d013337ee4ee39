"""The network lab in a real JupyterLab: change the network, look inside it, keep runs, carry the code away."""

import re

import pytest
from playwright.sync_api import expect
from reader import (
    LIVE,
    a_new_frame_comes,
    bench,
    chart_in,
    it_moves,
    no_complaints,
    run_all,
    scroll_to,
    slider,
)

LAB = """from helpers import data
from helpers.labs.network_lab import NetworkLab
mnist = data.load_mnist()
bench = NetworkLab(mnist, preset="lesson 03")
bench"""
PANELS = ("inside the layers", "saturated and dead", "first-layer weights", "test mosaic")
TRAINS = re.compile(r"^Training: step [1-9]")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def press(area, name: str) -> None:
    """Click the button of this name."""
    area.get_by_role("button", name=re.compile(f"{name}$")).click()  # its name begins with its icon's letter


def move(area, name: str, *keys: str) -> None:
    """Move a slider with the keyboard."""
    handle = slider(area, name)
    handle.focus()
    for key in keys:
        handle.press(key)


def runs(area):
    """The rows of the table of runs, the heading included."""
    return area.locator("table").last.locator("tr")


def test_depth_and_width_change_and_panels_are_switched_while_it_trains(open_cells):
    page = open_cells(LAB, name="network_lab.ipynb")
    run_all(page)
    area = bench(page)
    expect(area.get_by_text("185,300 parameters: 784-200-100-60-30-10")).to_be_visible()
    move(area, "hidden layers", "ArrowLeft", "ArrowLeft")
    move(area, "neurons in layer 2", "ArrowLeft")
    expect(area.get_by_text("784-200-80-10")).to_be_visible()
    move(area, "steps", "End")
    press(area, "Train")
    expect(area.get_by_text(TRAINS)).to_be_visible()

    pictures = area.locator(LIVE)
    for shown, name in enumerate(PANELS, start=1):
        area.get_by_label(name).check()
        expect(pictures).to_have_count(shown)
    a_new_frame_comes(pictures.first)
    for name in PANELS[:3]:
        area.get_by_label(name).uncheck()
    expect(pictures).to_have_count(1)
    it_moves(chart_in(area))

    press(area, "Stop")
    expect(area.get_by_role("button", name="Train")).to_be_enabled()
    expect(runs(area).last).to_contain_text("200-80")
    expect(runs(area).last).to_contain_text("stopped after step")
    expect(area.get_by_text(TRAINS)).to_have_count(0)


def test_runs_are_laid_over_one_another_exported_and_carried_away_as_code(open_cells):
    page = open_cells(LAB, "history = None", name="carried_away.ipynb")
    run_all(page)
    area = bench(page)
    move(area, "steps", "Home")
    canvas = chart_in(area).locator("canvas")
    for number in (1, 2):
        before = canvas.get_attribute("aria-label")
        press(area, "Train")
        expect(runs(area)).to_have_count(number + 1)
        expect(area.get_by_role("button", name="Train")).to_be_enabled()
        expect(canvas).not_to_have_attribute("aria-label", before)
        move(area, "neurons in layer 1", "ArrowLeft")

    press(area, "Runs as CSV")
    with page.expect_download() as download:
        area.get_by_role("link", name="runs.csv").click()
    lines = download.value.path().read_text().splitlines()
    assert lines[0].startswith("run,hidden,")
    assert {line.split(",")[0] for line in lines[1:]} == {"1", "2"}

    move(area, "neurons in layer 1", "ArrowRight")  # back to the network of run 2
    press(area, "Show me the code")
    code = area.locator("pre", has_text="def model").inner_text()
    assert "W5 = tf.Variable" in code
    cell = page.locator(".jp-CodeCell").last
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")
    answer = cell.locator(".jp-OutputArea-executeResult")
    expect(answer).to_contain_text("500 steps")
    accuracy = re.search(r"test accuracy (\d+\.\d%)", answer.inner_text()).group(1)
    expect(runs(area).last).to_contain_text(accuracy)


def test_a_page_that_is_refreshed_while_it_trains_can_be_taken_up_again(open_cells):
    page = open_cells(LAB, name="refreshed.ipynb")
    run_all(page)
    area = bench(page)
    move(area, "steps", "End")
    press(area, "Train")
    expect(area.get_by_text(TRAINS)).to_be_visible()
    with page.expect_response(lambda response: response.request.method == "PUT" and "refreshed" in response.url):
        page.get_by_role("menuitem", name="File", exact=True).click()
        page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Save Notebook$")).click()
    page.reload()
    area = bench(page)
    expect(area.get_by_text(TRAINS)).to_be_visible()  # the run went on without the page
    press(area, "Stop")
    expect(area.get_by_role("button", name="Train")).to_be_enabled()
    run_all(page)  # a fresh lab in the same kernel
    area = bench(page)
    press(area, "Train")
    expect(area.get_by_text(TRAINS)).to_be_visible()
    it_moves(chart_in(area))
    press(area, "Stop")
    expect(runs(area).last).to_contain_text("stopped after step")


def test_two_labs_on_one_page_train_at_once(open_cells):
    page = open_cells(LAB, LAB.replace("bench", "other").replace("lesson 03", "lesson 01"), "1 + 1", name="two.ipynb")
    run_all(page)
    areas = [bench(page, number) for number in (0, 1)]
    for area in areas:
        move(area, "steps", "End")
        press(area, "Train")
    for area in areas:
        scroll_to(area)
        expect(area.get_by_text(TRAINS)).to_be_visible()
    last = page.locator(".jp-CodeCell").last  # another cell answers meanwhile
    last.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(last.locator(".jp-OutputArea-executeResult")).to_have_text(re.compile("2$"))
    for area in areas:
        expect(area.get_by_text(TRAINS)).to_be_visible()
        press(area, "Stop")
        expect(runs(area).last).to_contain_text("stopped after step")
    for area, hidden in zip(areas, ("200-100-60-30", "none"), strict=True):
        expect(runs(area)).to_have_count(2)
        expect(runs(area).last).to_contain_text(hidden)
    no_complaints(page)


def test_the_init_lab_tells_the_dead_from_the_living(open_cells):
    page = open_cells(
        "from helpers import data\nfrom helpers.labs.init_lab import InitLab\n"
        "bench = InitLab(data.load_mnist())\nbench",
        "print(bench.gradient_norms)",
        name="init_lab.ipynb",
    )
    run_all(page)
    area = bench(page)
    expect(area.get_by_text("79,510 parameters: 784-100-10")).to_be_visible()
    for number, start in enumerate(("zeros", "uniform"), start=1):
        choose = area.get_by_label("initial weights")
        choose.select_option(start)
        press(area, "Train")
        expect(runs(area)).to_have_count(number + 1)
        expect(area.get_by_role("button", name="Train")).to_be_enabled()
    expect(runs(area).nth(1)).to_contain_text(re.compile(r"zeros.*1[01]\.\d%"))
    expect(runs(area).nth(2)).to_contain_text(re.compile(r"uniform 0\.01.*9\d\.\d%"))
    expect(area.locator(LIVE)).to_have_count(1)
    press(area, "five layers")
    expect(area.get_by_text("784-200-100-60-30-10")).to_be_visible()
