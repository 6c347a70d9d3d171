"""The doors: each a thin way in to the same pure functions. Interfaces never import each other."""

__all__: list[str] = []
