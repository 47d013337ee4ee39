"""The board's page in a browser: a learner's guess arrives, the answer is uncovered, and everybody can read it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from boards import CODE
from playwright.sync_api import expect

from helpers import checks, classroom

PROJECTOR, PHONE = {"width": 1920, "height": 1080}, {"width": 390, "height": 844}


@pytest.fixture
def open_board(board, browser):
    """A function that opens the board's page; afterwards nothing was asked of elsewhere, and no error was logged."""
    contexts, complaints = [], []

    def open_it(size, code=CODE, theme="light"):
        contexts.append(browser.new_context(viewport=size, color_scheme=theme))
        page = contexts[-1].new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        ours = (board.address, "data:", "blob:")
        page.on("request", lambda asked: None if asked.url.startswith(ours) else complaints.append(asked.url))
        page.goto(f"{board.address}/?code={code}")
        expect(page.get_by_text("live", exact=True)).to_be_visible()
        return page

    yield open_it
    for each in contexts:
        each.close()
    assert complaints == []


def test_a_guess_reaches_the_board_and_meets_its_answer(board, open_board, event):
    page, phone = open_board(PROJECTOR, board.keys.instructor), open_board(PHONE, theme="dark")
    assert "code" not in page.url  # it would stay in the browser's history
    expect(phone.locator("#instructor")).to_be_hidden()
    expect(page.locator("#guesses .words, #runs .words").first).to_contain_text("No guesses yet")
    try:
        classroom.join(board.address, CODE, "owl-7", lesson="01", yes=True)
        classroom._here._on_event("guess", {"about": "", "value": 8000})
        assert checks.one_hot(lambda labels: __import__("numpy").eye(10)[labels]).right
    finally:
        classroom._here.end()
        classroom._here = None
    others = [event("guess", value=value) for value in (5000, 9250)]
    for number, guess in enumerate(others):
        runs = [
            event("run", accuracy=0.9 + number / 100, settings={"learning_rate": 0.1 * (number + 1), "steps": 2000})
        ]
        board.as_learner("POST", "/events", [guess, *runs], name=f"ann-{number}")
    for each in (page, phone):
        expect(each.locator("#lesson-number")).to_have_text("01")
        expect(each.locator(".guess")).to_have_count(3)
        expect(each.locator(".guess.left")).to_have_count(1)  # who has left the lesson's own number as it was
        expect(each.locator("#guesses .words")).to_have_text(
            "3 guesses, from 5,000 to 9,250, the middle one 8,000. The answer is covered."
        )
        expect(each.locator(".answer-line")).to_have_count(0)
        expect(each.locator(".dot.yes")).to_have_count(1)
        expect(each.locator(".best li").first).to_have_text("91.0% ann-1 learning rate 0.2")
        expect(each.locator("#people")).to_have_text("3 learners")
        assert each.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "owl-7" not in page.locator("#guesses").inner_html()
    page.get_by_role("button", name="Uncover the answer").click()
    for each in (page, phone):
        expect(each.locator("#guesses .words")).to_contain_text("It came to 9,200 of 10,000. 1 guess within")
        expect(each.locator(".answer-line")).to_have_count(1)
    board.as_learner("POST", "/events", [event("guess", value=9200)], name="late")
    board.as_learner("POST", "/events", [event("guess", value=9200)], name="ann-0")  # whose first guess stands
    expect(phone.locator("#guesses .words")).to_contain_text("1 guess came after the answer was uncovered")
    expect(phone.locator("#guesses .words")).to_contain_text("3 guesses, from 5,000 to 9,250")
    page.get_by_role("button", name="Cover the answer").click()
    expect(phone.locator(".answer-line")).to_have_count(0)
    for each, theme in ((page, "Dark"), (phone, "Light")):
        assert Axe().run(each).response["violations"] == []
        each.get_by_role("button", name=theme).click()
        assert Axe().run(each).response["violations"] == []


def test_clearing_asks_first_and_empties_every_page(board, open_board, event):
    board.as_learner("POST", "/events", [event("guess"), event()], name="ann")
    page, phone = open_board(PROJECTOR, board.keys.instructor), open_board(PHONE)
    page.get_by_role("button", name="Take a name off…").click()
    page.get_by_role("button", name="No", exact=True).click()
    expect(phone.locator(".dot.yes")).to_have_count(1)
    page.get_by_role("button", name="Clear the board…").click()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.locator("#done")).to_contain_text("Cleared. The backup is board-")
    for each in (page, phone):
        expect(each.locator(".guess, .dot")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="All events as CSV").click()
    assert download.value.suggested_filename == "board.csv"


def test_a_page_that_hears_nothing_asks_again_and_misses_nothing(board, open_board, event):
    page = open_board(PROJECTOR)
    page.clock.install()
    page.reload()
    board.as_learner("POST", "/events", [event("guess", value=5000)])
    expect(page.locator(".guess")).to_have_count(1)
    with page.expect_request("**/stream?last=*"):  # the proxy of a hub keeps the line to a board that died open
        page.clock.fast_forward(20_000)
    expect(page.locator("#connection")).to_have_text("live")
    board.as_learner("POST", "/events", [event("guess", value=6000)], name="ann")
    expect(page.locator(".guess")).to_have_count(2)


def test_the_entrance_lets_in_by_a_code_and_says_when_it_is_wrong(board, browser):
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(board.address)
    assert Axe().run(page).response["violations"] == []
    for code in ("wrong", CODE.upper()):
        page.get_by_role("textbox").fill(code)
        page.get_by_role("button").click()
        if code == "wrong":
            expect(page.get_by_role("alert")).to_contain_text("That is not this class's code")
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    context.close()


ASK = "async ([name, ...given]) => (await import('/page/search.js'))[name](...given)"


def run(accuracy=0.9, by="ann", seq=1, ended="finished", moved=False, **settings):
    return {"accuracy": accuracy, "by": by, "seq": seq, "ended": ended, "moved": moved, "settings": settings}


def test_the_rooms_search(board, open_board):
    """What differs, who is first, and where nobody has looked."""
    page = open_board(PHONE)

    def ask(*words):
        return page.evaluate(ASK, list(words))

    runs = [run(learning_rate=rate, width=width, seed=rate) for rate in (0.01, 0.1, 1) for width in (10, 20, 500)]
    assert ask("differing", runs) == ["learning_rate", "width"]
    corners = [run(learning_rate=rate, width=width) for rate in (0.01, 1) for width in (10, 1000)]
    assert ask("unseen", corners, ["learning_rate", "width"])["values"] == {"learning_rate": 0.1, "width": 100}
    line = [run(learning_rate=rate) for rate in (0.001, 0.002, 0.005, 5)]
    assert ask("unseen", line, ["learning_rate"])["values"] == {"learning_rate": 0.2}
    assert ask("unseen", corners[:3], ["learning_rate"]) is None  # too few to speak of a gap
    assert ask("unseen", [run(learning_rate=0.1)] * 5, ["learning_rate"]) is None
    assert ask("unseen", line, []) is None
    ranked = [
        run(0.95, "ann", 1),
        run(0.97, "bob", 2),
        run(0.97, "cid", 3),
        run(0.93, "bob", 4),
        run(0.99, "dan", 5, moved=True),  # a rate that was moved under way cannot be set again
        run(None, "eve", 6, ended="diverged"),
    ]
    assert [each["seq"] for each in ask("best", ranked)] == [2, 3, 1]


def test_no_run_of_one_learner_stops_the_page_for_the_room(board, open_board, event):
    """A setting may have any name, and two rates may differ in their last bit: 0.3, and three times 0.1."""
    settings = [{"learning_rate": rate, "constructor": n} for n, rate in enumerate((0.3, 0.3, 0.3, 3 * 0.1))]
    settings += [{"learning_rate": 0.3, "__proto__": 1, "optimiser": word} for word in ("Adam", "momentum")]
    page = open_board(PROJECTOR, board.keys.instructor)
    board.as_learner("POST", "/events", [event("run", settings=each) for each in settings])
    expect(page.locator("#runs .run")).to_have_count(len(settings))
    page.get_by_label("across").select_option("optimiser")
    expect(page.locator("#runs .run")).to_have_count(len(settings))
    expect(page.get_by_role("button", name="Take a name off…")).to_be_enabled()


def test_a_gap_is_marked_within_a_map_whose_settings_are_words(board, open_board, event):
    rates = (0.001, 0.002, 0.005, 5)
    page = open_board(PROJECTOR)
    runs = [event("run", settings={"learning_rate": rate, "optimiser": "Adam"}) for rate in rates]
    runs.append(event("run", settings={"learning_rate": 0.001, "optimiser": "momentum"}))
    board.as_learner("POST", "/events", runs)
    page.get_by_label("across").select_option("optimiser")
    page.get_by_label("up").select_option("learning rate")
    mark, box = (page.locator(each).bounding_box() for each in ("#runs .unseen", "#runs svg"))
    assert box["x"] < mark["x"] and mark["x"] + mark["width"] < box["x"] + box["width"]
