"""Cases through the model one after the other, with a bar where somebody is watching."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from midback.errors import AnswersError, AnswersRefused, Problem
from midback.evaluation.cases import read_cases
from midback.evaluation.scoring import Row, score_case
from midback.evaluation.summary import run_data
from midback.knowledge import Knowledge

__all__ = ["evaluate_cases", "in_parallel", "watched"]

Item = TypeVar("Item")
Result = TypeVar("Result")


@contextmanager
def _bar() -> Iterator[Any]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield progress


def watched(items: Iterable[Item], title: str, total: int) -> Iterator[Item]:
    """The same items, with a progress bar on stderr when that is a terminal and with nothing when it is not."""
    if not sys.stderr.isatty():
        yield from items
        return
    with _bar() as progress:
        task = progress.add_task(title, total=total)
        for item in items:
            yield item
            progress.advance(task)


def in_parallel(work: Callable[[Item], Result], items: Sequence[Item], jobs: int, title: str) -> Iterator[Result]:
    """``work`` done on every item, results in order; ``jobs`` processes, each with a single thread of arithmetic."""
    if jobs <= 1:
        yield from watched((work(item) for item in items), title, len(items))
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from watched(pool.map(work, items), title, len(items))


def evaluate_cases(paths: Sequence[Path], knowledge: Knowledge, draws: int = 2000) -> dict[str, Any]:
    """The run of every case in ``paths`` as plain data. Raises AnswersRefused when not one case can be scored."""
    found = read_cases(paths, knowledge)
    problems, skipped = list(found.problems), found.skipped
    rows: list[Row] = []
    for case in watched(found.cases, "cases", len(found.cases)):
        try:
            rows.append(score_case(case, knowledge, draws))
        except AnswersError as error:
            problems.append(Problem(case.where, "answers", str(error), "mend the answers"))
            skipped += 1
    if not rows:
        raise AnswersRefused(tuple(problems) or (Problem("cases", "", "no case was named", "name a file or folder"),))
    return run_data(rows, knowledge, problems, skipped, found.files)
