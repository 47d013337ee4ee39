"""Random walks over every lab: a curious hand clicks, drags, chooses and types in an order that nobody planned.

What can be touched is found on the page, so that a new control is walked over as well. A red walk prints what it did;
its seed leads to the same walk again, as far as the machine is as quick as it was.
"""

import contextlib
import json
import random
import re

import pytest
from playwright.sync_api import Error, Page, TimeoutError, expect
from reader import HANDS, NAME, SECOND, as_number, choose_theme, controls_shown, no_complaints, run_all, scroll_to

ACTIONS, BETWEEN_CHECKS = {"playground": 300}, 15  # 60 where nothing is said
PATIENCE = 60  # seconds that a busy kernel may take to have heard of everything that was done
LABS = {
    "training lab": """from helpers import data
from helpers.labs import training_lab
import tensorflow as tf
bench = training_lab.TrainingLab(data.load_mnist(), lambda: (lambda x, W=tf.Variable(tf.zeros([784, 10])): x @ W))
bench""",
    "network lab": """from helpers import data
from helpers.labs import network_lab
bench = network_lab.NetworkLab(data.load_mnist(), preset="lesson 03")
bench""",
    "init lab": """from helpers import data
from helpers.labs import init_lab
bench = init_lab.InitLab(data.load_mnist())
bench""",
    "remedy lab": """from helpers import data
from helpers.labs import remedy_lab
bench = remedy_lab.RemedyLab(data.load_mnist(validation=5000))
bench""",
    "convolution lab": """from helpers import onednn
onednn.switch_on()
from helpers import data
from helpers.labs import convolution_lab
bench = convolution_lab.ConvolutionLab(data.load_mnist(validation=5000))
bench""",
    "lab by hand": """from helpers import data, numpy_training
from helpers.labs import numpy_lab
import numpy as np

def predict(x, weights):
    return np.maximum(x @ weights[0], 0) @ weights[1]

def backward(x, goals, weights):
    hidden, outputs = np.maximum(x @ weights[0], 0), predict(x, weights)
    delta = (outputs - goals) / len(x)
    return outputs, [x.T @ (delta @ weights[1].T * (hidden > 0)), hidden.T @ delta]

def squared_error(outputs, goals):
    return np.sum((outputs - goals) ** 2) / len(goals) / 2

def start(hidden):
    return [np.full((784, hidden), 0.001, np.float32), np.full((hidden, 10), 0.001, np.float32)]

bench = numpy_lab.NumpyLab(data.load_mnist(), numpy_training.Network(predict, backward, squared_error, "mean"), start)
bench""",
    "playground": "from helpers.labs import playground\nbench = playground.Playground()\nbench",
    "stepper": "from helpers.labs import backprop_stepper\nbench = backprop_stepper.Stepper()\nbench",
    "explorers": """from helpers.labs import explorers
bench = explorers.cross_entropy_explorer(), explorers.slope_explorer()
display(*bench)""",
}
# The other cell that is run meanwhile. It prints what the kernel knows of the lab.
QUESTION = """import json
from ipywidgets import Widget
states = [each["state"] for each in Widget.get_manager_state()["state"].values()]
states = [state for state in states if {"value", "index"} & set(state)]  # no buttons: some are called as a control is
print(json.dumps({
    "controls": {state["description"]: state for state in states if state.get("description")},
    "settings": getattr(bench, "settings", {}),
    "runs": len(getattr(bench, "histories", [])),
    "error": repr(getattr(getattr(bench, "runner", None), "error", None)),
}))"""
FAR_BELOW = "\n".join(["# A cell so long that the lab is out of sight when it is looked at."] * 80)
# A rate that is too high is the reader's own choice, and the lab says so. Any other error is a mistake of ours.
TOO_HIGH = ("DivergedError", "ArithmeticError", "None")
SIZES = re.compile(r"\d+(?:-\d+)+(?=, \d+ parameters)|(?<= parameters: )\d+(?:-\d+)+")
# Why a hand cannot reach a control that is neither hidden nor greyed out; nothing if it can.
LOST = """control => {
    const {x, y, width, height} = control.getBoundingClientRect();
    const dialog = document.elementFromPoint(x + width / 2, y + height / 2)?.closest('[role=dialog]');
    return !control.isConnected ? 'replaced' : dialog && !dialog.contains(control) ? 'covered by a dialog' : '';
}"""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


class Walk:
    """A hand at the lab of a notebook's first cell; the second asks the kernel about it, the last one is far below."""

    def __init__(self, page: Page):
        self.page, cells = page, page.locator(".jp-CodeCell")
        self.area, self.question, self.below = cells.first.locator(".jp-Cell-outputArea"), cells.nth(1), cells.last
        self.stop_button = self.area.get_by_role("button", name=re.compile("(Stop|Pause)$"))

    def act(self, chance: random.Random) -> str:
        ways = {self.touch: 20, self.ask_meanwhile: 2, self.look_away: 1, self.change_theme: 1}
        return chance.choices(list(ways), ways.values())[0](chance)

    def touch(self, chance: random.Random) -> str:
        """Use one of the controls that can be seen."""
        scroll_to(self.area)
        found = {kind: self.area.locator(kind).locator("visible=true").element_handles() for kind in HANDS}
        kinds = [kind for kind in HANDS if found[kind]]
        kind = chance.choices(kinds, [HANDS[kind][1] for kind in kinds])[0]
        control, (use, _) = chance.choice(found[kind]), HANDS[kind]
        name = control.evaluate(NAME)
        try:
            return f"{use(control, self.page, chance)} {name}"
        except Error:
            lost = control.evaluate(LOST)
            if not lost and control.is_visible() and control.is_enabled():
                raise
            return f"miss {name}, which was {lost or 'greyed out'} meanwhile"

    def ask_meanwhile(self, _chance: random.Random | None = None) -> str:
        self.question.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        return "run the other cell"

    def look_away(self, _chance: random.Random) -> str:
        scroll_to(self.below)
        self.page.wait_for_timeout(0.5 * SECOND)
        return "look at a cell far below"

    def change_theme(self, _chance: random.Random) -> str:
        theme = "Light" if "Dark" in self.page.locator("body").get_attribute("data-jp-theme-name") else "Dark"
        choose_theme(self.page, theme)
        return f"choose the {theme.lower()} theme"

    def no_mistake_shown(self) -> None:
        """Fail if the lab shows an error that is not the reader's own choice of a rate."""
        shown = self.area.locator(".lab-error").all_inner_texts()
        assert all(text.startswith(TOO_HIGH) for text in shown), shown

    def check(self) -> None:
        """Fail unless the lab stops, is without an error, and page and kernel say the same of it."""
        for _ in range(PATIENCE):  # the kernel hears clicks one by one, and other cells are run meanwhile
            self.stop()
            known, shown = self.known(), self.shown()
            if known == shown:
                break
            self.page.wait_for_timeout(1 * SECOND)
        assert known == shown
        no_complaints(self.page)

    def stop(self) -> None:
        """Stop what runs, by its own button; forget what diverged."""
        if self.stop_button.count() and self.stop_button.is_enabled():
            print("stop what runs")
            with contextlib.suppress(TimeoutError):  # it may end by itself just now
                self.stop_button.click(timeout=5 * SECOND)
            expect(self.stop_button, "what runs does not stop").to_be_disabled(timeout=PATIENCE * SECOND)
        self.no_mistake_shown()
        if self.area.locator(".lab-error").count():
            print("reset what diverged")
            self.area.get_by_role("button", name=re.compile("Reset$")).click()
            expect(self.area.locator(".lab-error")).to_have_count(0, timeout=PATIENCE * SECOND)

    def known(self) -> dict:
        """What the kernel says of the lab when another cell asks it."""
        scroll_to(self.question)
        prompt, answered = self.question.locator(".jp-InputArea-prompt"), re.compile(r"^\[\d+\]:$")
        expect(prompt, "the other cell was never answered").to_have_text(answered, timeout=PATIENCE * SECOND)
        before = prompt.inner_text()
        self.ask_meanwhile()
        expect(prompt).not_to_have_text(before, timeout=PATIENCE * SECOND)
        expect(prompt, "the kernel does not answer").to_have_text(answered, timeout=PATIENCE * SECOND)
        known = json.loads(self.question.locator(".jp-OutputArea-output").text_content())
        assert known["error"].startswith(TOO_HIGH), known["error"]
        settings, controls = known["settings"], {name: as_shown(state) for name, state in known["controls"].items()}
        hidden = settings.get("hidden")
        network = [len(settings.get("features", range(784))), *hidden] if isinstance(hidden, list) else []
        scroll_to(self.area)
        in_sight = {name: controls.get(name) for name in controls_shown(self.area)}
        return {"runs": known["runs"], "network": network} | in_sight

    def shown(self) -> dict:
        """The same as the page shows it: the rows of the table of runs, the network in words, every control."""
        network = SIZES.search(self.area.inner_text())
        return {
            "runs": self.area.locator("table tr:has(td)").count(),
            "network": [int(size) for size in network[0].split("-")][:-1] if network else [],
        } | controls_shown(self.area)


def as_shown(state: dict) -> float | str | bool:
    """How a control with this state in the kernel has to look on the page."""
    if "_options_labels" in state:
        return as_number("" if state["index"] is None else state["_options_labels"][state["index"]])
    value = state.get("value", "")
    return value if isinstance(value, bool) else as_number(format(value, state.get("readout_format") or ""))


@pytest.mark.parametrize("seed", [0])
@pytest.mark.parametrize("name", LABS)
def test_whatever_a_hand_does_page_and_kernel_agree_and_no_error_is_shown(open_cells, name, seed):
    page = open_cells(LABS[name], QUESTION, FAR_BELOW, name=f"walk over {name}.ipynb")
    run_all(page)
    walk = Walk(page)
    for number in range(1, ACTIONS.get(name, 60) + 1):
        # Dice of its own for each action: a button that is greyed out a moment longer does not change all that follows.
        chance = random.Random(f"{name} {seed} {number}")
        print(f"{number}. {walk.act(chance)}")
        walk.no_mistake_shown()
        page.wait_for_timeout(chance.choice([0, 0, 0.1, 0.3, 0.6]) * SECOND)
        if number % BETWEEN_CHECKS == 0:
            walk.check()
