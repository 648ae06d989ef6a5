"""The desktop's start: everything that the page needs to know once, and each person's layout of it."""
