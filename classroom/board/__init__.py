"""The class's board: takes what learners tell, keeps it once, and shows it at once."""
