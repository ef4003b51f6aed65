"""Makes the weights of the ranking again: `python -m firstaid.assistant.train_ranker tests/eval/*.jsonl --write`.

    pip install 'firstaid-llm[build]'

Learned from: questions and samples of the cases that the encoder was not tuned on, asked of an index that does not hold
them (`holdout.py`); the same with their signatures unheard, as in a report that is worded differently; reports written
for the purpose, of which no word is indexed; look-alikes, which must not find the case that warns of them; and each of
these with the right case taken out, so that "not known" is learned too. Printed are the measures on cases that took no
part in the fitting.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..index import Searcher
from ..index.build import fill
from ..index.embed import MISS
from ..index.encoder import BundledEncoder, Encoder
from ..index.evaluate import LabelledReport, read_reports
from ..index.features import Features, case_features, query_features
from ..index.fit import Example, Kind, fit
from ..index.rank import WEIGHTS, Chances, Weights, probabilities, write_weights
from ..kb import Case, KnowledgeBase, load
from ..kb.errors import FirstaidError, InputError
from .diagnose import query_of
from .holdout import held_out, part_of
from .report import read_report

_FOLDS = 5
_PARTS = ("asks", "hits")
_STANDS_FOR = 1.5
"""A text that is held out counts for the four beside it that are not."""
_RIVALS = 30
"""So many cases are learned from for each query: those that look best at a glance."""
_TELLING = ("root_at_error", "hint_at_error", "root_elsewhere", "lexical_error_share", "lexical_words_share",
            "vector_error_behind", "vector_words_behind")  # fmt: skip
_PRECISION = 0.97
"""Of the answers called a match on reports never seen, so many should be right."""
_LOST = 0.02
"""Of the texts of this field at most so many are taken for foreign."""
_CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and what was found for it, kept for fitting and for measuring."""

    source: str
    """"asks", "hits", "unsigned", "miss", "report" or "foreign"."""
    right: frozenset[str]
    fold: int
    chinese: bool
    cases: dict[str, Features]
    query: Features

    def example(self, kind: Kind, weight: float, *, without: bool = False) -> Example:
        """As an example to learn from; `without`: the right cases are taken out."""
        kept = set(sorted(self.cases, key=self._promising, reverse=True)[:_RIVALS]) | self.right
        cases = {case: self.cases[case] for case in kept & self.cases.keys() if not (without and case in self.right)}
        return Example(cases, self.query, kind, self.right & cases.keys(), weight)

    def _promising(self, case: str) -> float:
        return sum(value for name, value in self.cases[case].items() if name in _TELLING)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fits, measures and, if asked to, writes."""
    parser = argparse.ArgumentParser(prog="python -m firstaid.assistant.train_ranker", description=__doc__)
    parser.add_argument("reports", nargs="+", type=Path, help="labelled reports that name the right cases")
    parser.add_argument("--write", action="store_true", help=f"replace {WEIGHTS.name}")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as work:
            asked = list(_asked(load(), Path(work), [row for path in options.reports for row in read_reports(path)]))
            weights = _trained(asked)
    except FirstaidError as error:
        sys.stderr.write(f"{error.message}\n{error.hint or ''}\n")
        return 2
    if options.write:
        write_weights(weights)
    return 0


def _asked(base: KnowledgeBase, work: Path, reports: Sequence[LabelledReport]) -> Iterator[Asked]:
    encoder = BundledEncoder()
    held, rest = _split(base)
    searcher = _index(rest, work / "rest", encoder)
    for case, part, text in held:
        yield from _ask(text, part, {case}, searcher)
    searcher = _index(base, work / "all", encoder)
    for case in base.cases.values():
        for text in filter(held_out, case.misses):
            yield from _ask(text, MISS, {case.id}, searcher)
    for report in reports:
        source = "report" if report.in_scope else "foreign"
        yield from _ask(report.report, source, set(report.cases), searcher)


def _split(base: KnowledgeBase) -> tuple[list[tuple[str, str, str]], KnowledgeBase]:
    """The texts held out as (case, part, text), and the knowledge base without them.

    Of a part that would be held out as a whole nothing is: a case without any sample is no case of ours.
    """
    held: list[tuple[str, str, str]] = []
    cases: dict[str, Case] = {}
    for case in base.cases.values():
        left = case
        for part in _PARTS:
            texts: tuple[str, ...] = getattr(case, part)
            kept = tuple(text for text in texts if not held_out(text))
            if kept:
                held += [(case.id, part, text) for text in texts if text not in kept]
                left = replace(left, **{part: kept})
        cases[case.id] = left
    return held, replace(base, cases=cases)


def _index(base: KnowledgeBase, folder: Path, encoder: Encoder) -> Searcher:
    folder.mkdir()
    fill(folder, base, encoder, folder.parent / "memory.db", lambda _done, _total: None)
    return Searcher(folder, encoder, lambda _note: None)


def _ask(text: str, source: str, right: set[str], searcher: Searcher) -> Iterator[Asked]:
    """A text as it is, and once more with its signatures unheard."""
    try:
        query = query_of(read_report(text))
    except InputError:
        return
    fold = part_of(min(right) if right else text, _FOLDS)
    found = searcher.find(query)
    heard = {source: found}
    if found.matches and source in ("hits", "report"):
        heard["unsigned"] = replace(found, matches={})
    for name, one in heard.items():
        cases, whole = case_features(one, query, searcher.facts), query_features(one, query)
        yield Asked(name, frozenset(right), fold, bool(_CHINESE.search(text)), cases, whole)


def _examples(asked: Iterable[Asked]) -> Iterator[Example]:
    for number, one in enumerate(asked):
        ours = 1.0 if one.source in ("report", "foreign") else _STANDS_FOR
        if one.source == "foreign":
            yield one.example("foreign", 10.0)
        elif not one.right:
            yield one.example("unknown", 3.0)
        elif one.source == MISS:
            if (example := one.example("not", 3.0 * ours)).right:
                yield example
        else:
            if (example := one.example("case", 3.0 if one.source == "report" else ours)).right:
                yield example
            if number % 3 == 0:
                yield one.example("unknown", 0.6 * ours, without=True)


def _trained(asked: Sequence[Asked]) -> Weights:
    held: list[tuple[Asked, Chances]] = []
    for fold in range(_FOLDS):
        weights = _fitted([one for one in asked if one.fold != fold])
        held += [(one, probabilities(one.cases, one.query, weights)) for one in asked if one.fold == fold]
    match, none = _match_from(held), _none_from(held)
    _tell(held, match, none)
    return replace(_fitted(asked), match=match, none=none)


def _fitted(asked: Sequence[Asked]) -> Weights:
    found = fit(list(_examples(asked)))
    return Weights(found.case, found.unknown, found.foreign, match=1.0, none=1.0)


def _none_from(held: Iterable[tuple[Asked, Chances]]) -> float:
    ours = sorted(chances.foreign for one, chances in held if one.source in ("asks", "report") and one.right)
    return round(ours[int(len(ours) * (1 - _LOST))], 3)


def _match_from(held: Iterable[tuple[Asked, Chances]]) -> float:
    """The smallest probability from which on so many first cases of reports never seen are right."""
    firsts = [(*_first(chances), one.right) for one, chances in held if one.source in ("report", "foreign")]
    best, right = 1.0, 0
    for number, (case, score, known) in enumerate(sorted(firsts, key=lambda first: -first[1]), start=1):
        right += case in known
        if right / number >= _PRECISION:
            best = score
    return round(best, 3)


def _first(chances: Chances) -> tuple[str, float]:
    return max(chances.cases.items(), key=lambda item: item[1], default=("", 0.0))


def _tell(held: Sequence[tuple[Asked, Chances]], match: float, none: float) -> None:
    write = sys.stdout.write
    write(f"match from {match}, none from {none}; never seen, first and among the first three:\n")
    for source in ("asks", "hits", "unsigned", "report"):
        for chinese in (False, True):
            places = [_place(*pair) for pair in held if pair[0].source == source and pair[0].chinese is chinese]
            if places:
                first, third = (sum(place <= most for place in places) / len(places) for most in (1, 3))
                write(f"{source:9} {'zh' if chinese else 'en'} {len(places):5}  {first:.3f}  {third:.3f}\n")
    for source in ("report", "foreign", MISS):
        found = [pair for pair in held if pair[0].source == source]
        unknown = sum(chances.foreign >= none for _, chances in found)
        said = [(one, case) for one, chances in found for case, score in [_first(chances)] if score >= match]
        right = sum(case in one.right for one, case in said)
        write(f"{source:9} {len(found)}: match {len(said)}, of these right {right}; none {unknown}\n")


def _place(one: Asked, chances: Chances) -> int:
    best = max((chances.cases.get(case, -1.0) for case in one.right), default=-1.0)
    return sys.maxsize if best < 0 else 1 + sum(score > best for score in chances.cases.values())


if __name__ == "__main__":
    sys.exit(main())
