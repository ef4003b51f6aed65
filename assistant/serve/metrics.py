"""What the server did, for Prometheus. Nothing in it tells of any report."""

from __future__ import annotations

from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .pool import Pool
from .problems import GONE

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The counters of one server."""

    def __init__(self, pool: Pool) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "firstaid_http_requests", "Requests answered.", ("path", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "firstaid_http_request_seconds", "Until the whole answer was sent.", ("path",), buckets=_SECONDS,
            registry=self._registry,
        )  # fmt: skip
        self._verdicts = Counter("firstaid_diagnoses", "Diagnoses given.", ("verdict",), registry=self._registry)
        self.repeated = Counter(
            "firstaid_diagnoses_repeated", "Of these, of a report diagnosed before.", registry=self._registry
        )
        for name, help_, read in (
            ("firstaid_requests_inside", "Diagnoses and searches begun and not answered.", lambda: pool.inside),
            ("firstaid_queue_length", "Of these, waiting for a thread.", lambda: pool.waiting),
            ("firstaid_threads_stuck", "Threads that go on after their time limit.", lambda: pool.stuck),
        ):
            Gauge(name, help_, registry=self._registry).set_function(read)

    def answered(self, path: str, status: int, seconds: float) -> None:
        """Counts a request."""
        self._requests.labels(path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def diagnosed(self, verdict: str) -> None:
        """Counts a diagnosis."""
        self._verdicts.labels(verdict).inc()

    def text(self) -> bytes:
        """All of it in the Prometheus text format."""
        return generate_latest(self._registry)


class Measured:
    """Counts every request by the route that answered it, so that no address a client invents becomes a name."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = perf_counter(), GONE

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            path = getattr(scope.get("route"), "path", "other")
            self._metrics.answered(path, status, perf_counter() - started)
