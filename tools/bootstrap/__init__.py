"""Brings all that the project needs into its folder `.parts` (and missing Debian packages onto the machine).

Standard library only, Python 3.11: this runs before anything is installed. Everything is safe to repeat and does nothing
when nothing changed: each step keeps a stamp, the hash of what it was made from. Where packages are fetched from is this
machine's own configuration of apt, pip and npm; none of it is written here.
"""
