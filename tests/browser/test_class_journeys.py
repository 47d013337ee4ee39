"""A class as its instructor sees it: three learners in three browsers go through lessons 00 and 01, cell by cell.

One of the browsers is as narrow as a phone. Meanwhile the board dies, and the hub; and one learner tries the doors of
another.
"""

import csv
import io
import re
from collections import Counter

import psutil
import pytest
from playwright.sync_api import expect
from reader import scroll_to, type_value

from classroom.hub import accounts
from classroom.hub.settings import INSTRUCTOR
from classroom.load.rehearsal import Rehearsal
from tools import lessons

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3000)]
SCREENS = {"ann": (1366, 768), "bob": (1366, 768), "cleo": (390, 844)}
GUESSES = {"00": {"ann": 70, "bob": 90, "cleo": 97}, "01": {"ann": 6500, "bob": 9100, "cleo": 8000}}
MINUTES = 60_000
BOARD = "/services/board/"
ERRORS = '[data-mime-type$="jupyter.stderr"], [data-mime-type$="jupyter.error"], .lab-error'
# What bob types into a cell of his: {home} is ann's folder, {port} that of her server.
INTRUSION = """!ls {home}; cat {home}/lessons/*.ipynb; echo mine > {home}/lessons/01_one_layer.ipynb
import os, urllib.error, urllib.request
def asked(address, **headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(address, headers=headers)).geturl()
    except urllib.error.HTTPError as error:
        return error.code
mine = {{"Authorization": "token " + os.environ["JUPYTERHUB_API_TOKEN"]}}
print("her server:", asked("http://127.0.0.1:{port}/user/ann/api/contents", **mine))
print("the hub:", asked(os.environ["JUPYTERHUB_API_URL"] + "/users/ann", **mine))
print("the proxy:", asked("{proxy}/api/routes", **mine))"""
# What bob's page asks ann's server for: the statuses of what it answers.
TRESPASS = """async () => {
    const token = document.cookie.match(/_xsrf=([^;]*)/)?.[1] ?? "";
    const asked = async (method, body) => (await fetch("/user/ann/api/contents/01_one_layer.ipynb", {
        method, body, headers: {"X-XSRFToken": token, "Content-Type": "application/json"}})).status;
    return [await asked("GET"), await asked("PUT", '{"type": "file", "format": "text", "content": "mine"}'),
            await asked("DELETE")];
}"""


@pytest.fixture
def room(open_python):
    with Rehearsal(python=open_python) as made:
        yield made


@pytest.fixture
def new_page(browser):
    """A function that opens a page for a learner who shares nothing with the others."""
    contexts = []

    def new(width=1366, height=768):
        contexts.append(browser.new_context(viewport={"width": width, "height": height}))
        page = contexts[-1].new_page()
        page.set_default_timeout(2 * MINUTES)
        return page

    yield new
    for context in contexts:
        context.close()


def come_in(page, address, name, code, word="apple pie"):
    page.goto(address)
    page.get_by_label("Your name here").fill(name)
    page.get_by_label("Class code").fill(code)
    page.get_by_label("A word of your own").fill(word)
    page.get_by_role("button", name="Open my lessons").click()


def cell(page, number):
    """The code cell of this number, from 0, of the lesson that is in front."""
    return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell").nth(number)


def click_into(page, number):
    cell(page, number).locator(".cm-content").click(position={"x": 4, "y": 4})


def type_over(page, number, source):
    """Put other code into a cell."""
    click_into(page, number)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)


def all_run(pages, *numbers):
    """Everybody runs these cells, one after the other: click, Shift + Enter, and wait until the star is a number."""
    for number in numbers:
        for page in pages.values():
            click_into(page, number)
            page.keyboard.press("Shift+Enter")
        for name, page in pages.items():
            is_done(page, number, name)


def is_done(page, number, name):
    prompt = cell(page, number).locator(".jp-InputArea-prompt")
    expect(prompt, f"{name}, code cell {number}").to_have_text(re.compile(r"\[\d+\]"), timeout=5 * MINUTES)


def all_ready(pages, title):
    """Wait until everybody has a lesson in front of them, and its kernel."""
    for page in pages.values():
        front = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        expect(front.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=3 * MINUTES)
        expect(page.locator("#jp-main-statusbar")).to_contain_text("(ipykernel) | Idle", timeout=2 * MINUTES)


def all_guess(pages, lesson, number):
    for name, page in pages.items():
        type_over(page, number, f"my_guess = {GUESSES[lesson][name]}")
    all_run(pages, number)


def all_solve(pages, exercise, number):
    for page in pages.values():
        type_over(page, number, f"{exercise.solution}\n\n{exercise.call}")
    all_run(pages, number)


def all_save(pages):
    for page in pages.values():
        page.keyboard.press("Escape")
        with page.expect_response(lambda answer: answer.request.method == "PUT" and "api/contents" in answer.url):
            page.keyboard.press("Control+s")


def told(board, address):
    """How many events of each kind and lesson the board has, as the instructor downloads them."""
    rows = csv.DictReader(io.StringIO(board.request.get(f"{address}{BOARD}board.csv").text()))
    return Counter((row["kind"], row["lesson"]) for row in rows)


def test_three_learners_a_board_and_a_hub_that_die_and_nothing_is_lost_or_open_to_others(room, new_page):
    pages = {name: new_page(*screen) for name, screen in SCREENS.items()}
    for name, page in pages.items():
        come_in(page, room.address, name, room.code)
    all_ready(pages, "Start here")
    assert "workspaces/phone" in pages["cleo"].url and "workspaces/phone" not in pages["ann"].url
    lesson = pages["cleo"].locator(".jp-Notebook").bounding_box()
    assert lesson["width"] > 300  # of 390: the file browser is folded up
    board = new_page()
    come_in(board, room.address + BOARD, INSTRUCTOR, room.settings.instructor_code, word="")
    guesses = board.locator("#guesses .words")
    expect(guesses).to_contain_text("No guesses yet.")

    go_through_00(pages)
    expect(guesses).to_have_text("3 guesses, from 70 to 97, the middle one 90. The answer is covered.")
    look_at_the_board(pages["ann"], "3 guesses, from 70 to 97")
    board.get_by_role("button", name="Uncover the answer").click()
    expect(guesses).to_contain_text("It came to 98 of 100.")
    board.get_by_role("button", name="Cover the answer", exact=True).click()
    expect(guesses).to_contain_text("The answer is covered.")

    open_01(pages)
    one_layer = lessons.read(lessons.NOTEBOOKS / "01_one_layer.ipynb")
    code = [number for number, each in enumerate(one_layer.cells) if each.cell_type == "code"]
    exercises = {code.index(each.stub): each for each in lessons.exercises(one_layer)}
    lab = next(at for at, number in enumerate(code) if "TrainingLab(" in one_layer.cells[number].source)
    all_guess(pages, "01", 0)
    all_run(pages, 1)
    expect(guesses).to_contain_text("3 guesses, from 6,500 to 9,100")

    room.kill_board()
    for number in range(2, lab):
        if number in exercises:
            all_solve(pages, exercises[number], number)
        else:
            all_run(pages, number)
    expect(board.locator("#connection")).to_have_text("live")
    expect(board.locator("#exercises .words")).to_have_text("3 learners have solved all 3.")
    all_save(pages)

    room.kill_hub()
    for page in pages.values():
        page.reload()
    all_ready(pages, "One layer")
    for name, page in pages.items():
        for number in range(lab):
            is_done(page, number, name)
        expect(cell(page, 0).locator(".cm-content")).to_have_text(f"my_guess = {GUESSES['01'][name]}")
    all_run(pages, lab)  # what the kernel knew before is there as well
    for page in pages.values():
        bench = cell(page, lab).locator(".jp-Cell-outputArea")
        scroll_to(bench)
        type_value(bench, "steps", "2000")
        bench.get_by_role("button", name="Train").click()
    for page in pages.values():
        expect(cell(page, lab).get_by_role("button", name="Stop")).to_be_disabled(timeout=2 * MINUTES)
    all_run(pages, *range(lab + 1, len(code)))
    for name, page in pages.items():
        expect(cell(page, len(code) - 1)).to_contain_text(f"You guessed {GUESSES['01'][name]:,}. The network read 9,")
        assert page.locator(ERRORS).all_inner_texts() == [], name
    expect(board.locator("#runs .words")).to_contain_text("12 runs by 3 learners")
    assert told(board, room.address) == {
        ("guess", "00"): 3,
        ("guess", "01"): 3,
        ("exercise", "01"): 9,
        ("run", "01"): 12,
    }
    all_save(pages)

    try_the_doors(pages["bob"], room, len(code) - 1)
    stranger = new_page()
    come_in(stranger, room.address, "ann", room.code, word="a guess")
    expect(stranger.get_by_role("alert")).to_contain_text("chose another word")


def go_through_00(pages):
    """Lesson 00, and a yes to the board in its first cell."""
    all_run(pages, 0)
    for name, page in pages.items():
        cell(page, 0).get_by_role("button", name="Yes, join").click()
        expect(cell(page, 0)).to_contain_text(f"You are in the class as {name}")
    all_run(pages, 1, 2, 3, 4)
    all_guess(pages, "00", 5)
    all_run(pages, *range(6, 12))
    for name, page in pages.items():
        expect(cell(page, 7)).to_contain_text(f"You guessed {GUESSES['00'][name]} in a hundred. It reads 9")
        assert page.locator(ERRORS).all_inner_texts() == [], name
    all_save(pages)


def look_at_the_board(page, words):
    """A learner looks at the board, by the link that stands where they joined, and can only look."""
    with page.context.expect_page() as opened:
        cell(page, 0).get_by_role("link", name="Look at the board.").click()
    board = opened.value
    expect(board.locator("#guesses .words")).to_contain_text(words)
    expect(board.locator("#instructor")).to_be_hidden()
    board.close()


def open_01(pages):
    """Shut the last lesson's kernel down, as the instructor asks for, and follow the link to the next lesson."""
    for page in pages.values():
        page.get_by_role("menuitem", name="Kernel", exact=True).click()
        page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Shut Down All Kernels…$")).click()
        page.get_by_role("button", name="Shut Down All").click()
        page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)").get_by_role("link", name="01 One layer").last.click()
    all_ready(pages, "One layer")


def try_the_doors(page, room, last):
    """One learner tries to see and to touch what is another's, from a cell and by the addresses of her server."""
    hers = room.folder / "homes" / "ann" / "lessons" / "01_one_layer.ipynb"
    before = hers.read_bytes()
    assert page.evaluate(TRESPASS) == [403, 403, 403]
    if accounts.can_have_walls():
        (server,) = [each for each in room.processes("ann") if "learner_server.py" in " ".join(each.cmdline())]
        (port,) = {each.laddr.port for each in server.net_connections("inet") if each.status == psutil.CONN_LISTEN}
        words = INTRUSION.format(home=room.folder / "homes" / "ann", port=port, proxy=room.settings.proxy_api)
        type_over(page, last, words)
        page.keyboard.press("Shift+Enter")
        said = cell(page, last).locator(".jp-Cell-outputArea")
        expect(said).to_contain_text("the proxy: 403")
        assert said.inner_text().count("Permission denied") == 3
        assert "her server: 403" in said.inner_text() and re.search("the hub: 40[34]", said.inner_text())
    visit = page.context.new_page()
    assert visit.goto(f"{room.address}/user/ann/lab").status == 403
    assert hers.read_bytes() == before
