"""How many tokens fit into OpenAI's own models: its list of models does not tell."""

from __future__ import annotations

from typing import Final

# By the beginning of the name, the longer ones first; question and answer together. From OpenAI's published pages;
# what is not here is unknown, and the setting `context` goes before it.
_CONTEXTS: Final = (
    ("gpt-4.1", 1_047_576),
    ("gpt-4o", 128_000),
    ("chatgpt-4o", 128_000),
    ("gpt-4-turbo", 128_000),
    ("gpt-4-1106", 128_000),
    ("gpt-4-0125", 128_000),
    ("gpt-4-32k", 32_768),
    ("gpt-4", 8_192),
    ("gpt-35-turbo", 4_096),
    ("gpt-3.5-turbo-instruct", 4_096),
    ("gpt-3.5-turbo", 16_385),
    ("gpt-5", 128_000),
    ("o1-mini", 128_000),
    ("o1-preview", 128_000),
    ("o1", 200_000),
    ("o3", 200_000),
    ("o4-mini", 200_000),
)


def known_context(model: str) -> int:
    """Return how many tokens fit into one of OpenAI's models, or 0 if it is not known.

    For Azure the name is a deployment's, which mostly is the model's, too. Where models of one beginning differ, it is
    the smallest of them.

    Args:
        model: Its name.
    """
    lower = model.lower()
    return next((context for start, context in _CONTEXTS if lower.startswith(start)), 0)
