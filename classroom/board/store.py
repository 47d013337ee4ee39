"""Where events are kept: SQLite, or PostgreSQL by its address. A repeated event changes nothing."""

import hashlib
import hmac
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite

MOST_EVENTS = 5000  # of one learner
MOST_PEOPLE = 1000
META = sql.MetaData()
PEOPLE = sql.Table(
    "people",
    META,
    sql.Column("name", sql.String(64), primary_key=True),
    sql.Column("mark", sql.String(64), nullable=False),  # of the key that the name is kept by, never the key
)
TAKEN_OFF = sql.Table(  # names that the instructor has taken off the board, and by what mark each was kept
    "taken_off",
    META,
    sql.Column("name", sql.String(64), primary_key=True),
    sql.Column("mark", sql.String(64), primary_key=True),
)
EVENTS = sql.Table(
    "events",
    META,
    sql.Column("seq", sql.Integer, primary_key=True, autoincrement=True),
    sql.Column("author", sql.String(64), nullable=False),
    sql.Column("id", sql.String(40), nullable=False),
    sql.Column("kind", sql.String(16), nullable=False),
    sql.Column("body", sql.JSON, nullable=False),
    sql.Column("told", sql.Float, nullable=False),  # by the learner's clock
    sql.Column("kept", sql.Float, nullable=False),  # by the board's
    sql.UniqueConstraint("author", "id"),
    sqlite_autoincrement=True,  # a number is never given twice, even after what had it was deleted
)
BOARD = sql.Table(
    "board", META, sql.Column("place", sql.Integer, primary_key=True), sql.Column("state", sql.JSON, nullable=False)
)
# Of the board as a whole: `epoch` counts the times that something was taken away, so that a page which comes back knows
# whether what it has is still true; which lesson is shown; which answers are uncovered, since when; and since when each
# is known, also where it was covered again.
NEW = {"epoch": 0, "lesson": "", "uncovered": {}, "known": {}}


class FullError(Exception):
    """No more is taken; the message says of what."""


class Store:
    """The tables. Each method is one transaction; call them from one thread at a time.

    url: as SQLAlchemy takes it. Raises sqlalchemy.exc.SQLAlchemyError if the database cannot be opened.
    """

    def __init__(self, url: str):
        self.engine = sql.create_engine(url, pool_pre_ping=True)
        if self.engine.dialect.name == "sqlite":
            sql.event.listen(self.engine, "connect", _set_sqlite_up)
        META.create_all(self.engine)
        self._insert = (postgresql if self.engine.dialect.name == "postgresql" else sqlite).insert

    def admit(self, name: str, key: str) -> str:
        """Why a name is not this key's, as a sentence; "" if it is: who comes first keeps it. Raises FullError."""
        mark = hashlib.sha256(key.encode()).hexdigest()
        with self.engine.begin() as tables:
            if _count(tables, TAKEN_OFF, TAKEN_OFF.c.name == name, TAKEN_OFF.c.mark == mark):
                return f"Your instructor has taken {name} off the board. Take another name."
            kept = tables.execute(sql.select(PEOPLE.c.mark).where(PEOPLE.c.name == name)).scalar_one_or_none()
            if kept is None:
                if _count(tables, PEOPLE) >= MOST_PEOPLE:
                    raise FullError(f"The board has {MOST_PEOPLE} names, and takes no more.")
                tables.execute(self._insert(PEOPLE).values(name=name, mark=mark).on_conflict_do_nothing())
                kept = tables.execute(sql.select(PEOPLE.c.mark).where(PEOPLE.c.name == name)).scalar_one()
        same = hmac.compare_digest(mark, kept)
        return "" if same else f"Somebody else is {name} in this class. Take another name, or bring its key."

    def keep(self, author: str, batch: list[dict]) -> list[dict]:
        """Keep a learner's events, and return those that were not there yet, as rows. Raises FullError."""
        kept = round(time.time(), 3)
        rows = [{"author": author, "kept": kept, **event} for event in batch]
        with self.engine.begin() as tables:
            if _count(tables, EVENTS, EVENTS.c.author == author) + len(rows) > MOST_EVENTS:
                raise FullError(f"The board keeps {MOST_EVENTS} events of one learner, and takes no more of yours.")
            asked = self._insert(EVENTS).values(rows).on_conflict_do_nothing().returning(EVENTS)
            return sorted(map(dict, tables.execute(asked).mappings()), key=lambda row: row["seq"])

    def rows(self) -> list[dict]:
        """Every event, the first one first."""
        with self.engine.connect() as tables:
            return [dict(row) for row in tables.execute(sql.select(EVENTS).order_by(EVENTS.c.seq)).mappings()]

    def withdraw(self, author: str, state: dict, *, name_too: bool = False) -> int:
        """Delete all of a learner's events, and keep the board's new state; return how many there were.

        name_too: let another key have the name, and this one no more: its notebooks go on sending.
        """
        with self.engine.begin() as tables:
            gone = tables.execute(sql.delete(EVENTS).where(EVENTS.c.author == author)).rowcount
            if name_too:
                mark = tables.execute(
                    sql.delete(PEOPLE).where(PEOPLE.c.name == author).returning(PEOPLE.c.mark)
                ).scalar()
                if mark:  # on a hub, names have none
                    tables.execute(self._insert(TAKEN_OFF).values(name=author, mark=mark).on_conflict_do_nothing())
            self._keep_state(tables, state)
        return gone

    def clear(self, state: dict) -> None:
        """Delete every event, and keep the board's new state; names stay those of who has them."""
        with self.engine.begin() as tables:
            tables.execute(sql.delete(EVENTS))
            self._keep_state(tables, state)

    def state(self) -> dict:
        """The board's state, as it was kept last."""
        with self.engine.connect() as tables:
            kept = tables.execute(sql.select(BOARD.c.state)).scalar_one_or_none()
        return {**NEW, **(kept or {})}

    def keep_state(self, state: dict) -> None:
        """Keep the board's state."""
        with self.engine.begin() as tables:
            self._keep_state(tables, state)

    def _keep_state(self, tables: sql.Connection, state: dict) -> None:
        new = self._insert(BOARD).values(place=1, state=state)
        tables.execute(new.on_conflict_do_update(index_elements=["place"], set_={"state": state}))

    def back_up(self, folder: Path) -> Path:
        """Write every event into a new file, a line of JSON each, readable by its owner alone."""
        folder.mkdir(parents=True, exist_ok=True)
        stamp, count = time.strftime("%Y-%m-%d-%H%M%S"), 1
        while (path := folder / f"board-{stamp}{f'-{count}' if count > 1 else ''}.jsonl").exists():
            count += 1
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in self.rows())
            file.flush()
            os.fsync(file.fileno())  # what it holds is about to be deleted
        return path

    def restore(self, lines: Iterable[str]) -> int:
        """Take the events of a backup back, beside what is there; return how many were missing."""
        rows = [{name: value for name, value in json.loads(line).items() if name != "seq"} for line in lines]
        with self.engine.begin() as tables:
            return sum(
                len(tables.execute(self._insert(EVENTS).values(row).on_conflict_do_nothing().returning(EVENTS)).all())
                for row in rows
            )

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _count(tables: sql.Connection, table: sql.Table, *where: sql.ColumnElement[bool]) -> int:
    return tables.execute(sql.select(sql.func.count()).select_from(table).where(*where)).scalar_one()


def _set_sqlite_up(connection, _record) -> None:
    # FULL: what was answered for is on the disk, whatever happens next.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")
