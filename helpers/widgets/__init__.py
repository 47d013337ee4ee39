"""What moves on the page, and what moves it: widgets of our own, each a Python half and a JavaScript half."""
