"""Midback: decision support for pain in the mid-back (the thoracic spine).

Answers go in, one assessment comes out. Every interface is a thin way in to that.

>>> import midback
>>> midback.__version__
'0.1.0'
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
