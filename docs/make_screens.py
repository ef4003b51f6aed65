"""Makes the pictures of the terminal application that the README shows, from the application as it runs.

With a local model (firstaid model pull): python docs/make_screens.py
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from textual.pilot import Pilot

from firstaid.assistant.llm.local import LocalModel
from firstaid.assistant.models import Chosen, ModelStore
from firstaid.assistant.paths import models_folder
from firstaid.assistant.tui.app import FirstaidApp
from firstaid.assistant.tui.desk import Opened, bundled_core
from firstaid.assistant.tui.screens.atlas import AtlasScreen
from firstaid.assistant.tui.widgets.terms import Terms

FOLDER = Path(__file__).with_name("screens")
SIZE = (120, 36)
REPORT = """$ python serve.py --model Qwen/Qwen3-8B
INFO 11-20 09:12:03 loading the configuration
Traceback (most recent call last):
  File "/srv/app/serve.py", line 31, in <module>
    model = AutoModelForCausalLM.from_pretrained(args.model)
  File "/srv/app/.venv/lib/python3.10/site-packages/transformers/models/auto/auto_factory.py", line 526
KeyError: 'qwen3'

$ pip list | grep -E "transformers|torch"
torch==2.3.1
transformers==4.46.0
"""


def main() -> None:
    """Writes ask.svg and atlas.svg."""
    chosen = ModelStore(models_folder()).chosen()
    with tempfile.TemporaryDirectory() as home:
        os.environ["FIRSTAID_HOME"] = home  # no history and no settings of whoever makes them
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / "ask.svg").write_text(asyncio.run(_ask(chosen, Path(home))), encoding="utf-8")
        (FOLDER / "atlas.svg").write_text(asyncio.run(_atlas()), encoding="utf-8")


async def _ask(chosen: Chosen, home: Path) -> str:
    def opened() -> Opened:
        model = LocalModel(chosen, home / "states")
        return Opened(model, model.close)

    app = FirstaidApp(partial(bundled_core, "bundled"), opened, REPORT)
    async with app.run_test(size=SIZE) as pilot:
        await _until(pilot, lambda: app.screen.query("Terms Link"))
        return app.export_screenshot(title="firstaid")


async def _atlas() -> str:
    app = FirstaidApp(partial(bundled_core, "bundled"), None)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f4")
        await _until(pilot, lambda: isinstance(app.screen, AtlasScreen) and app.screen.query("ShareBar"))
        await pilot.press("down", "down", "right")
        await pilot.pause(0.3)
        return app.export_screenshot(title="firstaid")


async def _until(pilot: Pilot[None], holds: Callable[[], object], seconds: int = 120) -> None:
    for _ in range(seconds * 10):
        if holds():
            await pilot.pause(0.3)
            return
        await pilot.pause(0.1)
    said = pilot.app.screen.query_one(Terms).state
    raise TimeoutError(f"the application did not come so far; the model: {said}")


if __name__ == "__main__":
    main()
