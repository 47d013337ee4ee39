"""A reader's mistakes as the page shows them: a sentence and their own line, and all the rest only for who asks."""

import contextlib
import re

from playwright.sync_api import expect
from reader import SECOND

MISTAKE = "def plane():\n    return toy_data.make('circel')\n\n\nplane()"
BEGUN = "begun"  # a file beside the notebook
ENDLESS = f"""def my_relu(sums):
    open("{BEGUN}", "w").close()
    while True:
        sums = sums + 1


checks.relu(my_relu)"""
CELLS = ["from helpers import checks, toy_data", MISTAKE, "print('reached')", ENDLESS, "plain()"]


def choose(page, menu: str, item: str) -> None:
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def run(page, cell) -> None:
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


def test_mistakes_are_sentences_and_a_stop_is_one_too(open_cells, jupyter):
    page = open_cells(*CELLS, name="errors.ipynb")
    _, mistake, after, endless, others = (page.locator(".jp-CodeCell").nth(number) for number in range(len(CELLS)))
    error = '[data-mime-type$="jupyter.stderr"]'  # which is how JupyterLab renders a traceback

    block = mistake.locator(error)
    for _ in range(5):  # again, as a reader would, if the kernel was not yet there to hear it
        choose(page, "Run", "Run All Cells")
        with contextlib.suppress(AssertionError):
            expect(block).to_be_visible(timeout=15 * SECOND)
            break
    expect(block).to_contain_text("ValueError: There is no data set 'circel'; there are ")
    expect(block).to_be_in_viewport(ratio=1)
    lines = [line for line in block.inner_text().splitlines() if line.strip()]
    assert lines[0].startswith("ValueError: There is no data set") and len(lines) <= 4
    assert re.fullmatch(r"In\[\d+\], line 2:", lines[-2]) and lines[-1] == "    return toy_data.make('circel')"

    everything = mistake.locator("details pre")
    expect(everything).not_to_be_visible()
    mistake.locator("summary").click()
    expect(everything).to_be_visible()
    expect(everything).to_contain_text("toy_data.py")
    expect(after.locator(".jp-InputArea-prompt")).to_have_text("[ ]:")  # Run All stopped at the mistake
    assert after.locator(".jp-OutputArea-output").count() == 0

    run(page, endless)
    while not (jupyter[1] / "lessons" / BEGUN).exists():  # a press before it has begun would be heard outside of it
        page.wait_for_timeout(0.1 * SECOND)
    expect(page.locator("#jp-main-statusbar")).to_contain_text("| Busy")
    page.get_by_role("button", name=re.compile("^Interrupt the kernel")).click()
    expect(endless.locator(".jp-OutputArea-output")).to_contain_text("Not yet. You stopped it in its line '")
    assert len(endless.locator(".jp-OutputArea-output").inner_text().strip().splitlines()) == 1
    assert endless.locator(error).count() == 0

    run(page, others)  # an error that is not ours stays as Python shows it
    expect(others.locator(error)).to_contain_text("NameError: name 'plain' is not defined")
    expect(others.locator(error)).to_contain_text("Traceback (most recent call last)")
    assert others.locator("details").count() == 0
    choose(page, "Edit", "Clear Outputs of All Cells")
