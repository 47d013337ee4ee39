"""Times the lessons' training against what you would use instead: `python -m benchmarks`."""
