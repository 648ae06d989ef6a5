"""Who is who: persons, their logins, their sessions, and what a session may do.

Nouns: a **person** works for one tenant and has **roles**; a **login** is a name and a password that opens a **session** of
that person (one person may have several logins); a session is what a browser's cookie stands for. `rights` says which
roles give which **permission**, `access` makes permissions types that an endpoint's signature names.
"""
