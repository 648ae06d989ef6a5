"""Email in the core: what is said about it (`events`, `facts`, `commands`) and what becomes of a mail's contact.

Nouns, in the order in which a mail meets them:

- A **mail** is one message, in or out, stored outside; the core knows its number and what conditions need of it.
- A **thread** is the mails that belong together; it has at most one open contact, which takes what arrives (`arrival`).
- An **answer** (`answering`) is on its way for the inbox's `undo`, then it leaves for good; until then it can be taken back.
- A **parked** contact (`parking`) waits for an instant, for a reply, or for an outside expert, without an agent.
- A **held** answer (`validation`) waits for somebody who approves it, corrects it or sends it back.
- **Due** (`due`) is the instant by which a contact should be answered, counted in working hours.
"""
