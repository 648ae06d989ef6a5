"""Web chat's outside: visitors' sockets, their sessions and files, the button's page script, bots. See docs/howto/chat.md.

A **visitor** is the end-customer in his browser. His session has an unguessable token; what he may see is the fold of his
contact's facts (`core.conversation.transcript`), sent by number; what he writes is an event with a key.
"""
