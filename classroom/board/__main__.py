"""`python -m classroom.board`, or `make board`: the class's board, alone on a network or as a service of a hub."""

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from classroom.board import lessons, server
from classroom.board.keys import Keys, keys
from classroom.board.room import Room
from classroom.board.store import Store
from classroom.hub.settings import LOOPBACK, PROJECT

FOLDER = PROJECT / "work" / "class" / "board"


def options(words: list[str]) -> argparse.Namespace:
    """What was asked for; a hub, or a cluster, asks by the environment."""
    environment = os.environ
    parser = argparse.ArgumentParser(prog="python -m classroom.board", description=__doc__)
    parser.add_argument("--host", default=LOOPBACK, help="the address to listen on; 0.0.0.0 for the whole network")
    parser.add_argument("--port", type=int, default=8010, help="0 takes any that is free")
    parser.add_argument("--code", default=environment.get("CLASSROOM_CODE", ""), help="a code of your own for the room")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(environment.get("CLASSROOM_FOLDER") or FOLDER),
        help="where codes, events and backups are kept",
    )
    parser.add_argument(
        "--database",
        default=environment.get("CLASSROOM_DATABASE", ""),
        help="such as postgresql+psycopg://user@host/name; SQLite in the folder if left out",
    )
    parser.add_argument("--restore", type=Path, metavar="BACKUP", help="take the events of a backup back, and end")
    parser.add_argument("--certificate", type=Path, help="for TLS: a certificate's file, in PEM")
    parser.add_argument("--private-key", type=Path, help="for TLS: its key's file")
    asked = parser.parse_args(words)
    asked.host = asked.host or LOOPBACK  # "" would be every address of this machine
    if not 0 <= asked.port < 65536:
        parser.error(f"A port is a number from 0 to 65535; got {asked.port}.")
    if url := environment.get("JUPYTERHUB_SERVICE_URL"):
        asked.host, asked.port = urlsplit(url).hostname or LOOPBACK, urlsplit(url).port or 8010
    return asked


async def serve(asked: argparse.Namespace, room: Room, codes: Keys) -> None:
    """Answer until SIGTERM or Ctrl-C."""
    prefix = os.environ.get("JUPYTERHUB_SERVICE_PREFIX", "/")
    app = server.application(room, codes, prefix)
    running, port = server.listen(app, asked.host, asked.port, asked.certificate, asked.private_key)
    if prefix == "/":
        print(welcome(asked.host, port, codes, secure=bool(asked.certificate)), flush=True)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: there Ctrl-C comes as a KeyboardInterrupt
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await stop.wait()
    running.stop()
    room.close()
    await running.close_all_connections()


def welcome(host: str, port: int, codes: Keys, *, secure: bool) -> str:
    """What the instructor is told: the addresses, the codes, and who can reach the board."""
    scheme = "https" if secure else "http"
    seen_as = _address_of_this_machine() if host in ("0.0.0.0", "::") else host
    address = f"{scheme}://{seen_as}:{port}"
    lines = [
        f"The class's board: {address}",
        f"  for the wall        {address}   code {codes.code}",
        f'  in a notebook       from helpers import classroom; classroom.join("{address}", "{codes.code}", "owl-7")',
        f"  for you, uncovering {address}/?code={codes.instructor}",
    ]
    if host == LOOPBACK:
        lines.append("Only this machine reaches it. HOST=0.0.0.0 opens it to the network.")
    elif not secure:
        lines.append("The codes travel unencrypted: choose none that is used elsewhere. A certificate cures that.")
    return "\n".join([*lines, "Ctrl-C ends it; codes and events are kept."])


def _address_of_this_machine() -> str:
    """By which others of the network reach it; nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        try:
            caller.connect(("192.0.2.1", 9))  # an address that belongs to nobody
            return caller.getsockname()[0]
        except OSError:
            return socket.gethostname()


def main(words: list[str] | None = None) -> None:
    """Open the board, or say in a sentence why not."""
    asked = options(sys.argv[1:] if words is None else words)
    try:
        codes = keys(asked.folder, asked.code)
        store = Store(asked.database or f"sqlite:///{asked.folder / 'board.sqlite'}")
        if asked.restore:
            count = store.restore(asked.restore.read_text("utf-8").splitlines())
            print(f"{count} events of {asked.restore.name} are back.")
            return
        room = Room(store, lessons.load(), bytes.fromhex(codes.guesses), asked.folder / "backups")
        asyncio.run(serve(asked, room, codes))
        store.close()
    except KeyboardInterrupt:
        pass
    except (OSError, ValueError, SQLAlchemyError) as error:
        sys.exit(f"The board cannot open: {error}")


if __name__ == "__main__":
    main()
