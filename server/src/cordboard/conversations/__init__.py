"""What agents and supervisors do with web chats over HTTP; new messages come on the live topic `conversation:<contact>`."""
