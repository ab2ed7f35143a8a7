"""What users set by rules and names of their own: checked, and refused in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.cli.common import Refused, sentences

if TYPE_CHECKING:
    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.config.keys import Key
    from hallucino_tui.config.settings import Settings


def redactor_of(settings: Settings) -> Redactor:
    """Return what replaces secrets, with the rules of the settings.

    Raises:
        Refused: One of these rules is wrong: nothing must go out because of a mistake in one.
    """
    from hallucino_tui.assistant.redact import RedactionError, Redactor

    try:
        return Redactor(settings.assistant.redaction)
    except RedactionError as error:
        raise Refused(str(error), 2) from error


def keys_of(settings: Settings) -> tuple[Key, ...]:
    """Return the keys in effect.

    Raises:
        Refused: One of the settings' own keys cannot be used.
    """
    from hallucino_tui.config.keys import keys_for

    with sentences():
        return keys_for(settings.screen.keys, settings.keys)
