"""Finds a browser for the tests that use the lessons as a reader does: `python -m tools.browser` says which."""

import functools
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

INSTALLED = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
# Chromium's sandbox refuses to work for root, which is the one user that containers have.
ARGUMENTS = ("--no-sandbox",) if IS_ROOT else ()
# A network that swallows requests without an answer would stop the tests for good.
LONGEST_DOWNLOAD = 300


class NoBrowserError(Exception):
    """No browser can be had; the message says why."""


@functools.cache
def chromium() -> str:
    """Return the path of a Chromium or Chrome that starts: one that is here, else one that can be fetched.

    Start it with `ARGUMENTS`. Raises `NoBrowserError` with what was tried, what each try answered, and what to do.
    """
    answers = []
    for find in (installed, from_playwright, from_debian):
        try:
            return find()
        except NoBrowserError as answer:
            answers.append(f"- {answer}")
    tried = "\n".join(answers)
    raise NoBrowserError(
        f"The browser tests need Chromium or Chrome, and none could be had:\n{tried}\n"
        "Install one of them (on Debian: sudo apt install chromium), then run the same command again."
    )


def installed() -> str:
    """Return the first browser on this machine that starts."""
    found = [path for name in INSTALLED if (path := shutil.which(name))]
    if not found:
        raise NoBrowserError(f"On this machine there is none of {', '.join(INSTALLED)}.")
    complaints = []
    for path in found:
        try:
            return started(path)
        except NoBrowserError as complaint:
            complaints.append(str(complaint))
    raise NoBrowserError(" ".join(complaints))


def from_playwright() -> str:
    """Return the browser that Playwright keeps for itself, fetched when it is not there yet."""
    where = "from playwright.sync_api import sync_playwright as p\nwith p() as it: print(it.chromium.executable_path)"
    # In a process of its own, since Playwright refuses to run inside a test that runs it already.
    path = run([sys.executable, "-c", where], limit=60).strip()
    if not os.path.exists(path):
        print("Fetching Playwright's own Chromium, about 180 MB.", file=sys.stderr, flush=True)
        run([sys.executable, "-m", "playwright", "install", "chromium"], limit=LONGEST_DOWNLOAD)
    return started(path)


def from_debian() -> str:
    """Return Debian's Chromium, installed when this process is allowed to."""
    if not (shutil.which("apt-get") and IS_ROOT):
        raise NoBrowserError("`apt-get install chromium` was not tried, since it takes Debian's root user.")
    print("Installing Debian's Chromium, about 100 MB.", file=sys.stderr, flush=True)
    run(["apt-get", "update"], limit=LONGEST_DOWNLOAD)
    run(["apt-get", "install", "--yes", "--no-install-recommends", "chromium"], limit=LONGEST_DOWNLOAD)
    return started(shutil.which("chromium") or "chromium")


def started(path: str) -> str:
    """Return the path again once its browser has shown a page; some are stand-ins, others lack a library."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        page = ["--headless", f"--user-data-dir={profile}", "--dump-dom", "data:text/html,<p>shown</p>"]
        said = run([path, *ARGUMENTS, *page], limit=60)
    if "<p>shown</p>" not in said:
        raise NoBrowserError(f"{path} starts, but shows no page.")
    return path


def run(command: list[str], limit: float) -> str:
    """Return what the command printed, or raise `NoBrowserError` when it fails or takes more than `limit` seconds."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as problem:
        raise NoBrowserError(f"`{shlex.join(command)}`: {problem}.") from problem
    try:
        said, _ = process.communicate(timeout=limit)
    except BaseException as interruption:
        # The whole family: a download helper that lives on would go on downloading.
        os.killpg(process.pid, signal.SIGKILL)
        if process.stdout:
            process.stdout.close()
        process.wait()
        if not isinstance(interruption, subprocess.TimeoutExpired):
            raise  # Ctrl-C, for one
        raise NoBrowserError(f"`{shlex.join(command)}`: no result within {limit} seconds.") from None
    if process.returncode != 0:
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        errors = [line for line in lines if "error" in line.lower() or line.startswith("E:")]
        # Later errors are mostly consequences of the first.
        answer = (errors or lines or ["no word about why"])[0]
        raise NoBrowserError(f"`{shlex.join(command)}` failed: {answer}")
    return said


if __name__ == "__main__":
    try:
        print(f"Browser for the tests: {chromium()}")
    except NoBrowserError as problem:
        sys.exit(str(problem))
