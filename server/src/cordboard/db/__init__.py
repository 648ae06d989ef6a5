"""The database: the embedded server, the migrations and the running server's connections.

`Database` gives transactions that see one tenant (row-level security); `migrate.upgrade` brings the tables up to date as
their owner; `EmbeddedPostgres` is the server that needs no installation.
"""
