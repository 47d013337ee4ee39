"""A class on one machine: the hub, which serves the learners, and the board, which shows the room what it thinks."""
