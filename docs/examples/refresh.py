"""Run the commands written in a document and put their output below them: `python docs/examples/refresh.py FILE`.

Every line that begins with `$ ` inside a ```console block is run by the shell, in order, in one empty folder that
holds a copy of the example cases; what stood below it in the block is replaced by what it prints.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLES = Path(__file__).parent


def refreshed(text: str, folder: Path) -> str:
    """The document with fresh output under every command."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "TZ": "Europe/Berlin", "NO_COLOR": "1"}

    def block(match: re.Match[str]) -> str:
        lines = ["```console"]
        for command in re.findall(r"^\$ (.*)$", match[1], flags=re.MULTILINE):
            done = subprocess.run(
                command, shell=True, cwd=folder, env=environment, text=True, check=False,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            lines += [f"$ {command}", *done.stdout.rstrip().splitlines()]
        return "\n".join([*lines, "```"])

    return re.sub(r"```console\n(.*?)```", block, text, flags=re.DOTALL)


def main() -> None:
    """Refresh each document named."""
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            for case in EXAMPLES.glob("*.yaml"):
                shutil.copy(case, folder)
            document = Path(name)
            document.write_text(refreshed(document.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
