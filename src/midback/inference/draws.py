"""Draws of uncertain numbers, seeded by the parameter's id: the same id is the same column whatever else is asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from statistics import NormalDist
from typing import Any

import numpy as np

from midback.inference.network import FloatArray, Numbers, Short

__all__ = ["draw_logits", "draw_probabilities", "located", "standard_normals"]

_COLUMNS = 128  # at a time, so that they stay in the processor's cache


@lru_cache(maxsize=8)
def _quantiles(bits: int) -> Short:
    size = 1 << bits
    standard = NormalDist()
    return np.array([standard.inv_cdf((index + 0.5) / size) for index in range(size)], dtype=np.float32)


def standard_normals(keys: Sequence[str], draws: int, seed: int) -> Short:
    """Standard normal draws (len(keys), draws), one Latin-hypercube column per id.

    Each column visits the strata of the next power of two in an order scrambled by the id's hash (rounds of an
    odd multiplication and a shift-xor, each of which is a bijection), so a column depends on its id and the seed
    alone and columns of different ids are unrelated.

    >>> a = standard_normals(["x", "y"], 100, 0)
    >>> bool((a[1] == standard_normals(["y"], 100, 0)[0]).all())
    True
    """
    out = np.empty((len(keys), draws), dtype=np.float32)
    for start in range(0, len(keys), _COLUMNS):
        out[start : start + _COLUMNS] = _scrambled(keys[start : start + _COLUMNS], draws, seed)
    return out


def _scrambled(keys: Sequence[str], draws: int, seed: int) -> Short:
    bits = max(4, int(np.ceil(np.log2(max(draws, 2)))))
    salt = seed.to_bytes(8, "little", signed=True)
    words = np.frombuffer(
        b"".join(blake2b(key.encode(), digest_size=32, key=salt).digest() for key in keys), dtype=np.uint32
    ).reshape(len(keys), 8)
    # Only the low bits count, so the narrowest integers that hold them give the same order in half the time.
    order: Any
    narrow: Any = np.uint16 if bits <= 16 else np.uint32
    words = words.astype(narrow)
    mask = narrow((1 << bits) - 1)
    order = np.broadcast_to(np.arange(draws, dtype=narrow), (len(keys), draws)).copy()
    for turn, shift in enumerate((bits // 2, (bits + 2) // 3, bits // 2, (bits + 1) // 2)):
        order *= words[:, 2 * turn, None] | narrow(1)
        order += words[:, 2 * turn + 1, None]
        order &= mask
        order ^= order >> narrow(shift)
    return np.asarray(_quantiles(bits)[order])


def located(mean: FloatArray, sd: FloatArray) -> FloatArray:
    """The centre on the logit scale at which a logit-normal of spread ``sd`` has the mean ``mean``.

    The printed number is the mean of its draws, not their median; so the plug-in answer uses the printed numbers
    and still is the centre of what is drawn.
    """
    # Few numbers differ in both: words of judgement stand for the same share and spread everywhere.
    pairs = np.stack([mean.reshape(-1), sd.reshape(-1)])
    kinds, place = np.unique(pairs, axis=1, return_inverse=True)
    return np.asarray(_centre(*kinds)[place.reshape(-1)].reshape(mean.shape))


def _centre(mean: FloatArray, sd: FloatArray) -> FloatArray:
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
        step = np.clip((np.log(value) - np.log1p(-value) - target) * value * (1 - value) / slope, -4, 4)
        centre = centre - step
        if np.abs(step).max() < 1e-9:
            break
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
