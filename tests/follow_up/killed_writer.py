"""Run as a program: kill a writer of a diary again and again, and say whether anything acknowledged was lost.

    killed_writer.py FILE KILLS SEED

Each round forks a writer that adds entries and reports each one after it was written. Odd rounds kill it from
outside after a random time; even rounds let it kill itself before a random one of its own system calls.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from midback.follow_up.diary import Diary, merge
from midback.follow_up.diary_file import change_diary, read_diary
from midback.follow_up.entry import read_entry

CALLS = ("open", "write", "fsync", "fchmod", "replace", "close")


def kill_at_call(number):
    """Make the process die before its `number`-th call of the system, as a power cut would."""
    left = [number]

    def guarded(real):
        def call(*arguments, **more):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **more)

        return call

    for name in CALLS:
        setattr(os, name, guarded(getattr(os, name)))


def write_until_killed(path, number, report, die_at):
    real_write = os.write
    if die_at:
        kill_at_call(die_at)
    for n in range(200):
        raw = {"id": f"{number}-{n}", "at": "2026-11-22T08:00:00+01:00", "pain": {"now": n % 11}, "note": "x" * 300}
        entry, _ = read_entry(raw)
        change_diary(path, lambda mine, entry=entry: merge(mine, Diary((entry,))))
        real_write(report, f"{entry.id}\n".encode())
    os._exit(0)


def main():
    path, kills, chance = Path(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
    acknowledged, killed, broken = set(), 0, []
    for number in range(kills):
        die_at = chance.randrange(1, 40) if number % 2 == 0 else 0
        after = chance.uniform(0, 0.03)
        ear, mouth = os.pipe()
        writer = os.fork()
        if writer == 0:
            try:
                os.close(ear)
                write_until_killed(path, number, mouth, die_at)
            finally:
                os._exit(3)
        os.close(mouth)
        if not die_at:
            time.sleep(after)
            os.kill(writer, signal.SIGKILL)
        with os.fdopen(ear) as told:
            acknowledged.update(told.read().split())
        _, status = os.waitpid(writer, 0)
        killed += os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if path.exists():
            diary = read_diary(path)
            there = {entry.id for entry in diary.entries}
            if diary.damaged or diary.set_aside or acknowledged - there:
                broken.append(number)
        elif acknowledged:
            broken.append(number)
    left = [name.name for name in path.parent.glob(f".{path.name}.*.new")]
    print(json.dumps({"kills": killed, "acknowledged": len(acknowledged), "broken": broken, "left": left}))


if __name__ == "__main__":
    main()
