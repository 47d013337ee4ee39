"""`make class-load LEARNERS=30`: so many learners at once on this machine, on loopback, and what they waited for.

They come in through the form, run lesson 01 whole, use the network lab, and train with and without a chart. Then one
kernel is killed, and the hub: nothing that was saved may be lost, and everybody is back by reloading. It ends by itself
and removes what it made; before memory runs out it gives up.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable

import aiohttp
import psutil

from classroom.hub import room as hub_room
from classroom.load.learner import Learner, LoadError
from classroom.load.rehearsal import MB, Rehearsal

LESSON = "01_one_layer.ipynb"
LEAST_FREE = 1000  # MB of memory below which everybody is sent home: the machine has others to serve
LAB = """
from helpers import data
from helpers.labs import network_lab
bench = network_lab.NetworkLab(data.load_mnist(), preset="lesson 05")
bench
"""
LAB_WAITS = "bench.runner.wait(); print(bench.latest)"
TRAIN = """
from helpers import data, training
from helpers.networks import Design, Network
from helpers.plots import live
mnist = data.load_mnist()
def train(steps, **how):
    training.train(Network(Design(hidden=(100,), activation="ReLU", initialisation="He")), mnist,
                   learning_rate=0.1, steps=steps, **how)
train(200)
"""
# What one learner may meet while the others go on. Python 3.10 has a TimeoutError of asyncio's own.
ERRORS = (LoadError, aiohttp.ClientError, asyncio.TimeoutError, OSError)
PLAIN, WITH_CHART = "train(3000)", "train(3000, watch=live.chart())"


class Watch:
    """Looks at the memory all the time, and gives up before there is none."""

    def __init__(self):
        self.before = self.least = self._free()

    async def guard(self) -> None:
        """Raise MemoryError when too little is left."""
        while True:
            self.least = min(self.least, self._free())
            if self.least < LEAST_FREE:
                raise MemoryError(f"Less than {LEAST_FREE} MB of memory were left: given up. Try fewer learners.")
            await asyncio.sleep(0.5)

    def used(self) -> float:
        """MB that were taken at most since the beginning."""
        return self.before - self.least

    @staticmethod
    def _free() -> float:
        return psutil.virtual_memory().available / MB


class Load:
    """The learners of one run, what they do all at once, and what went wrong."""

    def __init__(self, room: Rehearsal, learners: list[Learner]):
        self.room, self.learners = room, list(learners)  # those who go on
        self.errors: list[str] = []

    async def one(self, learner: Learner, what: str, act: Callable[[Learner], Awaitable]) -> tuple | None:
        """Let one learner do something. Who has an error, which is counted, does nothing any more."""
        began = time.monotonic()
        try:
            answer = await act(learner)
        except ERRORS as error:
            self.errors.append(f"{learner.name}, {what}: {str(error) or type(error).__name__}")
            self.learners.remove(learner)
            return None
        return learner, time.monotonic() - began, answer

    async def all_at_once(self, what: str, act: Callable[[Learner], Awaitable]) -> list:
        """Let every learner do something; say how long it took."""
        ended = await asyncio.gather(*[self.one(learner, what, act) for learner in self.learners])
        done = [each for each in ended if each]
        print(f"{what + ':':34}{spread([seconds for _, seconds, _ in done])}", flush=True)
        return done


def spread(seconds: list[float]) -> str:
    """The first, the middle and the last of some durations."""
    if not seconds:
        return "nobody"
    return f"first {min(seconds):6.1f} s, middle {statistics.median(seconds):6.1f} s, last {max(seconds):6.1f} s"


async def run_lesson(learner: Learner) -> dict:
    """Open lesson 01 and run every cell of it; write a line of one's own into it, and save it."""
    notebook = await learner.open(LESSON)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            await learner.run_cell(cell)
            learner.first_result()
    notebook["cells"][0]["source"] += f"\n\nThis is {learner.name}'s."
    await learner.save(LESSON, notebook)
    return notebook


async def use_lab(learner: Learner) -> str:
    """Show the network lab on a fresh kernel, press its Train, and wait for the run."""
    await learner.shut_down()
    await learner.open(LESSON)
    await learner.run(LAB)
    await learner.press("Train")
    return (await learner.run(LAB_WAITS)).text


async def is_all_there(learner: Learner) -> None:
    """Reload: the page, the notebook as it was saved, and the kernel with what it knew. Raises LoadError otherwise."""
    await learner.wait_for_server()
    notebook = await learner.read(LESSON)
    if f"This is {learner.name}'s." not in notebook["cells"][0]["source"]:
        raise LoadError("what was saved is lost")
    await learner.connect()
    if (await learner.run("print(mark)")).text.strip() != learner.name:
        raise LoadError("the kernel has forgotten")


async def load(count: int, room: Rehearsal) -> list[str]:
    """The whole run; returns what went wrong."""
    learners = [Learner(room.address, f"load-{number:02}", room.code) for number in range(count)]
    for learner in learners:
        await learner.__aenter__()
    try:
        run = Load(room, learners)
        await run.all_at_once("login to JupyterLab's page", lambda each: each.come_in())
        await run.all_at_once("lesson 01, opened and run whole", run_lesson)
        print(f"{'  from login to first result:':34}{spread([each.seconds['first result'] for each in run.learners])}")
        tell_memory(room, run.learners, "after lesson 01")
        await run.all_at_once("network lab, shown and trained", use_lab)
        tell_memory(room, run.learners, "after the lab")
        await run.all_at_once("ready to train", lambda each: each.run(TRAIN))
        plain = await run.all_at_once("3,000 steps", lambda each: each.run(PLAIN))
        before = {learner.name: learner.frames for learner in run.learners}
        chart = await run.all_at_once("3,000 steps with the live chart", lambda each: each.run(WITH_CHART))
        if plain and chart:
            ratio = max(seconds for _, seconds, _ in chart) / max(seconds for _, seconds, _ in plain)
            frames = sum(learner.frames - before[learner.name] for learner in run.learners) / len(run.learners)
            print(f"  the last one waits {ratio:.2f} times as long with the chart, of {frames:.0f} frames")
        await run.all_at_once("a mark in every kernel", lambda each: each.run(f"mark = {each.name!r}; print(mark)"))
        await kill_a_kernel(run)
        print("The hub is killed.", flush=True)
        await asyncio.to_thread(room.kill_hub)
        await run.all_at_once("all is there after a reload", is_all_there)
        return run.errors
    finally:
        for learner in learners:
            await learner.__aexit__()


async def kill_a_kernel(run: Load) -> None:
    """End the first learner's kernel, as a lack of memory would; they restart it and go on."""
    if not run.learners:
        return
    learner = run.learners[0]
    for kernel in run.room.kernels(learner.name):
        kernel.kill()
    print(f"The kernel of {learner.name} is killed.", flush=True)
    await run.one(learner, "the killed kernel restarted", restart_with_mark)


async def restart_with_mark(learner: Learner) -> None:
    """Restart the kernel, and leave the mark in it that the old one had."""
    await learner.restart()
    await learner.run(f"mark = {learner.name!r}")


def tell_memory(room: Rehearsal, learners: list[Learner], when: str) -> None:
    """Say what the learners' processes take."""
    each = [room.private(room.processes(learner.name)) for learner in learners]
    if each:
        print(f"  memory {when}: {statistics.median(each):.0f} MB a learner, {max(each):.0f} MB at most", flush=True)


async def guarded(count: int, room: Rehearsal) -> tuple[list[str], Watch]:
    """The run, under the eyes of the guard."""
    watch = Watch()
    work, guard = asyncio.create_task(load(count, room)), asyncio.create_task(watch.guard())
    await asyncio.wait([work, guard], return_when=asyncio.FIRST_COMPLETED)
    if not work.done():
        work.cancel()
        await guard  # raises what it had to say
    guard.cancel()
    return work.result(), watch


def main() -> int:
    """Run the load; return the exit code for the shell."""
    parser = argparse.ArgumentParser(prog="python -m classroom.load", description=__doc__)
    parser.add_argument("learners", type=int, nargs="?", default=30)
    count = parser.parse_args().learners
    fits = hub_room.learners_by_memory("01")
    if count > fits:
        print(f"This machine has the memory for {fits} learners in lesson 01, not for {count}.")
        return 1
    print(f"{count} learners at once.", flush=True)
    try:
        with Rehearsal() as room:
            errors, watch = asyncio.run(guarded(count, room))
    except (MemoryError, KeyboardInterrupt) as error:
        print(str(error) or "Ended before its time; nothing is left of the class.")
        return 1
    print(f"Memory taken at most: {watch.used() / 1000:.1f} GB. Errors: {len(errors) or 'none'}.")
    print(*errors, sep="\n")
    return int(bool(errors))


if __name__ == "__main__":
    sys.exit(main())
