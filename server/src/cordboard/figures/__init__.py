"""Figures over a period, and the contacts behind each of them."""
