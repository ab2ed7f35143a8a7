"""Units of numbers, and numbers in words. Data only."""

from __future__ import annotations

from typing import Final

UNITS: Final = {
    "ns": ("time", 1e-9), "us": ("time", 1e-6), "\u00b5s": ("time", 1e-6), "ms": ("time", 1e-3), "s": ("time", 1.0),
    "min": ("time", 60.0), "m": ("time", 60.0), "h": ("time", 3600.0), "d": ("time", 86_400.0),
    "nanosecond": ("time", 1e-9), "microsecond": ("time", 1e-6), "millisecond": ("time", 1e-3), "milli": ("time", 1e-3),
    "millis": ("time", 1e-3), "second": ("time", 1.0), "sec": ("time", 1.0), "minute": ("time", 60.0),
    "hour": ("time", 3600.0), "day": ("time", 86_400.0), "week": ("time", 604_800.0),
    "b": ("size", 1.0), "byte": ("size", 1.0), "kb": ("size", 1e3), "kib": ("size", 1024.0), "mb": ("size", 1e6),
    "mib": ("size", 1024.0**2), "gb": ("size", 1e9), "gib": ("size", 1024.0**3), "mi": ("size", 1024.0**2),
    "gi": ("size", 1024.0**3), "tb": ("size", 1e12), "kilobyte": ("size", 1e3), "megabyte": ("size", 1e6),
    "gigabyte": ("size", 1e9), "hz": ("rate", 1.0), "khz": ("rate", 1e3), "mhz": ("rate", 1e6),
    "ghz": ("rate", 1e9), "%": ("percent", 1.0), "percent": ("percent", 1.0),
}  # fmt: skip
_ONES: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred")
WORDS: Final = {
    **{word: float(value) for value, word in enumerate(_ONES)},
    **{word: 10.0 * value for value, word in enumerate(_TENS, start=2)},
    "dozen": 12.0,
    "twice": 2.0,
    "thrice": 3.0,
    "thousand": 1000.0,
    "half": 0.5,
}
POWERS: Final = {"k": 1e3, "thousand": 1e3, "million": 1e6, "billion": 1e9}
UNIT: Final = (
    r"%|percent\b|nanoseconds?\b|microseconds?\b|milliseconds?\b|millis?\b|seconds?\b|secs?\b|minutes?\b|mins?\b|"
    r"hours?\b|days?\b|weeks?\b|kilobytes?\b|megabytes?\b|gigabytes?\b|bytes?\b|[kmgt]i?b\b|[mg]i\b|[kmg]?hz\b|"
    r"ns\b|us\b|\u00b5s\b|"
    r"ms\b|[smhdb]\b"
)
PARTS: Final = {
    "half": 0.5,
    "quarter": 0.25,
    "third": 1 / 3,
    "fifth": 0.2,
    "tenth": 0.1,
    "hundredth": 0.01,
    "thousandth": 0.001,
}
# What may stand between a number and its unit: `two full seconds`.
MERE_WORDS: Final = (
    *("full", "whole", "entire", "good", "mere", "more", "further", "additional", "extra", "solid", "consecutive"),
    *("complete", "single", "long", "short"),
)
MERE: Final = "(?:" + "|".join(MERE_WORDS) + ") "
