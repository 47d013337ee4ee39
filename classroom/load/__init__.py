"""A class of programs: as many learners as are asked for, at once, through the same doors as a browser's."""
