"""Email: what comes in by IMAP, POP3, SMTP and LMTP, how it is understood and kept, and how answers leave.

*Inbox*: an entry point of the channel email, with an address, a way in and a way out. *Raw mail*: its bytes as they came, a
blob. *Mail*: a row, in or out, with a gap-free id of its tenant. *Bookmark*: how far a folder was fetched. *Seen*: by what a
mail is recognised that comes again. *Thread*: mails that belong together; its id is its first mail's. *Outbox*: mails that are
to leave. *Report*: what became of one. The mail process (`cordboard mail`) fetches, receives, understands, keeps and sends;
it meets the server in PostgreSQL's rows alone, so that no mail can ever slow a call.
"""
