"""From the end of set-up to the first digit that is read; and a learner's work, which is there again the next day."""

import re
import time

import pytest
from pad import clear, draw, pad_in, reads
from playwright.sync_api import expect
from reader import choose_theme, no_complaints, photograph, restart, save

from tools import own_copy

pytestmark = pytest.mark.timeout(900)
LESSON = "work/01_one_layer.ipynb"


def cell_with(page, text):
    """The code cell that holds a text, scrolled to."""
    cell = page.locator(".jp-CodeCell", has=page.locator(".cm-content", has_text=text)).first
    cell.scroll_into_view_if_needed()
    return cell


def run(page, text):
    """Run the cell that holds a text, as a reader does, and wait for its number; returns the cell."""
    cell = cell_with(page, text)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(cell.locator(".jp-InputArea-prompt")).to_have_text(re.compile(r"\[\d+\]"))
    return cell


def type_over(page, cell, line, source):
    """Put a line of a cell's own in the place of another one."""
    cell.locator(".cm-line", has_text=line).click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.type(source)


def test_a_newcomer_trains_a_network_and_has_a_digit_read(jupyter, open_notebook):
    """Every cell of lesson 00 up to the pad, one after the other; prints how long the reader waited in all."""
    own_copy.bring(jupyter[1] / "lessons" / "work")
    page = open_notebook("work/00_start_here.ipynb")
    began = time.monotonic()
    checked = run(page, "doctor.checkup()")
    expect(checked).to_contain_text("All is well.")
    expect(checked.locator(".pulse")).to_have_text(re.compile("✓ The controls are alive"))
    for text in (
        "data.load_mnist()",
        "digits.digit_sheet",
        "tf.keras.Sequential",
        "my_guess =",
        "training.train(network",
    ):
        run(page, text)
    run(page, "digit_pad.DigitPad()")
    pad = pad_in(page)
    clear(pad)
    draw(page, pad, 3)
    assert reads(pad, "lesson 00") == 3
    print(f"From the open page to the first digit: {time.monotonic() - began:.0f} s.")
    for theme in ("Light", "Dark"):
        choose_theme(page, theme)
        no_complaints(page)
        photograph(page, "00_start_here", theme)


@pytest.mark.slow
def test_a_learners_answer_is_there_after_a_restart(jupyter, open_notebook):
    own_copy.bring(jupyter[1] / "lessons" / "work")
    page = open_notebook(LESSON)
    run(page, "from helpers import checks")
    exercise = run(page, "checks.one_hot(my_one_hot)")
    expect(exercise).to_contain_text("Not yet. Your function returns nothing so far.")
    type_over(page, exercise, "return None", "    return np.eye(10)")
    exercise = run(page, "checks.one_hot(my_one_hot)")
    expect(exercise).to_contain_text("Not yet.")
    hint = page.locator("details", has_text="a table with ones on its diagonal").first
    hint.locator("summary").click()
    expect(hint).to_contain_text("Its row 5 is just what a 5 needs")
    type_over(page, exercise, "return np.eye", "    return np.eye(10)[labels]")
    exercise = run(page, "checks.one_hot(my_one_hot)")
    expect(exercise).to_contain_text("Right. ")
    save(page, "01_one_layer")
    restart(page)
    page.reload()
    own_copy.bring(jupyter[1] / "lessons" / "work")  # as `make lab` does the next day
    exercise = cell_with(page, "checks.one_hot(my_one_hot)")
    expect(exercise).to_contain_text("return np.eye(10)[labels]")
    run(page, "from helpers import checks")
    expect(run(page, "checks.one_hot(my_one_hot)")).to_contain_text("Right. ")
    no_complaints(page)
