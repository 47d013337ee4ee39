"""What the board shows: every event in memory, in the form in which a page may see it, and who is told of news."""

import asyncio
import csv
import hashlib
import hmac
import io
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from classroom.board.lessons import Lesson
from classroom.board.store import NEW, Store

T = TypeVar("T")
COLUMNS = ("time", "kind", "name", "lesson", "about", "value", "exercise", "lab", "accuracy", "ended", "steps", "moved")


class Room:
    """The store's contents, kept in memory as pages see them, and changed through one thread.

    secret: from which a guess gets the mark that stands in the place of its author. backups: the folder for what is
    about to be cleared. Its coroutines are called in one event loop.
    """

    def __init__(self, store: Store, lessons: dict[str, Lesson], secret: bytes, backups: Path):
        self.store, self.lessons, self.secret, self.backups = store, lessons, secret, backups
        self.writer = ThreadPoolExecutor(1, thread_name_prefix="board")
        self.state: dict[str, Any] = store.state()
        self.rows: list[dict] = []
        self.people: set[str] = set()  # whoever has told anything
        self._show(store.rows())
        self.is_open = True
        self.pages: set[asyncio.Event] = set()  # one for each page that looks on: set when there is news
        self._turn = asyncio.Lock()  # held while the state is changed, which a change begins and ends with

    async def do(self, call: Callable[..., T], *arguments: Any) -> T:
        """Call a method of the store in the thread that has it to itself."""
        return await asyncio.get_running_loop().run_in_executor(self.writer, call, *arguments)

    def public(self, row: dict) -> dict:
        """An event as a page sees it: a guess without its author, whose mark is another one for every question."""
        body, shown = row["body"], {"seq": row["seq"], "kind": row["kind"], "at": row["kept"], **row["body"]}
        if row["kind"] != "guess":
            return {**shown, "by": row["author"]}
        asked = f"{row['author']}/{body['lesson']}/{body['about']}".encode()
        question = self.lessons[body["lesson"]].question if body["lesson"] in self.lessons else None
        if question and question.words and body["value"] not in question.words:
            shown["value"] = "another answer"  # what was typed is not for the projector
        return {**shown, "mark": hmac.new(self.secret, asked, hashlib.sha256).hexdigest()[:16]}

    @property
    def shown_state(self) -> dict:
        """The board's state as a page sees it, the answers that are uncovered included."""
        answers = {
            number: {"since": since, "answer": question.answer}
            for number, since in self.state["uncovered"].items()
            if number in self.lessons and (question := self.lessons[number].question)
        }
        return {"lesson": self.state["lesson"], "uncovered": answers, "people": len(self.people)}

    def _show(self, rows: list[dict], *, afresh: bool = True) -> None:
        """Show rows of the store, in the place of what was shown or after it."""
        kept, people = ([], set()) if afresh else (self.rows, self.people)
        self.rows, self.people = kept + [self.public(row) for row in rows], people | {row["author"] for row in rows}

    def tell_pages(self) -> None:
        """Wake every page that looks on."""
        for page in self.pages:
            page.set()

    def close(self) -> None:
        """Let every page go."""
        self.is_open = False
        self.tell_pages()

    # What learners do

    async def keep(self, author: str, batch: list[dict]) -> int:
        """Keep events and show them; return how many were new. Raises FullError."""
        new = await self.do(self.store.keep, author, batch)
        self._show(new, afresh=False)
        if new:
            self.tell_pages()
        return len(new)

    async def withdraw(self, author: str, *, name_too: bool = False) -> int:
        """Delete all of a learner's events; return how many there were. name_too: give the name free."""
        async with self._turn:
            state = {**self.state, "epoch": self.state["epoch"] + 1}
            gone = await self.do(lambda: self.store.withdraw(author, state, name_too=name_too))
            await self._afresh(state)
        return gone

    # What the instructor does

    async def show(self, lesson: str) -> None:
        """Turn every page to a lesson, its answer covered; "" lets each page follow what is told."""
        async with self._turn:
            await self._keep_state({**self.state, "lesson": lesson, "uncovered": self._covered(lesson)})

    async def uncover(self, lesson: str) -> None:
        """Show what came out beside the guesses; what is told after it was first seen comes too late."""
        async with self._turn:
            known = {lesson: round(time.time(), 3), **self.state["known"]}
            uncovered = {**self.state["uncovered"], lesson: known[lesson]}
            await self._keep_state({**self.state, "uncovered": uncovered, "known": known})

    async def cover(self, lesson: str) -> None:
        """Show the guesses alone again."""
        async with self._turn:
            await self._keep_state({**self.state, "uncovered": self._covered(lesson)})

    async def clear(self) -> Path:
        """Write every event into a backup, then delete them all; return the backup."""

        def back_up_and_clear() -> Path:  # in one go: what is told in between would be in neither
            backup = self.store.back_up(self.backups)
            self.store.clear(state)
            return backup

        async with self._turn:
            state = {**NEW, "epoch": self.state["epoch"] + 1}
            backup = await self.do(back_up_and_clear)
            await self._afresh(state)
        return backup

    def _covered(self, lesson: str) -> dict[str, float]:
        return {number: since for number, since in self.state["uncovered"].items() if number != lesson}

    async def _keep_state(self, state: dict) -> None:
        await self.do(self.store.keep_state, state)
        self.state = state
        self.tell_pages()

    async def _afresh(self, state: dict) -> None:
        rows = await self.do(self.store.rows)
        self.state = state
        self._show(rows)
        self.tell_pages()

    def to_csv(self) -> str:
        """Every event as comma-separated values, guesses without names; a run's settings in columns of their own."""
        settings = sorted({name for row in self.rows for name in row.get("settings", ())} - {"steps"})
        file = io.StringIO()
        table = csv.DictWriter(file, [*COLUMNS, *settings], restval="", extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        for row in self.rows:
            at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(row["at"]))
            chosen = {name: _cell(value) for name, value in row.get("settings", {}).items() if name not in COLUMNS}
            table.writerow(
                {**row, **chosen, "time": at, "name": row.get("by", ""), "exercise": row.get("name", "")}
                if row["kind"] == "exercise"
                else {**row, **chosen, "time": at, "name": row.get("by", "")}
            )
        return file.getvalue()


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | bool) else value
