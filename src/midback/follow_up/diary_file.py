"""The diary as a file the person owns: safe against a crash at any moment and against two writers at once.

A change is written to a new file beside the old one, forced to the disk, put in its place in one step, and the folder
is forced to the disk too; only then is it acknowledged. Writers take turns by a lock on a small file beside it.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from midback.errors import DiaryBusy, DiaryRefused, Problem
from midback.follow_up.diary import Diary, diary_to_raw, read_diary_text

__all__ = ["change_diary", "locked", "read_content", "read_diary", "replace_file"]

LARGEST = 64_000_000
WAIT_SECONDS = 10.0
PAUSE = 0.02


def read_content(path: Path) -> bytes:
    """The bytes of a diary or table. Raises DiaryRefused when it is missing or larger than 64 MB."""
    try:
        if path.stat().st_size > LARGEST:
            raise _refused(path, "it is larger than 64 MB", "is it a diary?")
        return path.read_bytes()
    except FileNotFoundError:
        raise _refused(
            path, "there is no such file", "check the path; `midback diary add FILE --now 5` begins one"
        ) from None
    except OSError as error:
        raise _refused(path, error.strerror or "it cannot be read", "check the path and your rights") from None


def read_diary(path: Path, zones: frozenset[str] | None = None) -> Diary:
    """The diary at ``path``. A file that is not there is an empty diary only for `change_diary`; here it is refused.

    Raises DiaryRefused when the file is missing, no text, or larger than 64 MB. Reading needs no lock: a reader sees
    the file before a change or after it, never in between.
    """
    try:
        text = read_content(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(path, "it is no text (UTF-8)", "is it a diary?") from None
    return read_diary_text(text, zones)


def _refused(path: Path, what: str, fix: str) -> DiaryRefused:
    return DiaryRefused((Problem(path.name, "", what, fix),))


@contextlib.contextmanager
def locked(path: Path, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the writers' lock of the diary at ``path``. Raises DiaryBusy after ``wait`` seconds.

    The lock is on ``.NAME.lock`` beside it, since the diary itself is replaced at each change; the system gives it
    back when the holder dies.
    """
    import fcntl

    lock = path.with_name(f".{path.name}.lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _refused(path, error.strerror or "cannot be locked", "check the folder and your rights") from None
    try:
        end = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if error.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EINTR):
                    raise _refused(path, "this folder cannot lock files", "keep the diary on a local disk") from None
            if time.monotonic() >= end:
                raise DiaryBusy(
                    f"another program is writing to {path.name} (waited {wait:g} s). Nothing was changed; try again."
                )
            time.sleep(PAUSE)
        yield
    finally:
        os.close(handle)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` in one step: after a crash the old file or the new one is there, whole.

    New files are for their owner alone (0600), existing ones keep their rights.
    """
    mode = 0o600
    with contextlib.suppress(FileNotFoundError):
        mode = stat.S_IMODE(path.stat().st_mode)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    try:
        try:
            os.fchmod(handle, mode)
            view = memoryview(content)
            while view:
                view = view[os.write(handle, view) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(name, path)  # noqa: PTH105  (the name is a string from mkstemp)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    _flush_folder(path.parent)


def _sweep(path: Path) -> None:
    """Remove what a writer left that died before its change was in place; under the lock nobody else's is there."""
    for left in path.parent.glob(f".{path.name}.*.new"):
        with contextlib.suppress(OSError):
            left.unlink()


def _keep_damaged(path: Path) -> str:
    """A copy of the damaged file beside it, so that mending it loses nothing; its name."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    kept = path.with_name(f"{path.name}.damaged-{stamp}")
    replace_file(kept, path.read_bytes())
    return kept.name


def _as_bytes(diary: Diary) -> bytes:
    """One entry a line, so that two versions of the file compare and merge line by line."""
    raw = diary_to_raw(diary)
    lists = [key for key, value in raw.items() if isinstance(value, list)]
    head = {key: value for key, value in raw.items() if key not in lists}
    parts = [json.dumps(head, ensure_ascii=False)[1:-1]]
    for key in lists:
        rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in raw[key])
        parts.append(f'"{key}": [\n{rows}\n]')
    text = "{" + ",\n".join(parts) + "}\n"
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:  # half a character pair, from a careless program: written as an escape
        return (json.dumps(raw) + "\n").encode("ascii")


def change_diary(
    path: Path,
    change: Callable[[Diary], Diary],
    zones: frozenset[str] | None = None,
    wait: float = WAIT_SECONDS,
) -> Diary:
    """Read the diary at ``path``, apply ``change``, and write it; when this returns, the change is on the disk.

    A missing file begins as an empty diary. A damaged file is kept as ``NAME.damaged-TIME`` before it is mended.
    Raises DiaryBusy, DiaryRefused, or whatever ``change`` raises; the file is then as it was.
    """
    path = path.resolve()  # a link to the diary stays a link
    if not path.parent.is_dir():
        raise _refused(path, "its folder does not exist", "make the folder first")
    with locked(path, wait):
        _sweep(path)
        before = read_diary(path, zones) if path.exists() else Diary()
        after = change(before)
        notices = after.notices
        if before.damaged:
            notices = (*notices, f"the damaged file was kept as {_keep_damaged(path)}")
        try:
            replace_file(path, _as_bytes(after))
        except OSError as error:
            raise _refused(path, error.strerror or "it cannot be written", "check the disk and your rights") from None
    return Diary(after.entries, after.conflicts, after.set_aside, notices)
