"""How long ten years of diary take: `python benchmarks/diary.py [ENTRIES]`. The figures are printed, not asserted.

Twenty thousand entries (five or six a day for ten years) are written, read, plotted, and looked at in a check-in of an
ordinary case. Knowledge is loaded once before.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from midback.answers import read_answers
from midback.follow_up import (
    Diary,
    change_diary,
    check_in,
    diary_csv,
    merge,
    read_csv,
    read_diary,
    read_entry,
    trend_of,
)
from midback.knowledge import load_knowledge
from midback.report.diary_plot import plot_svg
from midback.safety import safety_screen

REPEATS = 5


def best(work: Callable[[], Any]) -> tuple[float, float]:
    """The shortest of a few runs by the clock, and the least work of the processor, in seconds."""
    clock, work_done = [], []
    for _ in range(REPEATS):
        begin, began = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - begin)
        work_done.append(time.process_time() - began)
    return min(clock), min(work_done)


def ten_years(count: int) -> Diary:
    """Entries spread over ten years, with places, PEG and notes as people write them."""
    chance = random.Random(1)
    begin, last = datetime(2016, 11, 22, 8, tzinfo=UTC), 3650 * 24 * 60
    rows = []
    for n in range(count):
        pain = chance.randrange(8)
        raw = {"id": f"{n:06d}", "at": (begin + timedelta(minutes=n * last // count)).isoformat(),
               "pain": {"now": pain, "average": pain, "worst": pain + 2},
               "sites": [{"zone": "mid_left", "pain": pain}, {"zone": "neck", "pain": pain // 2}]}  # fmt: skip
        if n % 40 == 0:
            raw["peg"] = {"pain": pain, "enjoyment": pain, "activity": pain}
        rows.append(read_entry(raw)[0])
    return Diary(tuple(rows))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    knowledge = load_knowledge()
    diary = ten_years(count)
    first, last = diary.entries[0].day, diary.entries[-1].day
    bare = read_answers({"age": 41, "sex": "female"}, knowledge)
    no = {name: "no" for name in safety_screen(bare, knowledge).applicable if knowledge.findings[name].kind == "binary"}
    case = bare.with_answers({**no, "duration": 10, "pain_now": 5, "onset_speed": "gradual"}, knowledge)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "diary.json"
        change_diary(path, lambda mine: merge(mine, diary))
        size = path.stat().st_size
        one = Diary((read_entry({"at": "2026-11-22T20:00Z", "pain": {"now": 3}})[0],))
        table = diary_csv(diary)

        def load_and_plot() -> str:
            held = read_diary(path)
            return plot_svg(trend_of(held.entries, knowledge, first, last), knowledge)

        def load_plot_and_look() -> None:
            held = read_diary(path)
            plot_svg(trend_of(held.entries, knowledge, first, last), knowledge)
            check_in(case, held, knowledge, date(2026, 11, 22))

        print(f"{len(diary.entries):,} entries, {size / 1e6:.1f} MB; picture {len(load_and_plot()) / 1e3:.1f} kB")
        for name, work in (
            ("load", lambda: read_diary(path)),
            ("load and plot", load_and_plot),
            ("load, plot and re-assess", load_plot_and_look),
            ("add one entry (read, write, fsync)", lambda: change_diary(path, lambda mine: merge(mine, one))),
            ("read as CSV", lambda: read_csv(table, "table.csv")),
        ):
            clock, processor = best(work)
            print(f"{name:36}{clock:7.3f} s by the clock, {processor:.3f} s of processor")


if __name__ == "__main__":
    main()
