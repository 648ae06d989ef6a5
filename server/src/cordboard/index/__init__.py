"""The list of contacts, and what is searched in them: projections of the facts, which can be made anew at any time.

An index *row* is one contact in one line (`fold`); its *texts* are what was written and said in it (`texts`), from which the
database makes one vector of words. The `Projector` follows the facts with a cursor of its own, moved in the transaction that
changes the rows: whatever ends the process, it goes on where it was.
"""
