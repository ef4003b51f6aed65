"""The pages in a real browser: pasting, reading, copying, the keyboard, and that nothing comes from elsewhere."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from serving import Model, served

from firstaid.assistant import FirstAid
from firstaid.assistant.serve import Settings, Voice, create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium"),
    pytest.mark.xdist_group("chromium"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
REPORT = "Traceback (most recent call last):\nKeyError: 'qwen3'\ntransformers==4.46.0\n"
HOSTILE = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


Opened = Callable[..., Page]


@pytest.fixture
def opened(kit: FirstAid, browser: Browser) -> Iterator[Opened]:
    """Opens a page of a new server in a fresh profile; whatever it fetched elsewhere or complained about is a fault."""
    closing = ExitStack()
    complaints: list[str] = []

    def open_page(path: str = "/", voice: Voice | None = None, token: str | None = None, look: str = "light") -> Page:
        url = closing.enter_context(served(create_app(kit, Settings(token=token), voice)))
        context = browser.new_context(color_scheme="dark" if look == "dark" else "light")
        closing.callback(context.close)
        page = context.new_page()
        page.on("request", lambda request: _must_be_own(request.url, url, complaints))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{url}{path}")
        return page

    with closing:
        yield open_page
    # Chromium itself reports an answer of 4xx as an error.
    assert [text for text in complaints if "status of 4" not in text] == []


def _must_be_own(asked: str, url: str, complaints: list[str]) -> None:
    if not asked.startswith((url, "data:", "blob:")):
        complaints.append(f"fetched {asked}")


def test_a_pasted_report_is_answered(opened: Opened) -> None:
    page = opened()
    expect(page.get_by_label("Report")).to_be_focused()
    page.keyboard.insert_text(REPORT)
    page.keyboard.press("Control+Enter")
    answer = page.get_by_label("Diagnosis")
    expect(answer.locator(".verdict")).to_contain_text("This is a known failure")
    expect(answer).to_contain_text("Environment Compatibility Issues - Dependency Library Compatibility")
    expect(answer).to_contain_text("case transformers-too-old-for-model-type")
    expect(answer.locator("ol pre").first).to_contain_text("pip install")
    expect(answer.get_by_role("link").first).to_have_attribute("href", re.compile("^https://"))
    expect(answer).to_be_focused()
    expect(page.locator("#model")).to_be_hidden()


def test_a_command_is_copied(opened: Opened) -> None:
    page = opened()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("Report").fill(REPORT)
    page.get_by_role("button", name="Diagnose").click()
    command = page.locator(".command").first
    command.get_by_role("button", name="Copy").click()
    expect(command.get_by_role("button")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == command.locator("pre").inner_text()


def test_what_a_report_says_stays_text(opened: Opened) -> None:
    page = opened()
    page.get_by_label("Report").fill(f"OutOfMemoryError: CUDA out of memory. {HOSTILE}\nKeyError: 'qwen3' {HOSTILE}\n")
    page.get_by_role("button", name="Diagnose").click()
    expect(page.get_by_label("Diagnosis")).to_contain_text("<img src=x onerror")
    assert page.locator("#answer img, #answer script").count() == 0
    assert page.title() == "firstaid"


def test_the_model_is_heard_and_stays_text(opened: Opened) -> None:
    page = opened(voice=Voice(Model, 20))
    page.get_by_label("Report").fill(REPORT)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#said")).to_contain_text("transformers 4.46.0 does not know qwen3.")
    expect(page.get_by_role("button", name="Stop the model")).to_be_hidden()


def test_the_model_is_stopped(opened: Opened) -> None:
    model = Model(waits=True)
    page = opened(voice=Voice(lambda: model, 20))
    page.get_by_label("Report").fill(REPORT)
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Stop the model").click()
    expect(page.get_by_role("status")).to_have_text("Stopped.")
    assert model.closed.wait(20)
    expect(page.locator(".verdict")).to_be_visible()


def test_what_cannot_be_read_is_told(opened: Opened) -> None:
    page = opened()
    page.get_by_role("button", name="Diagnose").click()
    expect(page.get_by_role("status")).to_contain_text("there is nothing to read")


def test_the_token_is_asked_for_when_it_is_needed(opened: Opened) -> None:
    page = opened(token="secret")
    page.get_by_label("Report").fill(REPORT)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("Token")).to_be_focused()
    page.get_by_label("Token").fill("secret")
    page.get_by_label("Token").press("Enter")
    expect(page.locator(".verdict")).to_be_visible()


def test_light_and_dark(opened: Opened) -> None:
    colours = [
        opened(look=look).evaluate("getComputedStyle(document.body).backgroundColor") for look in ("light", "dark")
    ]
    assert colours == ["rgb(255, 255, 255)", "rgb(20, 24, 28)"]


def test_a_narrow_window_needs_no_sideways_scrolling(opened: Opened) -> None:
    page = opened()
    page.set_viewport_size({"width": 360, "height": 700})
    page.get_by_label("Report").fill(REPORT)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".verdict")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_documentation_loads_without_a_network(opened: Opened) -> None:
    page = opened("/docs")
    page.get_by_text("/v1/diagnose").first.click()
    expect(page.get_by_text("What is wrong in a report, why, and how to fix it").first).to_be_visible()
    expect(page.locator("#operations-default-diagnose_v1_diagnose_post, .opblock.is-open")).to_be_visible()


def test_no_page_names_another_address() -> None:
    folder = Path(__file__).parents[2] / "assistant" / "serve" / "assets"
    files = list(folder.iterdir())
    assert len(files) >= 4
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"""(?:src|href|url)\s*[=(:]\s*["']?(?:https?:)?//""", text), file.name
