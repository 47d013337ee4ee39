"""What a reader does in JupyterLab, and what must never meet them there."""

import contextlib
import random
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ElementHandle, Error, Page, expect

SCREENSHOTS = Path(__file__).resolve().parent.parent / "screenshots"
SECOND = 1000  # Playwright counts in milliseconds
# How long a journey waits for what has to come. On a quiet machine nearly all of it comes within a second; a busy one,
# where two journeys and a training share two cores, must not turn a journey red.
PATIENCE = 90 * SECOND
expect.set_options(timeout=PATIENCE)


def start_all(page: Page) -> None:
    """Run every cell from the menu; again, as a reader would, if the kernel was not yet there to hear it."""
    last = page.locator(".jp-CodeCell .jp-InputArea-prompt").last
    before = last.inner_text()
    for _ in range(5):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        with contextlib.suppress(AssertionError):
            return expect(last).not_to_have_text(before, timeout=10 * SECOND)  # "[*]:", or already its number
    raise AssertionError("The cells did not start to run.")


def run_all(page: Page) -> None:
    """Run every cell from the menu and wait until the last one has its number."""
    start_all(page)
    last = page.locator(".jp-CodeCell .jp-InputArea-prompt").last
    expect(last, "the last cell was not reached").to_have_text(re.compile(r"\[\d+\]"), timeout=800 * SECOND)


def choose_theme(page: Page, theme: str) -> None:
    """Choose the light or the dark theme from the menu."""
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Theme$")).hover()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^JupyterLab {theme}$")).click()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", f"JupyterLab {theme}")
    expect(page.locator("#jupyterlab-splash")).to_have_count(0)  # what lies over the page while it changes


def photograph(page: Page, name: str, theme: str) -> None:
    """Leave a picture of what the reader sees now in tests/screenshots, to be looked at."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{theme.lower()}.png")


def no_complaints(page: Page) -> None:
    """Fail if the reader was shown a pink box, a red box, a missing widget, or had an error in the console."""
    boxes = page.locator('[data-mime-type$="jupyter.stderr"], [data-mime-type$="jupyter.error"], .lab-error')
    assert boxes.all_inner_texts() == []
    assert page.get_by_text("Error displaying widget").count() == 0
    assert page.console_errors == []


def scroll_to(element) -> None:
    """Bring an element into view, again if what is drawn above it pushes it away meanwhile, as a reader would.

    If JupyterLab puts a new one in its place, that one.
    """
    for _ in range(5):
        with contextlib.suppress(Error, AssertionError):
            element.scroll_into_view_if_needed(timeout=5 * SECOND)
            expect(element).to_be_in_viewport(timeout=SECOND)
            return
    element.scroll_into_view_if_needed()


def bench(page: Page, number: int = 0):
    """The output of a cell with a lab, counted from 0."""
    cells = page.locator(".jp-CodeCell", has=page.get_by_role("button", name="Train"))
    output = cells.nth(number).locator(".jp-Cell-outputArea")
    scroll_to(output)
    return output


def slider(area, name: str):
    """The slider with this label; it is moved with the keyboard."""
    return area.get_by_role("slider", name=name, exact=True)


def field(area, name: str):
    """The field beside the slider with this label, which takes any value."""
    return area.get_by_role("textbox", name=f"{name}, any value", exact=True)


def type_value(area, name: str, text: str) -> None:
    """Type over what stands in the field of this control, and press Enter."""
    field(area, name).fill(text)
    field(area, name).press("Enter")


def unfold(area) -> None:
    """Unfold what stands folded under the controls."""
    button = area.locator(".unfold > button")
    if button.get_attribute("aria-expanded") == "false":
        button.click()


# A picture that lives, whose every frame is another image; and any picture, whether it lives or was stored.
LIVE = ".live-open img:visible"
PICTURES = f".jp-RenderedImage img, .jp-RenderedHTML img:visible, .training-chart canvas, {LIVE}"


def a_new_frame_comes(picture) -> None:
    """Wait until a picture shows something else."""
    expect(picture).not_to_have_attribute("src", picture.get_attribute("src"))


# The mean brightness of a picture: paper is light in one theme and dark in the other.
BRIGHTNESS = """image => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const data = context.getImageData(0, 0, canvas.width, canvas.height).data;
    return data.reduce((sum, value, place) => sum + (place % 4 < 3 ? value : 0), 0) / data.length / 0.75;
}"""


def brightness(picture) -> float:
    """How light a picture is on the mean, from 0 to 255."""
    return picture.evaluate(BRIGHTNESS)


def turns(picture, dark: bool) -> None:
    """Wait until a picture has the paper of this theme."""
    for _ in range(300):
        if (brightness(picture) < 128) == dark:
            return
        picture.page.wait_for_timeout(200)
    raise AssertionError(f"The picture did not turn {'dark' if dark else 'light'}.")


def has_words(page) -> None:
    """Every picture of ours has an alternative text, and axe finds nothing serious in them."""
    assert page.locator(PICTURES).count()
    for image in page.locator(PICTURES).all():
        assert len(image.get_attribute("alt") or image.get_attribute("aria-label") or "") > 20
    for part in (".live-picture", ".jp-RenderedHTML"):
        if page.locator(part).count():
            found = Axe().run(page, context=part).response["violations"]
            assert [(each["id"], part) for each in found if each["impact"] in ("serious", "critical")] == []


def save(page, name: str) -> None:
    """Save the notebook from the menu, and wait until the server has it."""
    with page.expect_response(lambda response: response.request.method == "PUT" and name in response.url):
        page.get_by_role("menuitem", name="File", exact=True).click()
        page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Save Notebook$")).click()


def restart(page) -> None:
    """Restart the kernel from the menu."""
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Restart Kernel…$")).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()


def count_frames(area, seconds: float) -> float:
    """Watch the chart or the picture of `area` for a while; how many new frames came a second."""
    return area.evaluate(
        """async (area, seconds) => {
            const seen = new Set();
            const end = performance.now() + seconds * 1000;
            while (performance.now() < end) {
                await new Promise(requestAnimationFrame);
                seen.add(area.querySelector('[data-frame]')?.dataset.frame);
            }
            return (seen.size - 1) / seconds;
        }""",
        seconds,
    )


def chart_in(area):
    """The training chart of an output, once it is drawn, scrolled to."""
    chart = area.locator(".training-chart")
    expect(chart).to_have_attribute("data-frame", re.compile("[0-9]"))
    scroll_to(chart)
    return chart


def it_moves(chart, frames: int = 3) -> None:
    """Wait until a chart has shown so many frames more."""
    before = int(chart.get_attribute("data-frame"))
    chart.page.wait_for_function(
        "([chart, least]) => Number(chart.dataset.frame) >= least",
        arg=[chart.element_handle(), before + frames],
        timeout=PATIENCE,
    )


def click(control: ElementHandle, _page: Page, _chance: random.Random) -> str:
    """Click a button or a box, and say so."""
    control.click(timeout=5 * SECOND)
    return "click"


def move(handle: ElementHandle, page: Page, chance: random.Random) -> str:
    """Move a slider somewhere, with keys or with the mouse, and say how."""
    if chance.random() < 0.3:
        return drag(handle, page, chance.random())
    keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"]
    chosen = chance.choices(keys, k=chance.randint(1, 4))
    for key in chosen:
        handle.press(key)
    return f"press {', '.join(chosen)} on"


def drag(handle: ElementHandle, page: Page, share: float) -> str:
    """Drag a slider from its middle to this share of its track, and say so."""
    handle.scroll_into_view_if_needed()
    track = handle.bounding_box()
    middle = track["y"] + track["height"] / 2
    page.mouse.move(track["x"] + track["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(track["x"] + share * track["width"], middle, steps=5)
    page.mouse.up()
    return f"drag to {share:.0%}"


def choose(dropdown: ElementHandle, _page: Page, chance: random.Random) -> str:
    """Choose any option of a dropdown, and say which."""
    words = chance.choice(dropdown.query_selector_all("option")).inner_text()
    dropdown.select_option(label=words, timeout=5 * SECOND)
    return f"choose {words} of"


def type_in(field: ElementHandle, page: Page, chance: random.Random) -> str:
    """Type over what stands in a field, and say what."""
    text = chance.choice(["7", "42", "9999", "123456", "-3", "", "0,5", "3.7", "0.301995", "1e30", "fast"])
    field.click(timeout=5 * SECOND)
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)
    page.keyboard.press(chance.choice(["Enter", "Tab"]))
    return f"type '{text}' into"


# What a hand does with each kind of control, and how often it takes one of them.
HANDS = {
    "button.jupyter-button:enabled": (click, 8),
    ".number-slider input[type=range]:enabled": (move, 6),
    ".unfold > button": (click, 1),
    "input[type=checkbox]:enabled": (click, 3),
    ".playground button:enabled": (click, 3),
    "select:enabled:has(option)": (choose, 2),
    "input[type=radio]:enabled": (click, 2),
    "input:is([type=number], [type=text]):enabled, textarea:enabled": (type_in, 1),
}

NAME = "each => (each.closest('.widget-inline-hbox, .number-slider') ?? each).innerText.split('\\n')[0]"


def controls_shown(area) -> dict[str, float | str | bool]:
    """What every control in sight shows, by its name: a slider's value, the option chosen, a tick, a field's text."""
    shown = area.evaluate(
        """area => Object.fromEntries([...area.querySelectorAll('.widget-inline-hbox, .number-slider, .data-choice')]
            .filter(control => control.checkVisibility({visibilityProperty: true}))
            .map(control => {
                const [range, select, box, field] = ['[type=range]', 'select', '[type=checkbox]', 'input']
                    .map(each => control.querySelector(each));
                if (control.matches('.data-choice')) return ['data', control.querySelector(':checked').value];
                const shown = range?.ariaValueText ?? select?.selectedOptions[0]?.label ?? box?.checked ?? field?.value;
                return [control.innerText.split('\\n')[0], shown];
            })
            .filter(([name, shown]) => shown !== undefined))"""
    )
    return {name: value if isinstance(value, bool) else as_number(value) for name, value in shown.items()}


def as_number(shown: str) -> float | str:
    """A number where one is shown, since page and kernel write 10, 10.0 and −1 a little differently."""
    plain = shown.replace("\N{NO-BREAK SPACE}", " ").strip()
    try:
        return float(plain.replace("\N{MINUS SIGN}", "-").replace(",", "").removesuffix(" pixels"))
    except ValueError:
        return plain
