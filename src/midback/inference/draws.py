"""Draws of uncertain numbers, seeded by the parameter's id: the same id is the same column whatever else is asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from midback.inference.network import FloatArray, Numbers

__all__ = ["draw_logits", "draw_probabilities", "located", "standard_normals"]

_KEPT = 8192  # columns remembered; 2,000 draws each make this at most 66 MB
_columns: dict[tuple[int, int, str], NDArray[np.float32]] = {}


@lru_cache(maxsize=8)
def _quantiles(bits: int) -> NDArray[np.float32]:
    size = 1 << bits
    standard = NormalDist()
    return np.array([standard.inv_cdf((index + 0.5) / size) for index in range(size)], dtype=np.float32)


def standard_normals(keys: Sequence[str], draws: int, seed: int) -> NDArray[np.float32]:
    """Standard normal draws (len(keys), draws), one Latin-hypercube column per id.

    Each column visits the strata of the next power of two in an order scrambled by the id's hash (rounds of an
    odd multiplication and a shift-xor, each of which is a bijection), so a column depends on its id and the seed
    alone and columns of different ids are unrelated.

    >>> a = standard_normals(["x", "y"], 100, 0)
    >>> bool((a[1] == standard_normals(["y"], 100, 0)[0]).all())
    True
    """
    missing = [key for key in dict.fromkeys(keys) if (seed, draws, key) not in _columns]
    if missing:
        if len(_columns) + len(missing) > _KEPT:
            _columns.clear()
        for start in range(0, len(missing), 256):
            block = missing[start : start + 256]
            for key, column in zip(block, _scrambled(block, draws, seed), strict=True):
                _columns[seed, draws, key] = column
    out = np.empty((len(keys), draws), dtype=np.float32)
    for row, key in enumerate(keys):
        column_of_key = _columns.get((seed, draws, key))
        # Another thread may have emptied the memory in between.
        out[row] = _scrambled([key], draws, seed)[0] if column_of_key is None else column_of_key
    return out


def _scrambled(keys: Sequence[str], draws: int, seed: int) -> NDArray[np.float32]:
    bits = max(4, int(np.ceil(np.log2(max(draws, 2)))))
    salt = seed.to_bytes(8, "little", signed=True)
    words = np.frombuffer(
        b"".join(blake2b(key.encode(), digest_size=32, key=salt).digest() for key in keys), dtype=np.uint32
    ).reshape(len(keys), 8)
    mask = np.uint32((1 << bits) - 1)
    order = np.broadcast_to(np.arange(draws, dtype=np.uint32), (len(keys), draws)).copy()
    for turn, shift in enumerate((bits // 2, (bits + 2) // 3, bits // 2, (bits + 1) // 2)):
        order *= words[:, 2 * turn, None] | np.uint32(1)
        order += words[:, 2 * turn + 1, None]
        order &= mask
        order ^= order >> np.uint32(shift)
    return _quantiles(bits)[order]


def located(mean: FloatArray, sd: FloatArray) -> FloatArray:
    """The centre on the logit scale at which a logit-normal of spread ``sd`` has the mean ``mean``.

    The printed number is the mean of its draws, not their median; so the plug-in answer uses the printed numbers
    and still is the centre of what is drawn.
    """
    target = np.log(mean) - np.log1p(-mean)
    if not np.any(sd > 0):
        return target
    # The trapezium rule over the reach of a column of draws; for so smooth a curve it is exact to many digits.
    nodes = np.linspace(-3.5, 3.5, 29)
    weights = np.exp(-(nodes**2) / 2)
    weights /= weights.sum()
    centre = target * np.sqrt(1 + np.pi / 8 * sd**2)
    for _ in range(8):
        share = np.clip(1 / (1 + np.exp(-(centre[..., None] + sd[..., None] * nodes))), 1e-300, 1.0)
        value = np.clip(share @ weights, 1e-300, 1 - 1e-16)
        slope = np.maximum((share * (1 - share)) @ weights, 1e-300)
        # A Newton step on the logit of the mean, held to a stride so that flat tails cannot throw it out.
        step = (np.log(value) - np.log1p(-value) - target) * value * (1 - value) / slope
        centre = centre - np.clip(step, -4, 4)
    return np.where(sd > 0, centre, target)


def draw_logits(numbers: Numbers, draws: int, seed: int) -> FloatArray:
    """Draws of probabilities on the logit scale, shape (draws, *shape) moved last: (*shape, draws)."""
    mean, sd = numbers.mean.reshape(-1), numbers.sd.reshape(-1)
    normals = standard_normals([str(key) for key in numbers.key.reshape(-1)], draws, seed)
    logits = located(mean, sd)[:, None] + sd[:, None] * normals
    return np.asarray(np.clip(logits, -20, 20).reshape(*numbers.shape, draws), dtype=np.float64)


def draw_probabilities(numbers: Numbers, draws: int, seed: int) -> FloatArray:
    """Draws of probabilities, shape (*shape, draws)."""
    return np.asarray(1 / (1 + np.exp(-draw_logits(numbers, draws, seed))))
