"""Saving lines to a file without holding anything up."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import aiofiles

if TYPE_CHECKING:
    from collections.abc import Iterator


class SaveError(OSError):
    """The file cannot be written; ``str(error)`` says why and what to do."""


async def save_lines(path: str, pieces: Iterator[bytes]) -> int:
    """Write pieces to a new file that only its owner can read; return how many bytes it has now.

    Raises:
        SaveError: The file exists already, or cannot be written.
    """
    target = Path(os.path.expanduser(path))  # noqa: ASYNC240, PTH111 - reads a variable, no disk
    written = 0
    made = complete = False
    try:
        # Logs hold what others should not see, and an existing file is never written over.
        async with aiofiles.open(target, "xb", opener=_private) as file:
            made = True
            for piece in pieces:
                await file.write(piece)
                written += len(piece)
        complete = True
    except FileExistsError:
        raise SaveError(f"{target} exists already: choose another name.") from None
    except OSError as error:
        raise SaveError(f"{target} cannot be written: {error.strerror}; choose another place.") from error
    finally:
        if made and not complete:
            # Half a file would pass for a whole one, and fill a disk that is full already.
            with contextlib.suppress(OSError):
                target.unlink(missing_ok=True)  # noqa: ASYNC240 - one call, at the very end
    return written


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
