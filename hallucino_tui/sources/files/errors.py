"""What can go wrong with a file. The text of each error is the sentence that the user reads."""

from __future__ import annotations

import errno
import shlex
from typing import TYPE_CHECKING, Final

from hallucino_tui.session.cluster import SourceError

if TYPE_CHECKING:
    from pathlib import Path

_ADVICE: Final = {
    errno.EACCES: "ask for the right to read it, or pipe it in: sudo cat {quoted} | hallucino open -",
    errno.EPERM: "ask for the right to read it, or pipe it in: sudo cat {quoted} | hallucino open -",
    errno.ENOENT: "check the name and the folder",
    errno.ENOTDIR: "check the name and the folder",
    errno.EMFILE: "open fewer files at once, or raise the limit with ulimit -n",
    errno.ENFILE: "open fewer files at once",
    errno.EIO: "the disk or the network drive reports a fault; look at dmesg",
    errno.ESTALE: "the network drive lost it; open it again",
    errno.ELOOP: "its links lead in a circle; name the file itself",
    errno.ENAMETOOLONG: "check the name",
}


class FilesError(SourceError):
    """A file cannot be read; ``str(error)`` says what, why, and what to do."""


def why(error: OSError) -> str:
    """Return the system's reason in small letters, for the middle of a sentence."""
    said = error.strerror or type(error).__name__
    return said[:1].lower() + said[1:]


def cannot_read(path: Path, error: OSError) -> FilesError:
    """Return the error for a file that the system does not let us read."""
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return FilesError(f"{path} does not exist: {_ADVICE[errno.ENOENT]}.")
    advice = _ADVICE.get(error.errno or 0, "try it again, or name another file")
    return FilesError(f"{path} cannot be read ({why(error)}): {advice.format(quoted=shlex.quote(str(path)))}.")


def broke_off(path: Path, error: OSError, position: int) -> str:
    """Return the sentence for a file that was read up to a place and cannot be read on."""
    return f"{cannot_read(path, error)} Up to byte {position} it was read."
