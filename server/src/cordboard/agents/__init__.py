"""Agents at work: becoming ready, withdrawing with a reason."""
