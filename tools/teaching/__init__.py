"""What instructors get from the lessons: copies for students and themselves, a site, slides, and a kit."""
