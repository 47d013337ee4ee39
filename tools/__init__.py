"""What the commands in the Makefile run; the lessons themselves need nothing from here."""
