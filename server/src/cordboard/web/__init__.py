"""The one web port: the API, the live socket, the softphone's SIP socket and the screens.

`app.create_app(WebParts)` builds it from parts that `main` made; `server.serve` listens; `problems` turns errors into
problem+json; `security` checks where requests come from and adds the headers; `static` serves the built web application.
"""
