"""Where there is no Chromium the browser tests are skipped aloud; with CI=true they are required."""

import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the terminal does; before anything imports NumPy

import pytest
from hypothesis import settings

CHROMIUM = Path("/usr/bin/chromium")

# Time limits on single examples fail on a busy machine and find nothing; a failure prints how to repeat it.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM.exists():
        return
    browser = [item for item in items if item.get_closest_marker("browser")]
    if browser and os.environ.get("CI") == "true":
        pytest.exit(f"{CHROMIUM} is missing, and CI=true requires the browser tests: make browser", 1)
    for item in browser:
        item.add_marker(pytest.mark.skip(reason=f"NO BROWSER TESTS: {CHROMIUM} is missing (make browser)"))
