"""The pure core: events in, commands and facts out, time an argument.

Nouns, in the order in which a call meets them:

- An **event** (`events`) is something that happened outside, or that somebody asks for. Past tense, or `…Requested`.
- The **configuration** (`config`) is what was published: queues, skills, agents, scripts. It enters as an event.
- A **contact** (`contact`) is one call, email or chat, from arrival to closing. Its **legs** are the parties' lines.
- A **script run** (`script.interpreter`) walks the published steps for one contact.
- An **agent** (`agent`) has one **engagement** for each contact that he holds: reserved, in contact or in wrap-up.
- **Matching** (`matching`) says who gets what next; an **offer** proposes it, the agent's phone answers it.
- A **command** (`commands`) is what the outside shall do now; a **fact** (`facts`) is what has become true.
- `engine.Engine.handle(event, now, seq)` is the only function that decides.

Nothing here awaits, reads a clock, draws a random number or opens a socket, and nothing is imported but the
standard library. The same core runs in production, in recovery, in rehearsal and in tests.
"""
