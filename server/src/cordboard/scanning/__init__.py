"""Looks at files for harmful content before anybody may download them, by what the installation has for it.

`scanners` are the two ways to ask (clamd, a command), `verdicts` remembers for each blob what was said and lets it out or not.
"""
