"""People drawn from the knowledge itself: their causes are known, so coverage and calibration can be counted.

They show whether the arithmetic and the question policy keep their promises if the knowledge were right up to its
stated ranges. They cannot show that the knowledge is right.
"""

__all__: list[str] = []
