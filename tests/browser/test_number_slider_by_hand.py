"""The page's half of the number control in a browser, without JupyterLab: typed into, pressed and listened to."""

import json

import pytest
from playwright.sync_api import expect

from helpers.widgets.live import HERE
from helpers.widgets.number_slider import NumberSlider, decades

# What anywidget gives a widget's page side, as far as the control uses it; `sent` is what would reach the kernel.
PAGE = """async ([script, style, traits]) => {
    const heard = {};
    window.sent = [];
    window.model = {
        get: (name) => traits[name],
        set: (name, value) => { traits[name] = value; heard["change:" + name]?.(); },
        save_changes: () => window.sent.push(traits.value),
        on: (name, react) => { heard[name] = react; },
    };
    document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
    document.body.innerHTML = "<main></main>";
    const el = document.querySelector("main");
    el.className = "number-slider";
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    (await import(url)).default.render({ model: window.model, el });
}"""


@pytest.fixture
def show(browser):
    """A function that shows a control on an empty page, and returns this page."""
    pages = []

    def on_page(made: NumberSlider):
        pages.append(browser.new_page(viewport={"width": 700, "height": 200}))
        names = ("value", "stops", "min", "max", "whole", "description", "unit", "disabled")
        traits = json.loads(json.dumps({name: getattr(made, name) for name in names}))
        style = (HERE / "controls.css").read_text(encoding="utf-8")
        pages[-1].evaluate(PAGE, [made._esm, style, traits])
        return pages[-1]

    yield on_page
    for page in pages:
        page.close()


def rate():
    return NumberSlider(0.3, decades(0.0001, 10), description="learning rate", unit="a step")


def steps():
    return NumberSlider(10_000, (500, 1000, 10_000, 100_000), min=1, description="steps")


TYPED = {
    "a value between the stops": (rate, "0.301995", 0.301995, "0.301995"),
    "a decimal comma": (rate, "0,5", 0.5, "0.5"),
    "a decimal comma with three digits after 0": (rate, "0,005", 0.005, "0.005"),
    "powers of ten": (rate, " 1e-3 ", 0.001, "0.001"),
    "no zero in front": (rate, ".05", 0.05, "0.05"),
    "steps between the stops": (steps, "250", 250, "250"),
    "thousands": (steps, "20,000", 20_000, "20,000"),
    "thousands in another country": (steps, "20 000", 20_000, "20,000"),
}
REFUSED = {
    "rubbish": (rate, "fast", "Type a number from 0.0001 to 10; learning rate stays 0.3."),
    "nothing": (rate, "", "Type a number from 0.0001 to 10"),
    "too much": (rate, "1e30", "Type a number from 0.0001 to 10"),
    "a number for computers": (rate, "0x1", "Type a number"),
    "one or a thousand": (rate, "1,000", "Is that 1 or 1000? Write it without the comma; learning rate stays 0.3."),
    "below": (rate, "-0.3", "Type a number from 0.0001 to 10"),
    "a fraction of a step": (steps, "3.7", "Type a whole number from 1 to 100,000; steps stays 10,000."),
    "a fraction with a comma": (steps, "3,7", "Type a whole number"),
    "ten, or ten thousand": (steps, "10.000", "Type a whole number"),
    "no step": (steps, "0", "Type a whole number"),
}


def type_into(page, text: str, key: str = "Enter"):
    field = page.get_by_role("textbox")
    field.fill(text)
    field.press(key)
    return field


def test_what_is_typed_is_taken_exactly_or_answered_in_words(show):
    shown = {make: show(make()) for make in (rate, steps)}
    for name, (make, text, value, words) in TYPED.items():
        page = shown[make]
        field = type_into(page, text)
        expect(field, name).to_have_value(words)
        assert page.evaluate("window.sent.at(-1)") == value, name
        assert page.get_by_role("slider").get_attribute("aria-valuetext").split()[0] == words, name
        expect(page.get_by_role("alert"), name).to_have_text("")
    for key in ("Enter", "Tab"):
        for name, (make, text, words) in REFUSED.items():
            page = shown[make]
            page.evaluate("value => window.model.set('value', value)", make().value)
            before = page.evaluate("window.sent.length")
            field = type_into(page, text, key)
            expect(page.get_by_role("alert"), name).to_contain_text(words)
            assert page.evaluate("[window.sent.length, window.model.get('value')]") == [before, make().value], name
            field.press("Escape")
            expect(field, name).to_have_value(make().label)
            expect(page.get_by_role("alert"), name).to_have_text("")


def test_keys_move_it_from_stop_to_stop_and_to_what_was_typed(show):
    page = show(rate())
    handle = page.get_by_role("slider", name="learning rate", exact=True)
    page.keyboard.press("Tab")
    expect(handle).to_be_focused()
    for key, words in (("ArrowRight", "0.5"), ("ArrowLeft", "0.3"), ("End", "10"), ("Home", "0.0001")):
        page.keyboard.press(key)
        expect(handle).to_have_attribute("aria-valuetext", f"{words} a step")
        expect(page.get_by_role("textbox")).to_have_value(words)
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="learning rate, any value")).to_be_focused()
    type_into(page, "0.07")
    for key, value in (("ArrowDown", 0.05), ("ArrowUp", 0.07), ("ArrowUp", 0.1)):
        page.keyboard.press(key)
        assert page.evaluate("window.sent.at(-1)") == value


def test_what_python_sets_is_shown_but_for_a_field_that_is_being_typed_into(show):
    page = show(rate())
    field = page.get_by_role("textbox")
    page.evaluate("window.model.set('value', 0.5)")
    expect(field).to_have_value("0.5")
    field.press("Control+a")
    page.keyboard.type("0.0")
    page.evaluate("window.model.set('value', 0.7)")
    expect(field).to_have_value("0.0")
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "0.7 a step")
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    assert page.evaluate("window.sent.at(-1)") == 0.02
    assert page.evaluate("window.sent.length") == 1  # showing what Python set sends nothing back
