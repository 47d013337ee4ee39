"""Run every contender in a process of its own, in rounds, and print how they compare."""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from importlib import metadata
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
# TensorFlow as each side meets it: the lessons switch its oneDNN kernels off (see helpers/__init__.py); whoever writes
# the others' code has them on, which is also the faster of the two for them.
LESSONS, DEFAULT = {"TF_ENABLE_ONEDNN_OPTS": "0"}, {"TF_ENABLE_ONEDNN_OPTS": "1"}
CONTENDERS = {
    "ours": ("ours", LESSONS),
    "TF1 loop": ("tf1", DEFAULT),
    "Keras fit": ("keras_fit", DEFAULT),
    # Without oneDNN another library multiplies, and which of the two is faster depends on the machine: both are tried.
    "products, oneDNN": ("arithmetic", DEFAULT),
    "products, Eigen": ("arithmetic", LESSONS),
}
CHARTS = ("five-layer", "one-layer", "one-layer, its weights too")


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=sys.modules["benchmarks"].__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="in each round every contender runs once (default: 3)")
    parser.add_argument("--pairs", type=int, default=7, help="trainings with and without the live chart (default: 7)")
    arguments = parser.parse_args()
    print(machine(), end="\n\n")
    # Each table as soon as it is known: the last needs a browser, and without one the others are there all the same.
    rounds = [play_round(number, arguments.rounds) for number in range(arguments.rounds)]
    tell("")
    print_rounds(rounds)
    tell("with the live chart: memory")
    drawing = contender("ours", LESSONS, "--chart")
    tell("with the live chart: time")
    charts = {name: contender("live_chart", LESSONS, name, str(arguments.pairs)) for name in CHARTS}
    loading = contender("loading", LESSONS)
    tell("")
    print_targets(rounds, drawing, charts, loading, arguments.pairs)
    tell("the playground, in a browser")
    playground = contender("playground", LESSONS)
    tell("")
    print_playground(playground)


def play_round(number: int, rounds: int) -> dict[str, dict]:
    """Let every contender run once, each round in another order; return their figures by name."""
    names = list(CONTENDERS)
    first = number % len(names)
    figures = {}
    for name in names[first:] + names[:first]:
        tell(f"round {number + 1} of {rounds}: {name}")
        figures[name] = contender(*CONTENDERS[name])
    products = figures["products, oneDNN"], figures["products, Eigen"]
    figures["products"] = min(products, key=lambda each: each["seconds"])
    figures["own products"] = {"seconds": min(each["own_seconds"] for each in products)}
    return figures


def contender(module: str, environment: dict[str, str], *arguments: str) -> dict[str, float]:
    """Run one module of this folder in a fresh process; return the figures that it reports on its last line."""
    command = [sys.executable, "-W", "ignore", "-m", f"benchmarks.{module}", *arguments]
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "2"}
    done = subprocess.run(command, env=os.environ | quiet | environment, cwd=PROJECT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"benchmarks/{module}.py failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def print_rounds(rounds: list[dict]) -> None:
    """Print what each contender took and where it ended, so that a reader sees that all did the same work."""
    print(f"10,000 steps of 784-200-100-60-30-10 with all statistics; median of {len(rounds)} rounds (min–max)")
    rows = [
        ("ours, whole call", "ours", "seconds"),
        ("ours, loop only", "ours", "loop_seconds"),
        ("TF1 loop", "TF1 loop", "seconds"),
        ("Keras fit", "Keras fit", "seconds"),
        ("own products alone", "own products", "seconds"),
        ("one large product", "products", "seconds"),
    ]
    for row, name, figure in rows:
        seconds = [each[name][figure] for each in rounds]
        if name == "own products":
            notes = "the same matrix products at their own shapes"
        elif name == "products":
            notes = f"at {statistics.median(each[name]['gigaflops'] for each in rounds):.0f} GFLOP/s"
        else:
            accuracy = statistics.median(each[name]["test_accuracy"] for each in rounds)
            notes = f"test accuracy {accuracy:.2%}, measured {rounds[0][name]['tests']:.0f} times"
            if figure == "seconds":
                busy = statistics.median(each[name]["processor_seconds"] for each in rounds)
                notes += f"; {busy:.1f} s of processor time"
        print(f"  {row:22} {statistics.median(seconds):6.2f} s  ({min(seconds):.2f}–{max(seconds):.2f})  {notes}")
    print()


def print_targets(rounds: list[dict], drawing: dict, charts: dict[str, dict], loading: dict, pairs: int) -> None:
    """Print each figure that has a target, and whether it is met."""
    whole = [each["ours"]["seconds"] for each in rounds]
    loop = [each["ours"]["loop_seconds"] for each in rounds]

    def ratios(name: str, ours: list[float]) -> list[float]:
        return [each[name]["seconds"] / seconds for each, seconds in zip(rounds, ours, strict=True)]

    own, large = ([1 / ratio for ratio in ratios(name, loop)] for name in ("own products", "products"))
    megabytes = [each["ours"]["megabytes"] for each in rounds]
    print(f"{'figure':62} {'median':>8}  {'min–max':>13}  {'target':>9}")
    line("TF1 loop / ours, whole call", ratios("TF1 loop", whole), 2.5, at_least=True)
    line("TF1 loop / ours, loop only", ratios("TF1 loop", loop), 2.5, at_least=True)
    line("Keras fit / ours, whole call", ratios("Keras fit", whole), 1.8, at_least=True)
    line("Keras fit / ours, loop only", ratios("Keras fit", loop), 1.8, at_least=True)
    line("ours, loop only / its own products at their own shapes", own, 1.25)  # the honest limit: less cannot be done
    line("ours, loop only / one large product with as many operations", large, 2.0)
    line("peak memory of a plain script, MB", megabytes, 850, digits=0)
    line("peak memory with the live chart, MB", [drawing["megabytes"]], 850, digits=0)
    for network, figures in charts.items():
        spread = [figures["ratio"], figures["low"], figures["high"]]
        line(f"training with / without live chart, {network}", spread, 1.05)
        line(f"its frames a second, {network}", [figures["frames_a_second"]], 15, at_least=True, digits=1)
    line("loading MNIST, s", [loading["seconds"], loading["low"], loading["high"]], 0.5)
    print()
    print(f"live chart, {pairs} pairs          without  accuracy   frames    first  passing   final")
    for network, each in charts.items():
        print(
            f"{network:28} {each['seconds']:7.2f} s {each['test_accuracy']:9.2%} {each['frames_a_second']:6.1f}/s"
            f" {each['first_ms']:4.0f} ms {each['passing_ms']:5.1f} ms {each['final_ms']:4.0f} ms"
        )


def print_playground(figures: dict) -> None:
    """Print how the playground moves, in a real JupyterLab, with three layers of eight at 500 steps a second."""
    print()
    line("playground, frames a second", [figures["frames_a_second"]], 40, at_least=True, digits=0)
    line("playground, processor time of the kernel, ms a frame", [figures["kernel_ms"]], 2.0)
    line("playground, change to seen while it plays, ms", [figures["playing_ms"]], 150, digits=0)
    line("playground, change to seen at rest, ms", [figures["at_rest_ms"]], 150, digits=0)


def line(name: str, values: list[float], target: float, *, at_least: bool = False, digits: int = 2) -> None:
    """Print one figure: its median, its spread and its target."""
    median = statistics.median(values)
    met = median >= target if at_least else median <= target
    spread = f"{min(values):.{digits}f}–{max(values):.{digits}f}" if len(values) > 1 else ""
    sign = "≥" if at_least else "≤"
    verdict = "met" if met else "NOT met"
    print(f"{name:62} {median:8.{digits}f}  {spread:>13}  {sign + ' ' + format(target, f'.{digits}f'):>9}  {verdict}")


def machine() -> str:
    """The machine in words: what the figures depend on, and nothing that names it."""
    versions = {name: version(name) for name in ("tensorflow", "tensorflow-cpu", "keras", "numpy")}
    libraries = ", ".join(f"{name} {found}" for name, found in versions.items() if found)
    load = f"; load average {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return f"{processor()}, {os.cpu_count()} cores{load}\n{system()}, Python {platform.python_version()}, {libraries}"


def processor() -> str:
    """The processor's model, as the system names it."""
    if sys.platform == "darwin":
        asked = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(asked, capture_output=True, text=True).stdout.strip()
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def system() -> str:
    """The operating system and its version."""
    if sys.platform == "darwin":
        return f"macOS {platform.mac_ver()[0]}"
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"


def version(package: str) -> str:
    """The version of an installed package, or nothing."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def tell(what: str) -> None:
    """Say on the terminal, and only there, what is under way."""
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
