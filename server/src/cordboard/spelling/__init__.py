"""Spelling on the server: the company's own words, and a check of a text that knows them, the people's names and the library."""
