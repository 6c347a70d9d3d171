"""The diary file against crashes, two writers, and everything a person or a program may have done to it."""

import fcntl
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from midback.errors import DiaryBusy, DiaryRefused
from midback.follow_up import Diary, change_diary, merge, read_diary, read_diary_text, read_entry
from midback.follow_up.diary_file import locked, replace_file

AT = "2026-11-22T08:00:00+01:00"


def entry(name, pain=5, at=AT, **more):
    return read_entry({"id": name, "at": at, "pain": {"now": pain}, **more})[0]


def add(path, *entries):
    return change_diary(path, lambda mine: merge(mine, Diary(entries)))


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path):
    script = Path(__file__).with_name("killed_writer.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "diary.json"), "200", "20261122"],
        capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["kills"] >= 180
    assert told["acknowledged"] > 50
    assert told["broken"] == []
    add(tmp_path / "diary.json", entry("after"))  # what dead writers left is swept away by the next one
    assert not [*tmp_path.glob(".diary.json.*.new")]


def test_two_writers_at_once_both_get_all_their_entries_in(tmp_path):
    path = tmp_path / "diary.json"
    script = (
        "import sys; from pathlib import Path\n"
        "from midback.follow_up.diary import Diary, merge\n"
        "from midback.follow_up.diary_file import change_diary\n"
        "from midback.follow_up.entry import read_entry\n"
        "for n in range(40):\n"
        "    e = read_entry({'id': f'{sys.argv[2]}-{n}', 'at': '2026-11-22T08:00:00+01:00', 'pain': {'now': 3}})[0]\n"
        "    change_diary(Path(sys.argv[1]), lambda mine: merge(mine, Diary((e,))), wait=60)\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    writers = [subprocess.Popen([sys.executable, "-c", script, str(path), name], env=env) for name in ("a", "b", "c")]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
    assert len(read_diary(path).entries) == 120


def test_a_writer_that_waits_too_long_says_so_and_changes_nothing(tmp_path):
    path = tmp_path / "diary.json"
    add(path, entry("a"))
    before = path.read_bytes()
    holder = os.open(tmp_path / ".diary.json.lock", os.O_RDWR)
    fcntl.flock(holder, fcntl.LOCK_EX)
    try:
        with pytest.raises(DiaryBusy, match=r"another program is writing to diary\.json \(waited 0\.1 s\)"):
            change_diary(path, lambda mine: mine, wait=0.1)
        assert read_diary(path).entries  # reading needs no lock
    finally:
        os.close(holder)
    assert path.read_bytes() == before
    with locked(path, 0.1):
        pass


def test_a_failing_change_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "diary.json"
    add(path, entry("a"))
    before = path.read_bytes()

    def fails(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_diary(path, fails)
    assert path.read_bytes() == before
    assert sorted(item.name for item in tmp_path.iterdir()) == [".diary.json.lock", "diary.json"]


def test_a_full_disk_is_told_and_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "diary.json"
    add(path, entry("a"))
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiaryRefused, match="No space left"):
        add(path, entry("b"))
    assert path.read_bytes() == before
    assert not [*tmp_path.glob(".diary.json.*.new")]


def test_the_file_is_for_its_owner_and_a_link_stays_a_link(tmp_path):
    path, link = tmp_path / "diary.json", tmp_path / "link.json"
    add(path, entry("a"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    link.symlink_to(path)
    add(link, entry("b"))
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert len(read_diary(path).entries) == 2


def test_every_place_to_cut_a_file_leaves_the_entries_before_it(tmp_path):
    path = tmp_path / "diary.json"
    add(path, *(entry(f"e{n}", note="nötig") for n in range(4)))
    whole = path.read_text(encoding="utf-8")
    ends = {f"e{n}": whole.index("}", whole.index('"note"', whole.index(f'"e{n}"'))) + 1 for n in range(4)}
    for cut in range(len(whole)):
        names = {row.id for row in read_diary_text(whole[:cut]).entries}
        assert names == {name for name, end in ends.items() if end <= cut}, whole[:cut]


def test_a_half_written_file_is_kept_before_it_is_mended(tmp_path):
    path = tmp_path / "diary.json"
    add(path, entry("a"), entry("b"), entry("c"))
    torn = path.read_bytes()[:-60]
    path.write_bytes(torn)
    diary = add(path, entry("d"))
    assert [row.id for row in diary.entries] == ["a", "b", "d"]
    assert any("damaged file was kept as" in notice for notice in diary.notices)
    kept = [*tmp_path.glob("diary.json.damaged-*")]
    assert [file.read_bytes() for file in kept] == [torn]
    again = read_diary(path)
    assert not again.damaged
    assert len(again.set_aside) == 1  # the torn piece of c
    assert '"c"' in again.set_aside[0].raw


def test_two_files_in_one_and_merge_marks_are_read(tmp_path):
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    add(one, entry("a"), entry("b"))
    add(two, entry("b"), entry("c"), entry("a", pain=9))
    joined = one.read_text() + two.read_text()
    marked = "<<<<<<< mine\n" + one.read_text() + "=======\n" + two.read_text() + ">>>>>>> theirs\n"
    for text in (joined, marked):
        diary = read_diary_text(text)
        assert [row.id for row in diary.entries] == ["a", "b", "c"]
        assert [(row.id, row.pain["now"]) for row in diary.conflicts] == [("a", 9)]
        assert diary.entries[0].pain["now"] == 5
        assert any("two versions" in notice for notice in diary.notices)


def test_what_cannot_be_an_entry_is_kept_word_for_word(tmp_path):
    path = tmp_path / "diary.json"
    strange = [{"id": "x", "at": AT, "pain": {"now": 11}}, {"id": "y", "at": "31.12.2026", "pain": {"now": 1}}, 7, "?"]
    path.write_text(json.dumps({"schema_version": 1, "entries": [entry("a").to_raw(), *strange]}))
    diary = add(path, entry("b"))
    assert len(diary.entries) == 2
    assert json.loads(path.read_text())["set_aside"] == strange
    assert add(path, entry("c")).set_aside == read_diary(path).set_aside


def test_half_a_character_pair_does_not_make_the_diary_unreadable(tmp_path):
    path = tmp_path / "diary.json"
    add(path, entry("a", note="\ud83d"))
    assert read_diary(path).entries[0].note == "\ufffd"
    path.write_text(json.dumps([{"at": "\ud83d"}]))
    assert add(path, entry("b")).set_aside == read_diary(path).set_aside


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda _: None, "there is no such file"),
        (lambda p: p.mkdir(), "directory"),
        (lambda p: p.write_bytes(b"\xff\xfe\x00"), "no text"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path, make, says):
    path = tmp_path / "diary.json"
    make(path)
    with pytest.raises(DiaryRefused, match=f"(?i){says}"):
        read_diary(path)


def test_no_folder_no_diary(tmp_path):
    with pytest.raises(DiaryRefused, match="folder does not exist"):
        add(tmp_path / "nowhere" / "diary.json", entry("a"))


def test_replacing_is_in_one_step(tmp_path):
    path = tmp_path / "file"
    replace_file(path, b"one")
    with path.open("rb") as reader:
        replace_file(path, b"two")
        assert reader.read() == b"one"  # who reads keeps what they began to read
    assert path.read_bytes() == b"two"
