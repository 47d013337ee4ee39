"""The playground in a real JupyterLab: by hand, by keyboard alone, through a reload, with one's own network."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from factories import wait_until
from playwright.sync_api import expect
from reader import choose_theme, run_all, scroll_to

from helpers.widgets import playground_view

PLAYGROUND = """from helpers.labs.playground import Playground
playground = Playground()
playground"""
# The other cell: what the kernel knows.
WEIGHT = "float(playground.learners.networks.weights[0][0, 1, 1]), playground.runner.error"
WATCHED = """from helpers.labs.playground import Playground
from helpers.small_networks import SmallDesign, SmallNetworks
network = SmallNetworks(SmallDesign(hidden=(3,)))
playground = Playground(network=network)
playground"""
# The still picture comes at the very moment at which a neuron is looked at: JupyterLab makes the view anew.
REMADE = """def once(neuron):
    playground.view.on_look = playground._on_look
    playground.page.place.replace(*playground.page._bundle())
    playground._on_look(neuron)
playground.view.on_look = once"""
# What a view has asked for that is gone before it was answered.
GONE = """playground.looked_at = "1:1"
playground.page.place.replace(*playground.page._bundle())"""
TRAIN = """for _ in range(40):
    playground.learners.step(0.05)"""

# What is drawn of a few numbers: where the axis of a loss ends, and the colours of what is 0 and of a test point.
DRAWN = """source => new Function(`${source};
    const pixel = (canvas, x, y) => [...canvas.getContext("2d").getImageData(x, y, 1, 1).data];
    const losses = (...all) => all.flatMap((loss, step) => [step, loss, 1, loss / 2, 1]), light = paletteOf(false);
    const edge = (value) => pixel(pointsImage([0, 0, value], 0, "regression", 60, 10, light), 300 + 27, 300);
    return {
        axes: [[1, 9, 1], [1, 9, 1, 1], [1, 1, 9], [1, 1, 1.4], [1, 1, 1.9]]
            .map((each) => highest(losses(...each), 1.5)),
        signs: [-1, 0, 1].map((value) => pixel(mapImage([value], 1, 1, light, true), 0, 0)),
        edges: [edge(0.1), edge(0.9)],
    }`)()"""

pytestmark = pytest.mark.timeout(900)


def press(area, name: str) -> None:
    """Click the button of this name."""
    area.get_by_role("button", name=re.compile(f"{name}$")).click()  # its name begins with its icon's letter


def playground_on(page):
    """The output of the cell with the playground."""
    area = page.locator(".jp-CodeCell .jp-Cell-outputArea").first
    scroll_to(area)
    return area


def says(area, words: str) -> None:
    """Wait until the line above the network says this."""
    expect(area.locator(".playground-line")).to_have_text(re.compile(words))


def step_on(area) -> int:
    """The step that the line above the network tells, or 0."""
    found = re.search("step ([0-9,]+)", area.locator(".playground-line").inner_text())
    return int(found[1].replace(",", "")) if found else 0


def neuron(area, name: str):
    """The button of a neuron, the output or a feature; its name may end in its bias."""
    return area.locator(".playground-nodes").get_by_role("button", name=re.compile(f"^{name}(,|$)"))


def scale(area) -> list[list[int]]:
    """The colours from end to end of the bar that stands above the large map."""
    return area.locator(".playground-stage").evaluate(
        """stage => {
            const canvas = stage.querySelector("canvas"), map = stage.querySelector(".playground-map");
            if (!canvas.offsetWidth) return Array(4).fill([0, 0, 0]); // just being put in its place
            const density = canvas.width / canvas.offsetWidth, y = Math.round((map.offsetTop - 11) * density);
            const place = part => Math.round((map.offsetLeft + 66 + part * (map.offsetWidth - 132)) * density);
            const colour = part => canvas.getContext("2d").getImageData(place(part), y, 1, 1).data;
            return [0.2, 0.3, 0.44, 0.8].map(part => [...colour(part)].slice(0, 3)); // beside what is written on it
        }"""
    )


def from_orange_over_white_to_blue(below, partly, middle, above) -> bool:
    """Whether these colours, each as red, green and blue, are those of a scale."""
    return below[2] < partly[2] < middle[2] and middle[0] > above[0] and min(middle) > 220


def hand(page, area, name: str) -> None:
    """Move the pointer to this neuron, and leave it there."""
    box = neuron(area, name).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def is_within(area, part: str) -> bool:
    """Whether nothing of this part is cut off at the right of the page's column."""
    edge = area.bounding_box()
    box = area.locator(part).bounding_box()
    return edge["x"] <= box["x"] and box["x"] + box["width"] <= edge["x"] + edge["width"]


def comes_to(page, words: str) -> None:
    """Run the last cell until it begins to say this: what the page wants is taken up a moment after it was heard."""
    for _ in range(20):
        if (said := answer(page)).startswith(words):
            return
    raise AssertionError(f"{said} does not begin with {words}")


def large_map(area) -> list[int]:
    """Every pixel of the large map."""
    return area.locator(".playground-stage").evaluate(
        """stage => {
            const canvas = stage.querySelector("canvas"), map = stage.querySelector(".playground-map");
            const { offsetLeft: x, offsetTop: y, offsetWidth: side } = map, density = canvas.width / canvas.offsetWidth;
            const [left, top, width] = [x, y, side].map(each => each * density);
            return [...canvas.getContext("2d").getImageData(left, top, width, width).data];
        }"""
    )


def answer(page) -> str:
    """What the notebook's last cell says when it is run."""
    cell = page.locator(".jp-CodeCell").last
    before = cell.locator(".jp-InputArea-prompt").inner_text()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(cell.locator(".jp-InputArea-prompt")).not_to_have_text(before)
    expect(cell.locator(".jp-InputArea-prompt")).to_have_text(re.compile(r"^\[\d+\]:$"))
    return cell.locator(".jp-OutputArea-output").inner_text()


def test_everything_changes_under_the_hand_while_it_plays(open_cells):
    page = open_cells(PLAYGROUND, WEIGHT, name="playground.ipynb")
    page.set_viewport_size({"width": 1366, "height": 768})
    run_all(page)
    area = playground_on(page)
    says(area, "^2-8-1, 33 parameters, Adam. Press Play. Loss: test [0-9.]+, training [0-9.]+")
    form, view = area.locator(".playground-form").bounding_box(), area.locator(".playground").bounding_box()
    assert view["y"] + view["height"] - form["y"] <= 620  # all on screen together
    wait_until(lambda: from_orange_over_white_to_blue(*scale(area)))
    area.get_by_label("discretise output").check()
    wait_until(lambda: len(set(map(tuple, scale(area)))) == 2)
    area.get_by_label("discretise output").uncheck()

    press(area, "Play")
    says(area, "step [1-9]")
    box = neuron(area, "feature x1").bounding_box()
    page.mouse.move(box["x"] + box["width"] + 2, box["y"] + box["height"] / 2)
    tip = area.locator(".playground-tip")
    expect(tip).to_have_text(re.compile("^weight .* from x1 to neuron"))
    told = tip.inner_text()
    expect(tip).not_to_have_text(told)  # it follows, though the hand rests
    neuron(area, "feature sin x1").click()
    says(area, "^3-8-1, .* step [1-9]")
    page.mouse.move(5, 5)
    expect(area.get_by_role("img", name=re.compile("sees$"))).to_have_count(0)  # the answer is seen, not the feature
    for _ in range(2):
        area.get_by_role("button", name="One hidden layer more").click()
    says(area, "^3-8-8-8-1, .* step [1-9]")
    area.get_by_role("button", name="One neuron less in layer 2").click()
    area.get_by_label("Neurons in layer 3").fill("30")
    area.get_by_label("Neurons in layer 3").press("Enter")
    says(area, "^3-8-7-30-1, .* step [1-9]")
    for typed in ("51", "0", "2.5", "many"):
        area.get_by_label("Neurons in layer 3").fill(typed)
        area.get_by_label("Neurons in layer 3").press("Enter")
        expect(area.get_by_role("alert").filter(has_text="layer 3 stays 30")).to_be_visible()
    says(area, "^3-8-7-30-1, ")
    area.get_by_label("Neurons in layer 3").fill("3")
    area.get_by_label("Neurons in layer 3").press("Enter")
    says(area, "^3-8-7-3-1, ")
    expect(area.get_by_role("alert").filter(has_text="stays")).to_have_count(0)
    area.locator("select").filter(has_text="sigmoid").select_option("tanh")
    before = step_on(area)
    area.get_by_label("optimiser").select_option("gradient descent")
    wait_until(lambda: step_on(area) > before)  # it goes on from there
    area.get_by_role("radio", name="gaussians (regression)").check()
    says(area, "step [1-9].* loss: test")
    expect(area.locator(".data-choice")).to_have_text(re.compile("classificationregression: gaussians"))
    neuron(area, "neuron 3 of layer 2").hover()
    expect(area.get_by_role("img", name="What neuron 3 of layer 2 sees")).to_be_visible()
    area.get_by_role("radio", name="spiral").focus()
    page.keyboard.press("ArrowRight")
    expect(area.get_by_role("radio", name="circle")).to_be_checked()
    says(area, "accuracy")
    press(area, "State as text")
    text = area.get_by_role("textbox", name=re.compile("The controls as they stand"))
    expect(text).to_have_value(re.compile('Playground\\(state=.*"data": "circle", "new_points": 0'))
    press(area, "New points")
    expect(text).to_have_value(re.compile('"new_points": 1'))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(area, "Copy")
    expect(area.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == text.input_value()
    press(area, "Close")
    expect(text).to_be_hidden()

    press(area, "Pause")
    expect(area.get_by_role("button", name=re.compile("Play$"))).to_be_enabled()
    says(area, "^3-8-7-3-1, ")
    neuron(area, "neuron 1 of layer 3").click()
    for _ in range(2):
        area.get_by_role("button", name="One hidden layer less").click()
    says(area, "^3-8-1, ")
    expect(area.get_by_role("img", name=re.compile("sees$"))).to_have_count(0)  # the neuron is gone
    neuron(area, "neuron 2 of layer 1").click()
    weight = area.get_by_label("weight of x2")
    for typed in ("much", "1,000", "1e9"):
        weight.fill(typed)
        weight.press("Enter")
        expect(area.get_by_role("alert").filter(has_text="weight of x2 stays")).to_be_visible()
    stands = area.locator(".playground").bounding_box()
    area.get_by_label("batch size, any value").fill("101")
    area.get_by_label("batch size, any value").press("Enter")
    expect(area.get_by_role("alert").filter(has_text="batch size stays 50")).to_be_visible()
    area.get_by_label("regularisation", exact=True).click(trial=True)  # what the answer lies over can be reached
    area.get_by_label("learning rate, any value").fill("0.000001")
    area.get_by_label("learning rate, any value").press("Enter")
    expect(area.get_by_text("number from 0.00001 to 10; learning rate stays 0.01.")).to_be_visible()
    assert area.locator(".playground").bounding_box() == stands
    press(area, "Reset")
    expect(area.get_by_role("alert").filter(has_text="stays")).to_have_count(0)
    expect(area.get_by_label("batch size, any value")).to_have_value("50")
    weight.fill("-2,5")
    weight.press("Enter")
    assert answer(page) == "(-2.5, None)"
    scroll_to(area)
    press(area, "Reset")
    says(area, "gradient descent. Press Play")
    press(area, "Epoch")
    says(area, "step 10, epoch 1 ")
    noise = area.get_by_label("noise, any value")
    for typed, words in (("2.5", "Noise: 50% in TF Playground."), ("0", r"training [0-9.]+$")):
        noise.fill(typed)
        noise.press("Enter")
        says(area, f"^3-8-1, .* gradient descent. Press Play. .*{words}")
        assert ("50%" in area.locator(".number-slider", has_text="noise").get_attribute("title")) == (typed == "2.5")
    press(area, "44 neurons")
    says(area, "^2-44-1, 177 parameters, Adam")
    expect(area.get_by_role("radio", name="circle")).to_be_checked()  # a preset is another network, not other points

    parts = ("playground_drawing.js", "playground_picture.js")
    source = "\n".join((Path(playground_view.__file__).parent / part).read_text("utf-8") for part in parts)
    drawn = page.evaluate(DRAWN, source)
    # A spike is forgotten once more than as many steps again have gone by.
    assert drawn["axes"] == [10, 1.5, 10, 1.5, 2]
    orange, neither, blue = drawn["signs"]
    assert neither == [255, 255, 255, 255] and orange[0] > orange[2] and blue[2] > blue[0]
    assert 0 < drawn["edges"][0][3] < drawn["edges"][1][3]  # a test point of a small value is paler


@pytest.mark.slow
def test_all_of_it_by_keyboard_in_the_dark_and_after_a_reload(open_cells):
    page = open_cells(PLAYGROUND, WEIGHT, name="by keyboard.ipynb")
    run_all(page)
    area = playground_on(page)
    neuron(area, "feature x1").focus()
    for key, name in (
        ("ArrowDown", "feature x2"),
        ("ArrowRight", "neuron 2 of layer 1"),
        ("ArrowRight", "the output"),
        ("Home", "feature x1"),
    ):
        page.keyboard.press(key)
        expect(neuron(area, name)).to_be_focused()
    page.keyboard.press("Enter")  # off
    says(area, "^1-8-1")
    page.keyboard.press("Enter")
    says(area, "^2-8-1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    dialog = area.get_by_role("dialog", name=re.compile("^neuron 2 of layer 1"))
    expect(dialog.get_by_label("bias")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(dialog.get_by_label("weight of x2")).to_be_focused()
    page.keyboard.type("0.75")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(neuron(area, "neuron 2 of layer 1")).to_be_focused()
    assert answer(page).startswith("(0.85")

    scroll_to(area)
    for theme in ("Light", "Dark"):
        choose_theme(page, theme)
        found = Axe().run(page, context=".playground").response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    # A button that is greyed out hands the focus on to the one that is offered in its place.
    area.get_by_role("button", name=re.compile("Play$")).focus()
    page.keyboard.press("Space")
    says(area, "step [1-9]")
    expect(area.get_by_role("button", name=re.compile("Pause$"))).to_be_focused()
    page.keyboard.press("Space")
    expect(area.get_by_role("button", name=re.compile("Play$"))).to_be_enabled()
    page.keyboard.press("Tab")  # past Pause, which is greyed out, to Step, then to Epoch
    page.keyboard.press("Tab")
    expect(area.get_by_role("button", name=re.compile("Epoch$"))).to_be_focused()
    page.keyboard.press("Space")
    says(area, "step [0-9,]+0, epoch")  # ten batches an epoch
    # The still picture is drawn a moment later, and must not take away what a hand has opened meanwhile.
    for pause, value in ((800, "1.25"), (1000, "1.5"), (1200, "1.75")):
        press(area, "Step")
        page.wait_for_timeout(pause)
        neuron(area, "neuron 2 of layer 1").click()
        weight = area.get_by_label("weight of x2")
        weight.press("Control+a")
        weight.press_sequentially(value, delay=150)
        page.keyboard.press("Enter")
        comes_to(page, f"({value},")
        scroll_to(area)
    press(area, "Play")
    neuron(area, "neuron 2 of layer 1").hover()
    with page.expect_response(lambda response: response.request.method == "PUT"):  # else the reload ends the saving
        page.keyboard.press("Control+s")
    page.reload()
    area = playground_on(page)
    page.mouse.move(5, 5)
    says(area, "step [1-9]")
    expect(area.locator(".playground-map")).to_have_attribute("aria-label", re.compile("network"))
    before = area.locator(".playground-line").inner_text()
    expect(area.locator(".playground-line")).not_to_have_text(before)
    press(area, "Pause")
    expect(area.get_by_role("button", name=re.compile("Play$"))).to_be_enabled()


@pytest.mark.slow
def test_a_neuron_is_large_and_sharp_as_long_as_hand_or_focus_rests_on_it(open_cells):
    page = open_cells(PLAYGROUND, REMADE, GONE, "playground.looked_at", name="looked-at.ipynb")
    page.set_viewport_size({"width": 1366, "height": 768})
    cells = page.locator(".jp-CodeCell .cm-content")
    cells.first.click()
    page.keyboard.press("Control+Enter")
    area = playground_on(page)
    says(area, "Press Play")
    seen = area.get_by_role("img", name="What neuron 2 of layer 1 sees")
    neuron(area, "neuron 2 of layer 1").focus()
    expect(seen).to_be_visible()
    hand(page, area, "feature x1")
    expect(area.get_by_role("img", name="What x1 sees")).to_be_visible()
    page.mouse.move(5, 5)
    expect(seen).to_be_visible()  # the focus is still there
    hand(page, area, "neuron 2 of layer 1")
    page.wait_for_timeout(500)
    sharp = large_map(area)

    cells.nth(1).click()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".jp-CodeCell .jp-InputArea-prompt").nth(1)).to_have_text("[2]:")
    scroll_to(area)
    expect(seen).to_have_count(0)
    area.locator(".playground").evaluate("view => { view.dataset.before = true; }")
    hand(page, area, "neuron 2 of layer 1")
    expect(area.locator("[data-before]")).to_have_count(0)
    expect(seen).to_be_visible()  # though the hand has not moved since
    wait_until(lambda: large_map(area) == sharp)
    cells.nth(2).click()
    page.keyboard.press("Control+Enter")
    comes_to(page, "'output'")

    page.mouse.move(5, 5)
    for width in (683, 390):  # a laptop at 200%, a telephone; the list of files takes its part
        page.set_viewport_size({"width": width, "height": 768})
        if width == 390:
            page.get_by_role("tab", name=re.compile("^File Browser")).click()
        scroll_to(area.locator(".playground"))
        for part in (".playground-map", ".data-choice"):
            wait_until(lambda part=part: is_within(area, part))
        wait_until(lambda: area.locator(".playground").evaluate("view => view.scrollWidth <= view.clientWidth"))


@pytest.mark.slow
def test_a_network_of_ones_own_is_watched_while_a_cell_trains_it(open_cells):
    page = open_cells(WATCHED, TRAIN, name="watched.ipynb")
    run_all(page)
    area = playground_on(page)
    says(area, "^2-3-1, 13 parameters · step 40, ")
    expect(area.get_by_role("button", name="One hidden layer more")).to_be_hidden()
    press(area, "Step")
    says(area, "step 41, ")
    press(area, "Reset")
    says(area, "Press Play")
