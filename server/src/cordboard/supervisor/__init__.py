"""`cordboard run`: one command that starts a whole centre on one machine and keeps it up.

*Part*: a program that must run (PostgreSQL, Asterisk, the server, the traffic). A part is started, watched by its process id,
started again when it ends, and stopped in the opposite order. *Leftover*: a part that outlived a killed supervisor; it is
recognised by its pid file and start time, and adopted (Asterisk: calls go on) or ended (everything else).
The supervisor knows command lines, ports and files; what the parts do is not its business.
"""
