"""Web chat in the core: messages are facts with numbers, a visitor may be lost and come back, several chats fit one agent.

`words`, `events`, `facts`, `commands` and `state` are the vocabulary; `arriving`, `messages`, `presence`, `parties`, `invitations`
and `asking` (the script's questions) are the transitions. What is ephemeral (typing, previews) never comes here.
"""
