"""Whatever the lessons draw to be touched: axe finds nothing grave in it, and keys alone reach and move all of it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from reader import choose_theme, run_all, scroll_to
from test_random_walks import LABS

OTHERS = {
    "digit pad": """from helpers import data, networks, training
from helpers.labs import digit_pad
network = networks.Network(networks.Design(activation="ReLU", initialisation="He"))
training.train(network, data.load_mnist(), learning_rate=0.1, steps=100)
digit_pad.keep(network, "a network")
digit_pad.DigitPad()""",
    "filter": """from helpers import data
from helpers.labs import filter_explorer
filter_explorer.FilterExplorer(data.load_mnist().train, digit=5)""",
    "valley": "from helpers.labs import valley_explorer\nvalley_explorer.valley_explorer()",
    "folding": "from helpers.labs import explorers\nexplorers.folding_explorer()",
    "exclusive-or": "from helpers.labs import explorers\nexplorers.exclusive_or_explorer()",
    "descent": """from helpers.plots import gradient_descent
from helpers.labs import explorers
explorers.descent_explorer(gradient_descent.Valley(lambda bias: (bias - 1) ** 2, name="bias"), start=3.0)""",
    "start": """import tensorflow as tf
from helpers import data
from helpers.labs import start_explorer
batch = data.load_mnist().train
start_explorer.start_explorer(batch.images[:100].reshape(-1, 784) / 255, tf.one_hot(batch.labels[:100], 10))""",
}
DRAWN = LABS | OTHERS
# All that a hand can use now. Buttons between which the arrow keys lead are one stop of the Tab key, and so are radio
# buttons.
TO_REACH = """area => [...area.querySelectorAll('button, input, select, textarea, summary, [role=slider], [tabindex]')]
    .filter(each => each.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !each.disabled)
    .filter(each => each.type !== 'radio' || each.checked)
    .filter(each => each.tabIndex >= 0 && !each.closest('[inert]') && each.getClientRects().length)"""
MARK = f"area => ({TO_REACH})(area).forEach((each, number) => each.dataset.stop = number)"
NAME = (
    "each.ariaLabel || each.innerText || each.closest('.widget-inline-hbox, .number-slider')?.innerText || each.tagName"
)
STOPS = f"area => Object.fromEntries(({TO_REACH})(area).map(each => [each.dataset.stop, {NAME}]))"
# Where the focus is, whether it can be seen there, and what the control shows. null outside of the area.
FOCUS = f"""area => {{
    const each = document.activeElement;
    if (!area.contains(each)) return null;
    const {{outlineStyle, outlineWidth, boxShadow}} = getComputedStyle(each);
    return {{
        stop: each.dataset.stop ?? null, kind: each.type || each.tagName.toLowerCase(), name: {NAME},
        ring: boxShadow !== 'none' || (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0),
        choices: each.options?.length ?? 2, shows: each.type === 'checkbox' ? String(each.checked) : each.value ?? '',
    }};
}}"""
KEYS = {"range": ("ArrowRight", "ArrowLeft"), "select-one": ("ArrowDown", "ArrowUp"), "checkbox": ("Space", "Space")}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture(params=[tuple(DRAWN)[::2], tuple(DRAWN)[1::2]], ids=["half", "other half"])
def drawn(request, open_cells, tmp_path):
    """A page with half of what the lessons draw, and for each its name and its cell's output."""
    own = f"import os\nos.environ['LESSONS_WORK'] = {str(tmp_path)!r}"
    page = open_cells(own, *(DRAWN[name] for name in request.param), name="drawn.ipynb")
    run_all(page)
    cells = page.locator(".jp-CodeCell")
    return page, {name: cells.nth(n).locator(".jp-Cell-outputArea") for n, name in enumerate(request.param, start=1)}


def unfold_all(page, area):
    scroll_to(area)
    for fold in area.locator(".unfold > button[aria-expanded=false]").all():
        fold.click()
    page.wait_for_timeout(500)


def test_axe_finds_nothing_grave_in_either_theme(drawn):
    page, areas = drawn
    grave = {}
    for theme in ("Light", "Dark"):
        choose_theme(page, theme)
        page.wait_for_timeout(1000)  # pictures are drawn anew
        for name, area in areas.items():
            unfold_all(page, area)
            area.evaluate("area => area.id = 'looked-at'")
            found = Axe().run(page, context="#looked-at .jp-OutputArea-output").response["violations"]
            area.evaluate("area => area.removeAttribute('id')")
            for each in found:
                if each["impact"] in ("critical", "serious"):
                    grave[name, theme, each["id"]] = [node["html"][:200] for node in each["nodes"]]
    assert not grave, "\n".join(map(str, grave.items()))


def test_keys_alone_reach_every_control_and_move_it(drawn):
    page, areas = drawn
    faults = []
    for name, area in areas.items():
        unfold_all(page, area)
        area.evaluate(MARK)
        stops = area.evaluate(STOPS)
        assert stops, name
        area.locator("[data-stop='0']").focus()
        reached = set()
        for _ in range(len(stops) + 40):
            now = area.evaluate(FOCUS)
            if now is None:
                break
            if now["stop"] not in reached and not now["ring"]:
                faults.append(f"{name}: nobody sees that {now['name']} has the focus")
            if now["stop"] not in reached and now["kind"] in KEYS and now["choices"] > 1 and not moves(page, area, now):
                faults.append(f"{name}: no key moves {now['name']}")
            reached.add(now["stop"])
            page.keyboard.press("Tab")
        else:
            faults.append(f"{name}: the Tab key does not lead out of it")
        there = area.evaluate(STOPS)  # what a key has taken away need not be reached
        faults += [
            f"{name}: the Tab key does not reach {stops[each]}" for each in there if each in stops.keys() - reached
        ]
    assert not faults, "\n".join(faults)


def moves(page, area, now: dict) -> bool:
    """Whether a key changes what the control with the focus shows, back or forth."""
    for key in KEYS[now["kind"]]:
        page.keyboard.press(key)
        after = area.evaluate(FOCUS)
        if after is None or after["shows"] != now["shows"]:
            return True
    return False
