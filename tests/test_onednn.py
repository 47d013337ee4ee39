"""oneDNN is switched on without a line that a notebook would show as a pink box."""

ON = "from helpers import onednn\nonednn.switch_on()\nonednn.switch_on()\n"


def test_it_is_on_and_nothing_is_said(in_new_process):
    ended = in_new_process(
        ON + "from helpers import training\nimport os, tensorflow as tf\n"
        "tf.nn.conv2d(tf.zeros([1, 4, 4, 1]), tf.zeros([3, 3, 1, 1]), 1, 'VALID')\n"
        "print(os.environ['TF_ENABLE_ONEDNN_OPTS'])"
    )
    assert (ended.stdout, ended.stderr) == ("1\n", "")


def test_what_else_is_written_meanwhile_reaches_the_reader(in_new_process):
    ended = in_new_process(
        "import os, sys\nfrom helpers import onednn\n"
        "with onednn._without_greetings():\n"
        "    os.write(2, b'oneDNN custom operations are on. And so on\\n')\n"
        "    os.write(2, b'something is wrong\\n')\n"
        "os.write(2, b'and afterwards\\n')"
    )
    assert ended.stderr.splitlines() == ["something is wrong", "and afterwards"]


def test_too_late_it_says_so(in_new_process):
    ended = in_new_process("from helpers import training, onednn\nonednn.switch_on()")
    assert "imported already, without oneDNN" in ended.stdout and ended.stderr == ""
