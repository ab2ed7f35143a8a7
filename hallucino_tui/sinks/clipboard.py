"""The desktop's clipboard, where there is one. The terminal's own way (OSC 52) is the screen's business."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from typing import Final

_SECONDS: Final = 2.0


def clipboard_command() -> list[str] | None:
    """Return the program that takes text for the clipboard on this machine, or None."""
    if sys.platform == "darwin":
        candidates = [["pbcopy"]]
    else:
        candidates = [
            *([["wl-copy"]] if os.environ.get("WAYLAND_DISPLAY") else []),
            *([["xclip", "-selection", "clipboard"], ["xsel", "-ib"]] if os.environ.get("DISPLAY") else []),
        ]
    return next((command for command in candidates if shutil.which(command[0])), None)


async def copy_to_desktop(text: str) -> bool:
    """Put text on the desktop's clipboard; return whether that worked."""
    command = clipboard_command()
    if command is None:
        return False
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return False
    try:
        async with asyncio.timeout(_SECONDS):
            await process.communicate(text.encode("utf-8", "replace"))
    except (OSError, TimeoutError):
        return False
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode == 0
