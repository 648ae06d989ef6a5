"""Scripts: the published strategy that qualifies and distributes a contact.

A **script** is data: named **steps** of a closed set of types (`steps`), checked before publishing (`validate`)
and walked for one contact by a **script run** (`interpreter`). A new type of step is one dataclass in `steps`,
one rule in `validate` and one branch in `interpreter`; the document's form follows from the dataclass.
"""
