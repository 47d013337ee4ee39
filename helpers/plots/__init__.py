"""Pictures. Empty, so that a lesson loads only those that it shows."""
