"""Looks up for scripts: the rows of customers' tables, and customers' own services over HTTP.

`performer` does what the core asks by `LookUp` and posts what has come of it; `rows` and `connectors` are the two kinds of
source; `importing` reads a file of rows.
"""
