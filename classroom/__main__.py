"""`make class`: one machine serves a room of learners, who need a browser and nothing else. Ctrl-C ends all of it."""

import argparse
import os
import secrets
import signal
import socket
import sys
from dataclasses import replace
from pathlib import Path

import psutil

from classroom.hub import accounts, room, settings
from classroom.hub.doorkeeper import Words
from classroom.hub.programs import ENDINGS, PROXY, CannotGoOn, hear_no_more, serve
from classroom.hub.settings import LOOPBACK, PROJECT, Settings

EVERYWHERE = "0.0.0.0"


def arguments(words: list[str]) -> argparse.Namespace:
    """What was asked for; the names are those of make's settings."""
    parser = argparse.ArgumentParser(prog="python -m classroom", description=__doc__)
    parser.add_argument("--host", default=LOOPBACK, help=f"this machine's address in the room; {EVERYWHERE} for all")
    parser.add_argument("--port", type=int, default=8000, help="the parts of the class take the next three as well")
    parser.add_argument("--code", default="", help="the class code; the last one, or a new one, unless it is said")
    parser.add_argument("--cert", default="", help="a certificate, for TLS")
    parser.add_argument("--key", default="", help="its key")
    parser.add_argument("--folder", type=Path, default=PROJECT / "work" / "class", help="the class's files")
    parser.add_argument(
        "--dry", action="store_true", help="say what would happen, and for how many learners it suffices"
    )
    parser.add_argument("--forget-word", metavar="NAME", help="let a learner who forgot their word choose a new one")
    parser.add_argument("--remove-accounts", action="store_true", help="when a course is over: their folders stay")
    return parser.parse_args(words)


def planned(asked: argparse.Namespace) -> Settings:
    """The class that was asked for, with the codes it had before. Raises CannotGoOn if it cannot be, in words."""
    folder = asked.folder.expanduser().resolve()
    plan = Settings(
        host=asked.host or LOOPBACK,  # "" would be every address of this machine
        port=asked.port,
        code=asked.code,
        instructor_code="",
        folder=str(folder),
        certificate=str(Path(asked.cert).resolve()) if asked.cert else "",
        key=str(Path(asked.key).resolve()) if asked.key else "",
        walls=accounts.can_have_walls(),
    )
    try:
        before = settings.read(plan.file) if plan.file.exists() else plan
    except PermissionError:
        raise CannotGoOn(
            f"{plan.state} belongs to another account. What was started with sudo is spoken to with sudo: put it "
            "before this command."
        ) from None
    plan = replace(
        plan,
        code=asked.code.strip() or before.code or settings.new_code(),
        instructor_code=before.instructor_code or settings.new_instructor_code(),
    )
    if len(plan.code) < settings.SHORTEST_CODE:
        raise CannotGoOn(f"A class code has {settings.SHORTEST_CODE} characters or more: got {plan.code!r}.")
    if not plan.code.isascii():
        raise CannotGoOn(f"A class code is typed on any keyboard, so without letters such as ö: got {plan.code!r}.")
    if bool(plan.certificate) != bool(plan.key):
        raise CannotGoOn("TLS takes a certificate and its key: CERT=room.crt KEY=room.key.")
    for name in filter(None, (plan.certificate, plan.key)):
        if not os.access(name, os.R_OK):
            raise CannotGoOn(f"{name} cannot be read.")
    return plan


def check(plan: Settings) -> None:
    """Raise CannotGoOn, with the cure, if this class cannot be served here."""
    if os.name != "posix":
        raise CannotGoOn("JupyterHub does not run on Windows; in WSL, or on Linux or macOS, it does.")
    if not 1 <= plan.port <= settings.HIGHEST_PORT:
        raise CannotGoOn(
            "A class takes its port, the next three, and more than a thousand higher one for each learner: PORT is a "
            f"number from 1 to {settings.HIGHEST_PORT}; got {plan.port}."
        )
    for port in range(plan.port, plan.port + 4):
        with socket.socket() as caller:
            if caller.connect_ex((LOOPBACK, port)) == 0:
                raise CannotGoOn(
                    f"Port {port} is taken by another program, or a class runs already. PORT=8100 takes others."
                )
    if os.geteuid() == 0 and not plan.walls:
        raise CannotGoOn("As root, learners' accounts are made with useradd, which is not here. Start as another user.")
    if not (PROJECT / PROXY).exists():
        raise CannotGoOn("The hub's proxy is not set up: make class does it.")
    if plan.walls:
        room.check_way_in(Path(plan.folder))


def addresses(plan: Settings) -> list[str]:
    """What to write on the wall: every address under which a browser finds the class."""
    scheme = "https" if plan.certificate else "http"
    hosts = [plan.host]
    if plan.host == EVERYWHERE:
        found = [each.address for all_of in psutil.net_if_addrs().values() for each in all_of if each.family == 2]
        hosts = sorted({each for each in found if not each.startswith("127.")}) or [LOOPBACK]
    return [f"{scheme}://{host}:{plan.port}" for host in hosts]


def told(plan: Settings) -> str:
    """What the instructor needs to know, in words."""
    doors = addresses(plan)
    board = doors[0] if len(doors) == 1 else "the one of these that your room can reach, and then "
    said = [
        f"The class is open at  {'  or  '.join(doors)}",
        f"Class code            {plan.code}",
        f"You are               {settings.INSTRUCTOR}, with {plan.instructor_code}",
        f"The board is at       {board}/services/board/",
        "",
    ]
    if plan.host == LOOPBACK:
        said.append("Only this machine can connect. HOST=0.0.0.0 opens the class to the room.")
    elif not plan.certificate:
        said.append(
            "Without CERT= and KEY= nothing is encrypted: who listens on this network can read the class code, the "
            "learners' words and all they write. Use a network of your own, or a certificate."
        )
    if plan.walls:
        said.append("Each learner has an account of this machine, and can read nobody else's files.")
    else:
        said.append(
            "There are no walls between learners: without root all of them work under your account, and could read "
            "and change each other's files and yours. For a class that you trust; sudo make class builds walls."
        )
    said.append(f"Their files are in {plan.homes}. Ctrl-C ends the class; what they saved stays.")
    return "\n".join(said)


def end(*_signal) -> None:
    """Have the class ended in its order, once."""
    hear_no_more()
    raise KeyboardInterrupt


def main() -> None:
    """Do what was asked for, and say it."""
    asked = arguments(sys.argv[1:])
    for number in ENDINGS:  # heard even where a shell has told us to hear none of them; but `nohup` is meant
        if number in (signal.SIGINT, signal.SIGTERM) or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)
    try:
        plan = planned(asked)
        if asked.forget_word:
            had = Words(plan.state / "words.json").forget(asked.forget_word)
            print(f"{asked.forget_word} can choose a new word." if had else f"Nobody is called {asked.forget_word}.")
        elif asked.remove_accounts:
            if not plan.walls and (there := accounts.of_this_class(plan.homes)):
                raise CannotGoOn(f"{len(there)} accounts are there, which root alone can remove: put sudo before this.")
            removed = accounts.remove(plan.homes) if plan.walls else []
            print(f"Removed: {', '.join(removed) or 'none'}. Their folders stay in {plan.homes}.")
        elif asked.dry:
            check(plan)
            if not plan.file.exists():
                later = "(made up at the start)"  # what was made up just now is not kept
                plan = replace(plan, code=asked.code or later, instructor_code=later)
            print("Nothing is started. This is what would be:", told(plan), room.suffices_for(), sep="\n\n")
        else:
            check(plan)
            plan.keep()
            print("Starting the class …", flush=True)
            serve(plan, secrets.token_hex(32), lambda: print(told(plan), flush=True))
    except CannotGoOn as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        print("\nThe class has ended.", flush=True)


if __name__ == "__main__":
    main()
