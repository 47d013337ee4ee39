"""The stop button is heard where the code can stop, and never lost."""

import signal
import threading
import time

import pytest
from jupyter_client.manager import start_new_kernel

from helpers import training
from helpers.interrupts import Interrupt, held_back


def press():
    signal.raise_signal(signal.SIGINT)


def test_a_press_is_heard_where_the_code_asks_for_it_and_only_once():
    with Interrupt() as interrupt:
        interrupt.check()
        press()  # and nothing happens yet
        with pytest.raises(KeyboardInterrupt):
            interrupt.check()
        interrupt.check()


def test_a_second_press_does_not_wait():
    with Interrupt() as interrupt:
        press()
        with pytest.raises(KeyboardInterrupt):
            press()
        with pytest.raises(KeyboardInterrupt):
            interrupt.check()


def test_afterwards_a_press_does_what_it_did_before():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError), Interrupt():
        assert signal.getsignal(signal.SIGINT) != before
        print(1 / 0)
    assert signal.getsignal(signal.SIGINT) == before


def test_a_thread_has_no_stop_button():
    heard = []

    def run():
        with Interrupt() as interrupt:
            interrupt.check()
            heard.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert heard == [signal.getsignal(signal.SIGINT)]


def test_training_finishes_what_it_is_at_before_it_stops(small, new_model, capsys):
    finished = []

    def watch(history):
        if history.step == 200 and not history.ended:
            press()  # while a picture is drawn, say
            finished.append(history.step)

    history = training.train(new_model(), small, learning_rate=0.3, steps=1000, watch=watch)
    assert (finished, history.step, history.ended) == ([200], 200, "stopped")
    assert capsys.readouterr().out.startswith("Stopped after step 200 of 1,000.")


def test_pressed_while_the_network_is_compiled_training_stops_before_its_first_step(small, new_model, capsys):
    model = new_model()

    def pressed_in(x):
        press()
        return model(x)

    history = training.train(pressed_in, small, learning_rate=0.3, steps=10)
    assert (history.step, history.ended) == (0, "stopped")
    assert capsys.readouterr().out.startswith("Stopped before the first step")


def test_pressed_during_the_last_steps_the_run_is_finished_all_the_same(small, new_model):
    history = training.train(
        new_model(), small, learning_rate=0.3, steps=10, watch=lambda history: press() if history.ended else None
    )
    assert (history.step, history.ended) == (10, "finished")


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="there a press is no signal")
def test_a_press_is_held_back_while_compiled_code_runs_and_heard_right_after():
    with Interrupt() as interrupt:
        with held_back():
            press()
            assert not interrupt.pressed
        assert interrupt.pressed
        with pytest.raises(KeyboardInterrupt):
            interrupt.check()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


def test_where_python_has_no_say_the_stop_button_is_left_alone(monkeypatch):
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(signal, "getsignal", lambda _number: None)  # what it says of a handler that is not Python's
    with Interrupt() as interrupt:
        monkeypatch.undo()
        assert signal.getsignal(signal.SIGINT) == before
        interrupt.check()
    assert signal.getsignal(signal.SIGINT) == before


BACKGROUND = """
from helpers.interrupts import idle_button
from helpers.labs.runner import Runner
class Bench:
    def __init__(self):
        self.runner = Runner()
        idle_button.stops(self.stop)
    def stop(self):
        self.runner.stop()
    def start(self):
        self.runner.start(lambda: self.runner.stopping.wait(60))
one, other = Bench(), Bench()
one.start(), other.start()
"""


def test_while_no_cell_runs_the_stop_button_ends_what_works_in_the_background():
    manager, client = start_new_kernel(kernel_name="python3")

    def run(code):
        printed = []
        answer = client.execute_interactive(
            code, timeout=60, output_hook=lambda message: printed.append(message["content"].get("text", ""))
        )["content"]
        return "".join(printed).strip() or answer.get("ename", "")

    def press_until(expected, question):
        for _ in range(100):  # a press that comes too early ends a cell that has just ended, which is nothing
            time.sleep(0.1)
            manager.interrupt_kernel()
            time.sleep(0.1)
            if run(question) == expected:
                return True
        return False

    try:
        run(BACKGROUND)
        assert press_until("True True", "print(one.runner.idle.wait(1), other.runner.idle.wait(1))")
        run("one.start()")  # a press that is meant for a cell ends the cell, and the background goes on
        # stop_on_error: with it, the kernel for a moment refuses whatever is asked next.
        client.execute("print('on', flush=True); import time; time.sleep(60)", stop_on_error=False)
        while "on" not in client.get_iopub_msg(timeout=60)["content"].get("text", ""):
            pass
        manager.interrupt_kernel()
        assert client.get_shell_msg(timeout=60)["content"]["ename"] == "KeyboardInterrupt"
        assert run("print(one.runner.idle.is_set())") == "False"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
