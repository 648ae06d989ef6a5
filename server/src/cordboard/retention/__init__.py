"""Lets go of what is older than the history is kept for (12 months, 24 as an option): words, files, and what was made of them."""
