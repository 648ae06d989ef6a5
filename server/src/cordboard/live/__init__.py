"""What browsers see without asking: topics of rows, a snapshot and then only what has changed.

Nouns: a **topic** is what a socket subscribes to; a **feed** is one topic for one audience (a tenant, an agent, a person) with
its present **rows**; a **delta** says which rows have changed. `views` makes rows from the core's state, purely; `tallies`
keeps what would cost too much to count each time; `feed` compares and numbers; `hub` follows the batches; `socket` talks.

Law: a snapshot with all later deltas applied equals a fresh snapshot.
"""
