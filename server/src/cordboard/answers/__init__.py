"""Predefined answers: what the centre says again and again, written well once, in each of its languages.

**Theme**: a heading; its parent is a theme or nothing. **Answer**: belongs to a theme, and has a **text** (title, HTML, plain)
in each language, a short name to be typed after "/", days on which it is valid, a Space (or all), channels, attachments.
**Use**: somebody has put it into a contact; whether it was sent, and how much of it was changed first.
**Suggestion**: an answer that fits what a contact asks, found by `knowledge.suggestions` or else by full text. Never sent by itself.
"""
