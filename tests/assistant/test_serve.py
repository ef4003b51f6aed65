"""The HTTP door: the answers of the core, the limits, who may come in, and how it ends."""

from __future__ import annotations

import json
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import httpx2
import psutil
import pytest
from answers import REPORT
from serving import Model, calling, process, served, until
from starlette.testclient import TestClient

from firstaid.assistant import FirstAid
from firstaid.assistant.diagnosis import Diagnosis
from firstaid.assistant.serve import Settings, Voice, create_app
from firstaid.assistant.serve.recent import Recent
from firstaid.kb import load_taxonomy
from firstaid.kb.errors import UsageError

TEXT = {"Content-Type": "text/plain"}
EVENTS = {**TEXT, "Accept": "text/event-stream"}
Firstaid = Callable[..., CompletedProcess[bytes]]


def client_of(kit: FirstAid, voice: Voice | None = None, **settings: Any) -> TestClient:
    return TestClient(create_app(kit, Settings(**settings), voice), base_url="http://127.0.0.1:8321")


@pytest.fixture
def client(kit: FirstAid) -> TestClient:
    return client_of(kit)


def told(response: httpx2.Response) -> str:
    """What a refusal says; its shape is always the same."""
    error = response.json()["error"]
    assert error.keys() == {"message", "hint"}
    return f"{error['message']} | {error['hint']}"


def without_times(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "timing_ms": None}


# --- answers ---------------------------------------------------------------------------------------------------------


def test_the_answer_is_that_of_the_command_line(client: TestClient, firstaid: Firstaid) -> None:
    shown = json.loads(firstaid("diagnose", "--format", "json", stdin=REPORT.encode()).stdout)
    plain = client.post("/v1/diagnose", content=REPORT, headers=TEXT)
    assert plain.headers["content-type"] == "application/json"
    assert without_times(plain.json()) == without_times(shown)
    as_json = client.post("/v1/diagnose", json={"report": REPORT, "id": "job-7", "top": 2}).json()
    assert without_times(as_json) == without_times({**shown, "id": "job-7", "cases": shown["cases"][:2]})


@pytest.mark.parametrize("given", ["x", 7, 1.5, None, 10**30])
def test_any_id_is_handed_back(client: TestClient, given: object) -> None:
    assert client.post("/v1/diagnose", json={"report": REPORT, "id": given}).json()["id"] == given


def test_the_interface_describes_the_whole_answer(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    answer = document["paths"]["/v1/diagnose"]["post"]["responses"]["200"]["content"]
    assert answer["application/json"]["schema"] == {"$ref": "#/components/schemas/Diagnosis"}
    assert "text/event-stream" in answer
    schema = document["components"]["schemas"]["Diagnosis"]["properties"]
    assert schema.keys() == client.post("/v1/diagnose", content=REPORT, headers=TEXT).json().keys()


def test_a_wide_encoding_is_read_as_from_a_file(client: TestClient) -> None:
    found = client.post("/v1/diagnose", content=REPORT.encode("utf-16"), headers=TEXT).json()
    assert (found["verdict"], found["report"]["notes"]) == ("match", ["decoded as utf-16-le"])


def test_search(client: TestClient) -> None:
    hits = client.post("/v1/search", json={"query": "KeyError: 'qwen3'", "top": 3}).json()["hits"]
    assert len(hits) == 3
    assert hits[0]["case"]["id"] == "transformers-too-old-for-model-type"
    assert hits[0]["score"] >= hits[1]["score"]


def test_cases_in_pages_and_by_filter(client: TestClient) -> None:
    first, second = (client.get(f"/v1/cases?limit=5&offset={offset}").json() for offset in (0, 5))
    names = [case["id"] for page in (first, second) for case in page["cases"]]
    assert names == sorted(set(names))
    assert len(names) == 10
    assert first["total"] > 1000
    some = client.get(
        "/v1/cases", params={"symptom": "Crash - CUDA Error", "stack": "vLLM", "stage": "Inference"}
    ).json()
    assert 0 < some["total"] < first["total"]
    for case in some["cases"]:
        assert case["symptom"].startswith("Crash - CUDA Error - ")
        assert "vllm" in case["stack"]
    assert client.get("/v1/cases?root_cause=No such").json()["total"] == 0


def test_a_case_in_full(client: TestClient, firstaid: Firstaid) -> None:
    shown = json.loads(firstaid("show", "safetensors-header-too-large", "--format", "json").stdout)
    assert client.get("/v1/cases/safetensors-header-too-large").json() == shown
    missing = client.get("/v1/cases/safetensors-header-to-large")
    assert missing.status_code == 404
    assert "safetensors-header-too-large" in told(missing)


def test_an_id_that_was_given_up_leads_to_its_successor(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "firstaid.assistant.firstaid.load_retired", lambda: {"old-name": "safetensors-header-too-large"}
    )
    assert client.get("/v1/cases/old-name").json()["id"] == "safetensors-header-too-large"


def test_the_taxonomy_with_its_meanings(client: TestClient) -> None:
    answer = client.get("/v1/taxonomy").json()
    assert answer["symptom"] == dict(load_taxonomy().symptom)
    assert answer["stack"]["vllm"] == "vLLM"


def test_health_and_metrics(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
    client.post("/v1/diagnose", content=REPORT, headers=TEXT)
    client.post("/v1/diagnose", content=REPORT, headers=TEXT)
    client.get("/v1/cases/nothing-like-it")
    client.get("/invented/address")
    text = client.get("/metrics").text
    for line in (
        'firstaid_http_requests_total{path="/v1/diagnose",status="200"} 2.0',
        'firstaid_http_requests_total{path="/v1/cases/{case_id}",status="404"} 1.0',
        'firstaid_http_requests_total{path="other",status="404"} 1.0',
        'firstaid_diagnoses_total{verdict="match"} 2.0',
        "firstaid_diagnoses_repeated_total 1.0",
        "firstaid_queue_length 0.0",
    ):
        assert line in text.splitlines()
    assert "invented" not in text


def test_the_answers_kept_are_bounded(kit: FirstAid) -> None:
    recent, answer = Recent(), kit.diagnose(REPORT)
    for number in range(300):
        recent.keep(b"%d" % number, 5, answer)
    assert recent.get(b"299", 5) is answer
    assert recent.get(b"299", 4) is None
    assert recent.get(b"0", 5) is None


def test_threads_get_the_answers_that_one_gets(kit: FirstAid) -> None:
    reports = [f"{error}\nstep {number}" for number, error in enumerate(ERRORS * 4)]
    alone = [without_times(kit.diagnose(report).to_dict()) for report in reports]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda report: without_times(kit.diagnose(report).to_dict()), reports))
    assert together == alone


ERRORS = [
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 23.69 GiB",
    "KeyError: 'qwen3'",
    "safetensors_rust.SafetensorError: Error while deserializing header: HeaderTooLarge",
    "ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0.",
    "error loading model: unknown model architecture: 'gemma3'",
    "my fine-tuned llama3 never stops talking in vllm",
    "显存不足，加载模型时报错",
]


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind", "status", "says"),
    [
        (b"", "text/plain", 422, "nothing to read"),
        (b"  \n ", "text/plain", 422, "nothing to read"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "text/plain", 422, "a PNG picture | copy the text"),
        (b'{"report"', "application/json", 400, "JSON"),
        (b"\xff\xfe\xfd", "application/json", 400, "JSON"),
        (b'{"report": "x", "id": NaN}', "application/json", 422, "id"),
        (b'{"report": 5}', "application/json", 422, "report"),
        (b'{"report": "x", "top": 51}', "application/json", 422, "top"),
        (b'{"report": "x", "tpo": 5}', "application/json", 422, "tpo"),
        (b"[]", "application/json", 422, "the request"),
        (b'{"report": "x", "llm": true}', "application/json", 422, "firstaid model pull"),
        (b"report=x", "application/x-www-form-urlencoded", 415, "text/plain"),
    ],
)
def test_what_cannot_be_answered_is_told_with_its_cure(
    client: TestClient, body: bytes, kind: str, status: int, says: str
) -> None:
    response = client.post("/v1/diagnose", content=body, headers={"Content-Type": kind})
    assert response.status_code == status, response.text
    assert says in told(response)


def test_what_is_not_there_is_told_in_the_same_shape(client: TestClient) -> None:
    assert client.get("/nothing").status_code == 404
    assert "GET /docs" in told(client.get("/nothing"))
    wrong = client.get("/v1/diagnose")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    assert "limit" in told(client.get("/v1/cases?limit=0"))
    assert client.post("/v1/search", content="x", headers=TEXT).status_code == 415


def test_a_report_is_not_repeated_in_a_refusal(client: TestClient) -> None:
    response = client.post("/v1/diagnose", json={"report": "x", "top": "hf_secret"})
    assert response.status_code == 422
    assert "hf_secret" not in response.text


def test_a_large_body_is_refused_whatever_its_length_says(kit: FirstAid) -> None:
    def slices() -> Iterator[bytes]:  # sent in chunks, without Content-Length
        for _ in range(50):
            yield b"x" * 1000

    with (
        served(create_app(kit, Settings(max_body=5000))) as url,
        calling(url) as client,
    ):
        for body in (b"x" * 6000, slices()):
            response = client.post("/v1/diagnose", content=body, headers=TEXT)
            assert response.status_code == 413
            assert "5,000 bytes | " in told(response)
        address = url.removeprefix("http://").split(":")
        with socket.create_connection((address[0], int(address[1])), timeout=20) as raw:  # says less than it sends
            raw.sendall(b"POST /v1/diagnose HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n")
            raw.sendall(b"Content-Length: 10\r\n\r\n" + b"KeyError: " + b"x" * 9000)
            assert raw.recv(64).startswith(b"HTTP/1.1 200")


class Slow(FirstAid):
    """Answers when it is let go."""

    def __init__(self, kit: FirstAid) -> None:
        super().__init__(cache=kit.library.cache, cases=kit.library.user_cases)
        self.go, self.begun = threading.Event(), threading.Semaphore(0)

    def diagnose(self, *arguments: Any, **named: Any) -> Diagnosis:
        self.begun.release()
        assert self.go.wait(30)
        return super().diagnose(*arguments, **named)


@pytest.fixture
def slow(kit: FirstAid) -> Iterator[Slow]:
    slow = Slow(kit)
    yield slow
    slow.go.set()


def test_more_than_can_wait_are_told_to_come_again(slow: Slow) -> None:
    app = create_app(slow, Settings(workers=1, queue=1))
    with served(app) as url, calling(url) as client, ThreadPoolExecutor(2) as others:

        def ask(number: int) -> httpx2.Response:
            return client.post("/v1/diagnose", content=f"{REPORT}{number}", headers=TEXT)

        first = others.submit(ask, 1)
        assert slow.begun.acquire(timeout=20)
        second = others.submit(ask, 2)
        until(lambda: "firstaid_queue_length 1.0" in client.get("/metrics").text)
        third = ask(3)
        assert third.status_code == 503
        assert int(third.headers["retry-after"]) > 0
        assert client.get("/healthz").status_code == 200
        slow.go.set()
        assert first.result().status_code == second.result().status_code == 200
        assert ask(4).status_code == 200


def test_a_report_that_takes_too_long_is_given_up_and_keeps_nobody_else_out(slow: Slow) -> None:
    with served(create_app(slow, Settings(workers=1, queue=0, timeout=1))) as url, calling(url) as client:
        response = client.post("/v1/diagnose", content=REPORT, headers=TEXT)
        assert response.status_code == 504
        assert "1 seconds" in told(response)
        assert "firstaid_threads_stuck 1.0" in client.get("/metrics").text
        found = client.get("/v1/cases/safetensors-header-too-large")
        assert found.status_code == 200
        slow.go.set()
        until(lambda: "firstaid_threads_stuck 0.0" in client.get("/metrics").text)


def test_threads_that_never_end_are_not_piled_up(slow: Slow) -> None:
    with served(create_app(slow, Settings(workers=1, queue=8, timeout=0.2))) as url, calling(url) as client:
        codes = [
            client.post("/v1/diagnose", content=f"{REPORT}{number}", headers=TEXT).status_code for number in range(6)
        ]
        slow.go.set()
    assert codes == [504] * 4 + [503] * 2


def test_who_leaves_is_not_waited_for(slow: Slow, own_home: Path) -> None:
    begun = b"POST /v1/diagnose HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\nKeyE"
    with served(create_app(slow, Settings(workers=1))) as url, calling(url) as client, ThreadPoolExecutor(1) as other:
        first = other.submit(client.post, "/v1/diagnose", content=REPORT, headers=TEXT)
        assert slow.begun.acquire(timeout=20)
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        with socket.create_connection(address) as while_sending, socket.create_connection(address) as while_waiting:
            while_sending.sendall(begun)
            while_waiting.sendall(begun + b"rror")
            until(lambda: "firstaid_queue_length 1.0" in client.get("/metrics").text)
            until(lambda: "firstaid_requests_inside 3.0" in client.get("/metrics").text)
        slow.go.set()
        assert first.result().status_code == 200
        line = 'firstaid_http_requests_total{path="/v1/diagnose",status="499"} 2.0'
        until(lambda: line in client.get("/metrics").text)
    assert not slow.begun.acquire(blocking=False)
    assert not own_home.joinpath("state", "crashes").exists()


def test_a_bug_is_no_traceback(kit: FirstAid, own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Faulty(FirstAid):
        def diagnose(self, *arguments: Any, **named: Any) -> Diagnosis:
            raise RuntimeError("secret of the report")

    response = client_of(Faulty(cache=kit.library.cache)).post("/v1/diagnose", content=REPORT, headers=TEXT)
    assert response.status_code == 500
    assert "a bug of firstaid" in told(response)
    said = capsys.readouterr().err
    assert "secret" not in response.text + said
    assert "Traceback" not in said
    assert list(own_home.joinpath("state", "crashes").iterdir())


# --- who may come in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8321", "LOCALHOST", "[::1]:8321", "127.9.9.9", "kit.lan:80"])
def test_the_server_goes_by_its_names(kit: FirstAid, host: str) -> None:
    client = client_of(kit, names=frozenset({"kit.lan"}))
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "10.1.2.3", "", "127.0.0.1@evil", "a:b:c"])
def test_and_by_no_other(client: TestClient, host: str) -> None:
    response = client.get("/healthz", headers={"Host": host})
    assert response.status_code == 421
    assert "--allow-host" in told(response)


def test_pages_of_other_sites_may_not_ask(client: TestClient) -> None:
    for origin in ("http://evil.example", "null", "http://127.0.0.1:9999"):
        assert client.post("/v1/diagnose", content=REPORT, headers={**TEXT, "Origin": origin}).status_code == 403
    own = client.post("/v1/diagnose", content=REPORT, headers={**TEXT, "Origin": "http://127.0.0.1:8321"})
    assert own.status_code == 200
    assert "access-control-allow-origin" not in own.headers


def test_the_token_is_asked_for(kit: FirstAid) -> None:
    client = client_of(kit, token="töken", host="0.0.0.0")
    right = (b"Authorization", "Bearer töken".encode())
    for given in ("", "Bearer no", "Bearer", "Basic töken"):
        response = client.get("/v1/taxonomy", headers=[(b"Authorization", given.encode())])
        assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
        assert "Bearer TOKEN" in told(response)
    assert client.get("/metrics").status_code == 401
    assert client.get("/v1/taxonomy", headers=[right, (b"Host", b"10.1.2.3:8321")]).status_code == 200
    assert client.get("/v1/taxonomy", headers=[right, (b"Host", b"evil.example")]).status_code == 421
    for path in ("/", "/docs", "/healthz", "/assets/page.js"):
        assert client.get(path).status_code == 200
    assert client.get("/openapi.json").json()["security"] == [{"token": []}]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "kit.lan"])
def test_beyond_this_machine_a_token_is_a_must(host: str) -> None:
    with pytest.raises(UsageError, match="no token") as refused:
        Settings(host=host)
    assert "FIRSTAID_TOKEN" in str(refused.value)
    assert Settings(host=host, token="x").token


# --- the model -------------------------------------------------------------------------------------------------------


def events_of(text: str) -> list[tuple[str, Any]]:
    parts = [part.split("\n") for part in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in parts]


def test_the_model_speaks_after_the_diagnosis(kit: FirstAid) -> None:
    client = client_of(kit, Voice(Model, 20))
    plain = client.post("/v1/diagnose", content=REPORT, headers=TEXT).json()
    assert plain["answer"] is None
    response = client.post("/v1/diagnose", content=REPORT, headers=EVENTS)
    assert response.headers["content-type"].startswith("text/event-stream")
    (first, diagnosis), *texts, (answer, whole), (last, times) = events_of(response.text)
    assert (first, answer, last) == ("diagnosis", "answer", "done")
    assert without_times(diagnosis) == without_times(plain)
    assert {name for name, _ in texts} == {"text"}
    assert "".join(data["text"] for _, data in texts).strip() == whole["text"]
    assert whole["text"].startswith("transformers 4.46.0 does not know qwen3.")
    assert times["timing_ms"]["llm"] > 0
    asked = client.post("/v1/diagnose", json={"report": REPORT, "llm": True}).json()
    assert asked["answer"] == whole


def test_a_stream_without_a_model(kit: FirstAid) -> None:
    for client, asked in (
        (client_of(kit), {"report": REPORT, "stream": True}),
        (client_of(kit, Voice(Model, 20)), {"report": REPORT, "stream": True, "llm": False}),
    ):
        names = events_of(client.post("/v1/diagnose", json=asked).text)
        assert [name for name, _ in names] == ["diagnosis", "answer", "done"]
        assert names[1][1] is None


def test_a_model_that_breaks_takes_no_answer_away(kit: FirstAid) -> None:
    models = [Model(breaks=True), Model()]
    client = client_of(kit, Voice(lambda: models.pop(0), 20))
    broken = dict(events_of(client.post("/v1/diagnose", content=REPORT, headers=EVENTS).text))
    assert broken["error"] == {"error": {"message": "the model was killed", "hint": "mend it"}}
    assert broken["diagnosis"]["verdict"] == "match"
    assert "done" in broken
    # The next is answered by a model that is opened anew.
    assert "error" not in dict(events_of(client.post("/v1/diagnose", content=REPORT, headers=EVENTS).text))


def test_a_model_that_takes_too_long_is_stopped(kit: FirstAid) -> None:
    model = Model(waits=True)
    client = client_of(kit, Voice(lambda: model, 0.3))
    names = dict(events_of(client.post("/v1/diagnose", content=REPORT, headers=EVENTS).text))
    assert "takes too long" in names["error"]["error"]["message"]
    assert model.closed.is_set()


def test_a_client_that_leaves_stops_the_model(kit: FirstAid) -> None:
    model = Model(waits=True)
    with served(create_app(kit, Settings(), Voice(lambda: model, 20))) as url, calling(url) as client:
        with client.stream("POST", "/v1/diagnose", content=REPORT, headers=EVENTS) as response:
            # Held by a name: an iterator that is thrown away closes the connection.
            lines = response.iter_lines()
            assert next(lines) == "event: diagnosis"
            assert model.begun.wait(20)
            assert not model.closed.is_set()
        assert model.closed.wait(20)


# --- the process -----------------------------------------------------------------------------------------------------


@pytest.fixture
def home(firstaid: Firstaid) -> None:
    """A home with the index in it."""
    del firstaid


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("how", "code", "says"), [(signal.SIGTERM, 0, b""), (signal.SIGINT, 130, b"interrupted")])
def test_it_ends_when_told_to(how: signal.Signals, code: int, says: bytes) -> None:
    with process() as (running, url):
        with calling(url) as client:
            assert client.post("/v1/diagnose", content=REPORT, headers=TEXT).json()["verdict"] == "match"
        running.send_signal(how)
        out, said = running.communicate(timeout=30)
    assert (running.returncode, out) == (code, b"")
    assert says in said
    assert b"Traceback" not in said
    assert b"qwen3" not in said


@pytest.mark.usefixtures("home")
def test_what_is_being_answered_is_answered_before_it_ends() -> None:
    with process() as (running, url):
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as raw:
            body = REPORT.encode()
            raw.sendall(f"POST /v1/diagnose HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n\r\n".encode())
            raw.sendall(body[:20])
            with calling(url) as client:
                until(lambda: "firstaid_requests_inside 1.0" in client.get("/metrics").text)
            running.terminate()
            raw.sendall(body[20:])
            assert raw.recv(64).startswith(b"HTTP/1.1 200")
        assert running.wait(30) == 0


@pytest.mark.usefixtures("home")
def test_a_port_that_is_taken(firstaid: Firstaid) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = firstaid("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert b"--port 0" in done.stderr
    assert b"Traceback" not in done.stderr


def test_what_cannot_be_served_is_told_before_anything_starts(firstaid: Firstaid) -> None:
    open_to_all = firstaid("serve", "--host", "0.0.0.0")
    assert (open_to_all.returncode, open_to_all.stdout) == (2, b"")
    assert b"FIRSTAID_TOKEN" in open_to_all.stderr
    assert firstaid("serve", "--host", "no.such.name.invalid", FIRSTAID_TOKEN="x").returncode == 2
    no_model = firstaid("serve", "--port", "0", "--llm")
    assert no_model.returncode == 5
    assert b"firstaid model pull" in no_model.stderr or b"firstaid-llm[llm]" in no_model.stderr


def test_a_missing_extra_is_told(firstaid: Firstaid, tmp_path: Path) -> None:
    tmp_path.joinpath("uvicorn.py").write_text("raise ImportError('gone', name='uvicorn')", encoding="utf-8")
    done = firstaid("serve", PYTHONPATH=str(tmp_path))
    assert done.returncode == 5
    assert b"firstaid-llm[serve]" in done.stderr


@pytest.mark.usefixtures("home")
def test_memory_does_not_grow() -> None:
    with process() as (running, url), calling(url) as client:

        def ask(number: int) -> int:
            report = f"{ERRORS[number % len(ERRORS)]}\nstep {number}\n" + "INFO shard loaded\n" * 20
            return client.post("/v1/diagnose", content=report, headers=TEXT).status_code

        with ThreadPoolExecutor(4) as clients:
            assert set(clients.map(ask, range(60))) == {200}
            settled = psutil.Process(running.pid).memory_info().rss
            assert set(clients.map(ask, range(60, 360))) == {200}
        # The answers that are kept in mind have their place in it.
        assert psutil.Process(running.pid).memory_info().rss < settled + 20_000_000
