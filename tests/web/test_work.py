"""Results are worked out in another process: what goes wrong there is said here, and it never outlives the server."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from midback.errors import AnswersRefused, ContradictoryEvidence, KnowledgeError, Problem
from midback.interfaces.web import work
from midback.interfaces.web.shell import Busy
from midback.interfaces.web.work import knowledge_apart, work_apart
from midback.knowledge import load_knowledge
from web.alone import run_alone


def its_own_id() -> int:
    return os.getpid()


def contradicts() -> None:
    raise ContradictoryEvidence("these answers contradict each other")


REFUSED = AnswersRefused((Problem("answers", "age", "no such age", "write a whole number"),))


def refuses() -> None:
    raise REFUSED


def dies() -> None:
    os._exit(1)


def test_the_work_is_done_in_another_process_that_gives_way() -> None:
    child = run_alone(work_apart(its_own_id))
    assert child != os.getpid()
    assert run_alone(work_apart(its_own_id)) == child
    assert run_alone(work_apart(os.nice, 0)) == os.nice(0) + work.NICENESS


def test_an_error_there_is_the_same_error_here() -> None:
    with pytest.raises(ContradictoryEvidence, match="contradict each other"):
        run_alone(work_apart(contradicts))
    with pytest.raises(AnswersRefused) as said:
        run_alone(work_apart(refuses))
    assert (str(said.value), said.value.problems) == (str(REFUSED), REFUSED.problems)


def test_a_process_that_ended_is_said_to_be_busy_and_another_is_started() -> None:
    before = run_alone(work_apart(its_own_id))
    with pytest.raises(Busy):
        run_alone(work_apart(dies))
    assert run_alone(work_apart(its_own_id)) != before


def hangs() -> None:
    time.sleep(600)


def test_a_result_that_never_comes_is_given_up_and_its_process_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    before = run_alone(work_apart(its_own_id))
    monkeypatch.setattr(work, "LONGEST", 0.3)
    began = time.monotonic()
    with pytest.raises(Busy):
        run_alone(work_apart(hangs))
    assert time.monotonic() - began < 5
    assert not Path(f"/proc/{before}").exists()
    monkeypatch.undo()
    assert run_alone(work_apart(its_own_id)) != before


def test_beyond_the_queue_the_answer_is_busy_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_WAITING", 3)

    async def five() -> list[object]:
        return await asyncio.gather(*(work_apart(its_own_id) for _ in range(5)), return_exceptions=True)

    assert sum(isinstance(one, Busy) for one in run_alone(five())) == 2


@pytest.mark.slow
def test_it_ends_with_a_server_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "server.py"
    script.write_text(
        "import asyncio, os, time\n"
        "from midback.interfaces.web.work import work_apart\n"
        "if __name__ == '__main__':\n"
        "    print(asyncio.run(work_apart(os.getpid)), flush=True)\n"
        "    time.sleep(60)\n",
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        child = int(server.stdout.readline())
        server.kill()
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "State:\tZ" in Path(f"/proc/{child}/status").read_text():
            return
        time.sleep(0.1)
    pytest.fail("the process for results is still there")


def test_a_result_never_rests_on_other_knowledge_than_the_pages() -> None:
    hashes = load_knowledge(None).hashes
    assert knowledge_apart(None, hashes) is load_knowledge(None)
    with pytest.raises(KnowledgeError, match="start the server again"):
        knowledge_apart(None, replace(hashes, rules="of another day"))
