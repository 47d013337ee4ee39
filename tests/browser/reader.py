"""What a reader does in JupyterLab, and what must never meet them there."""

import contextlib
import re

from playwright.sync_api import Error, Page, expect

SECOND = 1000  # Playwright counts in milliseconds
# Half of what the labs are made for: on a quiet machine 10 to 12 frames a second, and 6 to 8 with every panel on, reach
# the page. A machine that is busy with something else must not turn a journey red.
FRAMES_A_SECOND = 5
FRAMES_WITH_EVERY_PANEL = 2.5


def start_all(page: Page) -> None:
    """Run every cell from the menu; again, as a reader would, if the kernel was not yet there to hear it."""
    last = page.locator(".jp-CodeCell .jp-InputArea-prompt").last
    for _ in range(5):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        with contextlib.suppress(AssertionError):
            return expect(last).to_have_text("[*]:", timeout=5 * SECOND)
    raise AssertionError("The cells did not start to run.")


def run_all(page: Page) -> None:
    """Run every cell from the menu and wait until the last one has its number."""
    start_all(page)
    last = page.locator(".jp-CodeCell .jp-InputArea-prompt").last
    expect(last, "the last cell was not reached").to_have_text(re.compile(r"\[\d+\]"), timeout=500 * SECOND)


def choose_theme(page: Page, theme: str) -> None:
    """Choose the light or the dark theme from the menu."""
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Theme$")).hover()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^JupyterLab {theme}$")).click()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", f"JupyterLab {theme}")


def no_complaints(page: Page) -> None:
    """Fail if the reader was shown a pink box, a red box, a missing widget, or had an error in the console."""
    boxes = page.locator('[data-mime-type$="jupyter.stderr"], [data-mime-type$="jupyter.error"], .lab-error')
    assert boxes.all_inner_texts() == []
    assert page.get_by_text("Error displaying widget").count() == 0
    assert page.console_errors == []


def scroll_to(element) -> None:
    """Bring an element into view; if JupyterLab puts a new one in its place meanwhile, that one."""
    for _ in range(5):
        with contextlib.suppress(Error):
            return element.scroll_into_view_if_needed(timeout=5 * SECOND)
    element.scroll_into_view_if_needed()


def bench(page: Page, number: int = 0):
    """The output of a cell with a lab, counted from 0."""
    cells = page.locator(".jp-CodeCell", has=page.get_by_role("button", name="Train"))
    output = cells.nth(number).locator(".jp-Cell-outputArea")
    scroll_to(output)
    return output


def slider(area, name: str):
    """The handle of the slider with this description; it is moved with the keyboard."""
    return area.locator("label", has_text=re.compile(f"^{name}$")).locator("xpath=..").locator(".noUi-handle")


def count_frames(page: Page, area, seconds: float) -> float:
    """Watch the picture of `area` for a while; how many new ones came a second."""
    return area.evaluate(
        """async (area, seconds) => {
            const seen = new Set();
            const end = performance.now() + seconds * 1000;
            while (performance.now() < end) {
                await new Promise(requestAnimationFrame);
                const image = area.querySelector('.jp-RenderedImage img');
                if (image) seen.add(image.src.length + image.src.slice(-4000, -100));
            }
            return (seen.size - 1) / seconds;
        }""",
        seconds,
    )
