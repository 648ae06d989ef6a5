"""Simulated telephone traffic: a public network with people in it, so that a centre on one machine is alive.

*Network*: a second private Asterisk that stands for everything outside the centre. SIP and RTP between it and the centre
are real, and stay on loopback. *Exchange*: drives the network by ARI; a *NetworkLine* is one party's connection in it.
*Caller*: calls a number, listens, presses keys, waits, talks, or loses patience. *SimulatedAgent*: logs in like a person
with a SIP telephone, answers, talks, closes the contact. *Ears*: how a simulated caller notices that somebody speaks to him.
*Chance*: every random choice, from one seed.
"""
