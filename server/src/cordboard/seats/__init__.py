"""Taking a seat: which seat, and which phone an agent's calls reach.

A **phone account** is the SIP endpoint of one agent: the browser's lives as long as its login, with a password of its own; the
desk phone's stays, since somebody has typed it into a telephone. Passwords are stored encrypted with the session secret,
because Asterisk must be told again after it was away.
"""
