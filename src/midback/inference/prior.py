"""The prior over sets of causes, in closed form."""

from __future__ import annotations

import numpy as np

from midback.inference.network import FloatArray

__all__ = ["set_prior"]


def set_prior(prior: FloatArray, other: FloatArray, several: float, max_causes: int) -> tuple[FloatArray, FloatArray]:
    """Log odds (n, ...) each cause brings to a set, and the log odds () of "some modelled cause" to `other`.

    P(D) relative to P(no modelled cause) is ``exp(start + sum of odds of its causes)`` for 1 <= \\|D\\| <= max_causes,
    before risks move it. The odds are ``c * prior`` with c such that P(\\|D\\| >= 2 given D not empty) = ``several``,
    the positive root of ``(1 - several) (e2 c + e3 c^2) = several e1`` (e1..e3 the elementary symmetric sums);
    ``start`` makes P(no modelled cause) equal ``other``. Trailing axes are draws.
    """
    e1 = prior.sum(0)
    count = len(prior)
    if min(max_causes, count) == 1 or several == 0:
        return np.log(prior / e1), np.log1p(-other) - np.log(other)
    e2, e3 = np.zeros_like(e1), np.zeros_like(e1)
    below1, below2 = np.zeros_like(e1), np.zeros_like(e1)
    for share in prior:
        if max_causes >= 3:
            e3 = e3 + share * below2
        e2 = e2 + share * below1
        below2 = below2 + share * below1
        below1 = below1 + share
    linear = (1 - several) * e2
    scale = 2 * several * e1 / (linear + np.sqrt(linear**2 + 4 * (1 - several) * several * e1 * e3))
    total = scale * e1 + scale**2 * e2 + scale**3 * e3
    return np.log(scale * prior), np.log1p(-other) - np.log(other) - np.log(total)
