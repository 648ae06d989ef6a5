"""Contacts over HTTP: what an agent does with one, and the history with its facts and reasons."""
