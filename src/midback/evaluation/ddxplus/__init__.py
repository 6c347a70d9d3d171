"""The same engine on data nobody here wrote: the DDXPlus benchmark. It proves the engine, not the medicine."""

__all__: list[str] = []
