"""The internal chat: agents and those who lead them, to the whole team or to one person."""
