"""The web's own figures for operators (`/metrics`): how many requests, how long, how many live sockets. No paths, no persons."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cordboard.runtime.clock import Clock

_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class WebMeasures:
    def __init__(self, registry: CollectorRegistry, sockets: Callable[[], int]) -> None:
        self.requests = Counter(
            "cordboard_http_requests", "API requests by class of answer.", ["status"], registry=registry
        )
        self.seconds = Histogram(
            "cordboard_http_seconds", "Time to answer an API request.", buckets=_SECONDS, registry=registry
        )
        live = Gauge("cordboard_live_sockets", "Browsers with a live socket.", registry=registry)
        live.set_function(sockets)


class Measured:
    """Counts the requests of the API that pass through."""

    def __init__(self, app: ASGIApp, measures: WebMeasures, clock: Clock) -> None:
        self._app = app
        self._measures = measures
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        started = self._clock.monotonic()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._measures.requests.labels(f"{message['status'] // 100}xx").inc()
                self._measures.seconds.observe(self._clock.monotonic() - started)
            await send(message)

        await self._app(scope, receive, counted)
