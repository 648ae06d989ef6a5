"""`python -m cordboard` is the command `cordboard`."""

from cordboard.cli import main

main()
