"""Cases in, honest figures out: ranking, triage with every miss by name, calibration, and what they rest on.

Nothing is imported here, so that asking the terminal for help costs nothing.
"""

__all__: list[str] = []
