"""Measures what a learner takes, lesson by lesson, and writes classroom/needs.toml: `python -m classroom.load.measure`.

One learner runs every lesson whole, through hub and proxy, on a fresh kernel each; meanwhile nobody else should use
the machine much. Memory does not depend on that, the seconds are those of the processor.
"""

import asyncio
import os
import platform
import sys
from pathlib import Path

import psutil

from classroom.hub.room import NEEDS
from classroom.load.learner import Learner
from classroom.load.rehearsal import MB, Rehearsal, own_memory
from tools import lessons

EVERY = 0.25  # seconds between two looks at the memory


async def most_memory(kernel: psutil.Process, done: asyncio.Event) -> int:
    """The most bytes of its own that a kernel had until something is done."""
    most = 0
    while not done.is_set():
        most = max(most, own_memory(kernel))
        await asyncio.sleep(EVERY)
    return max(most, own_memory(kernel))


async def measure(room: Rehearsal, learner: Learner, lesson: str) -> dict[str, float]:
    """MB of the kernel and the server at most, seconds of the processor for all cells and for the longest one."""
    notebook = await learner.open(lesson)
    (kernel,) = room.kernels(learner.name)
    done, times = asyncio.Event(), []
    watching = asyncio.create_task(most_memory(kernel, done))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            before = sum(kernel.cpu_times()[:2])
            await learner.run_cell(cell)
            times.append(sum(kernel.cpu_times()[:2]) - before)
    await learner.save(lesson, notebook)
    done.set()
    kernel_most = await watching
    servers = [each for each in room.processes(learner.name) if "learner_server" in " ".join(each.cmdline())]
    server = room.private(servers)
    await learner.shut_down()
    return {
        "kernel": round(kernel_most / MB),
        "server": round(server),
        "seconds": round(sum(times)),
        "longest": round(max(times), 1),
    }


def machine() -> str:
    """This machine, as the table names it."""
    memory = psutil.virtual_memory().total / 2**30
    return f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, {platform.system()}"


def as_toml(found: dict[str, dict[str, float]]) -> str:
    """The table, as it is kept."""
    lines = [
        "# What one learner takes, lesson by lesson: MB of memory of their own, kernel and server at most; and seconds",
        "# of one processor, for all cells and for the longest. Made by python -m classroom.load.measure for room.py.",
        f'machine = "{machine()}"',
        "",
        "[lessons]",
    ]
    for number, of_lesson in found.items():
        lines.append(f"{number} = {{ {', '.join(f'{name} = {value}' for name, value in of_lesson.items())} }}")
    return "\n".join(lines) + "\n"


async def main(numbers: list[str]) -> None:
    """Measure the lessons that are named, or all, and write the table."""
    found = {}
    with Rehearsal() as room:
        async with Learner(room.address, "one", room.code) as learner:
            await learner.come_in()
            for path in lessons.paths():
                if numbers and path.name[:2] not in numbers:
                    continue
                found[path.name[:2]] = await measure(room, learner, path.name)
                print(path.name, found[path.name[:2]], flush=True)
    if not numbers:
        Path(NEEDS).write_text(as_toml(found), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
