"""`python -m firstaid.index.make_vectors`: makes the shipped vectors again after cases or encoder have changed."""

from __future__ import annotations

import sys

from ..kb.load import load
from .embed import case_texts
from .encoder import BundledEncoder
from .shipped import FILE, shipped_vectors, text_key, write_shipped


def shipped_texts() -> list[str]:
    """Every text of every shipped case that gets a vector, each once."""
    return list(dict.fromkeys(text for case in load().cases.values() for _, text in case_texts(case)))


def main() -> None:
    """Writes the file; texts that it holds already are not embedded twice."""
    encoder = BundledEncoder()
    texts = {text_key(text): text for text in shipped_texts()}
    known = shipped_vectors(encoder)
    new = [key for key in texts if key not in known]
    fresh = dict(zip(new, encoder.encode([texts[key] for key in new]), strict=True))
    write_shipped({key: fresh[key] if key in fresh else known[key] for key in texts}, encoder.name)
    sys.stdout.write(f"{FILE}: {len(texts)} vectors, {len(new)} of them new, {FILE.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
