"""The controls of every lab by hand: what is shown is what is used, everything can be reached, nothing is cut."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from reader import bench, choose_theme, controls_shown, field, run_all, scroll_to, slider, type_value, unfold
from test_random_walks import LABS

LAB = """from helpers import data
from helpers.labs.network_lab import NetworkLab
bench = NetworkLab(data.load_mnist(), preset="lesson 04")
at_first = bench.to_json()
bench"""
STATE = "print(bench.to_json() == at_first, bench.to_json())"
CHART = 290  # CSS pixels that a lab's chart is high at most
# What is cut off in the controls of an area: labels and buttons whose words need more room than they have, and whatever
# stands out of the area to the left or right.
CUT = """area => {
    const {left, right} = area.getBoundingClientRect();
    const all = [...area.querySelectorAll('.number-slider, .widget-inline-hbox, button, label')];
    return all.filter(each => each.checkVisibility({visibilityProperty: true})).filter(each => {
        const box = each.getBoundingClientRect();
        const inside = box.width === 0 || (box.left >= left - 1 && box.right <= right + 1);
        const room = each.clientWidth; // 0 for a label whose box is its parent's
        return !inside || (each.matches('button, label') && room && each.scrollWidth > room + 1);
    }).map(each => each.innerText);
}"""

pytestmark = pytest.mark.timeout(900)


def said_by_kernel(page) -> str:
    """What the last cell prints when it is run again: the lab's state."""
    cell = page.locator(".jp-CodeCell").last
    prompt = cell.locator(".jp-InputArea-prompt")
    before = prompt.inner_text()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(prompt).to_have_text(re.compile(r"\[\d+\]"))
    expect(prompt).not_to_have_text(before)
    return cell.locator(".jp-OutputArea-output").inner_text()


def test_what_is_typed_is_what_is_trained_and_the_rest_is_answered(open_cells):
    page = open_cells(LAB, STATE, name="typed.ipynb")
    run_all(page)
    area = bench(page)
    expect(field(area, "learning rate")).to_have_value("0.5")
    assert said_by_kernel(page).startswith("True"), "showing a lab has changed it"

    scroll_to(area)
    more = area.get_by_role("button", name=re.compile("More settings"))
    expect(more).to_contain_text("batch size 100, seed 0, pace as fast as it goes")
    more.click()
    answer = area.get_by_role("alert").filter(has_text="Type a")
    for name, text, words in (
        ("seed", "3.7", "Type a whole number from 0 to 9,999; seed stays 0."),
        ("learning rate", "quick", "Type a number from 0.0001 to 10; learning rate stays 0.5."),
        ("steps", "1e30", "Type a whole number from 1 to 100,000; steps stays 1,000."),
    ):
        type_value(area, name, text)
        expect(answer).to_have_text(words)
        field(area, name).press("Escape")
        expect(answer).to_have_count(0)
    assert said_by_kernel(page).startswith("True"), "what was refused has changed something"

    scroll_to(area)
    area.get_by_role("button", name="State as text").click()
    text = area.locator("pre", has_text="learning_rate")
    for name, typed in (("learning rate", "0,301995"), ("steps", "250"), ("batch size", "37"), ("seed", "7")):
        type_value(area, name, typed)
    slider(area, "hidden layers").press("ArrowRight")
    type_value(area, "neurons in layer 2", "17")
    expect(area.get_by_text("784-100-17-10")).to_be_visible()
    expect(more).to_contain_text("More settings (2 changed): batch size 37, seed 7")
    for words in ('"learning_rate": 0.301995', '"steps": 250', '"batch_size": 37', '"seed": 7'):
        expect(text).to_contain_text(words)  # the text follows the controls
    area.get_by_role("button", name=re.compile("Train$")).click()
    row = area.locator("table").last.locator("tr").last
    for words in ("0.301995", "37", "250", "100-17", "%"):
        expect(row).to_contain_text(words)
    area.get_by_role("button", name=re.compile("lesson 03$")).click()
    expect(field(area, "seed")).to_have_value("0")
    expect(more).to_contain_text("More settings: batch size 100, seed 0")


@pytest.mark.slow
def test_every_control_of_the_network_lab_is_worked_by_keyboard_alone(open_cells):
    page = open_cells(LAB, STATE, name="keyboard.ipynb")
    run_all(page)
    area = bench(page)
    train = area.get_by_role("button", name=re.compile("Train$"))
    heights = train.bounding_box()["y"] - slider(area, "learning rate").bounding_box()["y"]
    area.get_by_role("button", name=re.compile("lesson 01$")).focus()

    def tab_to(target) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if target.evaluate("each => each === document.activeElement"):
                return
        raise AssertionError(f"The Tab key does not reach {target}.")

    tab_to(slider(area, "learning rate"))
    page.keyboard.press("ArrowLeft")
    tab_to(field(area, "steps"))
    page.keyboard.type("60")
    tab_to(area.get_by_label("activation"))
    page.keyboard.press("ArrowUp")
    tab_to(area.get_by_label("initial weights"))
    page.keyboard.press("t")
    tab_to(slider(area, "std, reach or value"))
    page.keyboard.press("ArrowLeft")
    tab_to(slider(area, "hidden layers"))
    page.keyboard.press("ArrowRight")
    tab_to(field(area, "neurons in layer 2"))
    page.keyboard.type("17")
    tab_to(area.get_by_role("button", name=re.compile("More settings")))
    page.keyboard.press("Enter")
    tab_to(slider(area, "seed"))
    page.keyboard.press("ArrowRight")
    tab_to(area.get_by_label("pace"))
    page.keyboard.press("ArrowDown")
    expect(area.get_by_role("button", name=re.compile(r"More settings .*seed 1, pace 2,000 steps"))).to_be_visible()
    expect(area.get_by_text("784-100-17-10")).to_be_visible()
    tab_to(train)
    unfolded = slider(area, "seed").bounding_box()["height"]
    now = train.bounding_box()["y"] - slider(area, "learning rate").bounding_box()["y"]
    assert now <= heights + unfolded + 70, "the buttons have moved by more than what was unfolded"
    page.keyboard.press("Enter")
    row = area.locator("table").last.locator("tr").last
    for words in ("0.3", "60", "100-17", "%"):
        expect(row).to_contain_text(words)
    state = said_by_kernel(page)
    for words in ('"activation": "tanh"', '"initialisation": "truncated normal"', '"std": 0.05', '"seed": 1'):
        assert words in state


@pytest.mark.slow
def test_every_lab_fits_its_column_and_its_controls_have_names(open_cells):
    sources = {name: source for name, source in LABS.items() if name != "playground"}
    page = open_cells(*sources.values(), name="columns.ipynb")
    run_all(page)
    areas = [page.locator(".jp-CodeCell").nth(n).locator(".jp-Cell-outputArea") for n in range(len(sources))]

    page.set_viewport_size({"width": 1366, "height": 768})
    seen = page.locator(".jp-NotebookPanel .jp-WindowedPanel-outer").bounding_box()["height"]
    for name, area in zip(sources, areas, strict=True):
        scroll_to(area)
        box = area.locator(".widget-vbox").first.bounding_box()
        assert box["height"] + CHART <= seen, f"the controls of the {name} push its picture out of sight"
        assert area.evaluate(CUT) == [], name

    beside = 1366 - areas[0].locator(".widget-vbox").first.bounding_box()["width"]
    page.set_viewport_size({"width": round(640 + beside), "height": 768})
    for theme in ("Light", "Dark"):
        choose_theme(page, theme)
        for name, area in zip(sources, areas, strict=True):
            scroll_to(area)
            if area.locator(".unfold").count():
                unfold(area)
            assert controls_shown(area), name
            assert area.evaluate(CUT) == [], name
            area.evaluate("area => area.querySelector('.widget-vbox').id = 'looked-at'")
            violations = Axe().run(page, context="#looked-at").response["violations"]
            area.evaluate("area => area.querySelector('.widget-vbox').removeAttribute('id')")
            grave = [each for each in violations if each["impact"] in ("critical", "serious")]
            assert grave == [], (name, theme)
