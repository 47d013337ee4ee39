"""What a learner makes and keeps: digits drawn by hand, and trained networks in files of their own."""
