"""A picture of an HTML document, taken by headless Chromium."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from gymnasium.error import DependencyNotInstalled
from numpy.typing import NDArray

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 1024, 768  # pixels
TIMEOUT_S = 120


def find_chromium() -> str | None:
    """The path of Chromium, None where it is not installed."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def require_chromium() -> str:
    """The path of Chromium.

    Raises:
        DependencyNotInstalled: there is none: what to install.
    """
    if (program := find_chromium()) is None:
        raise DependencyNotInstalled(
            f"expected Chromium for render_mode='rgb_array', found none of {', '.join(PROGRAMS)}: install it "
            "(Debian: apt install chromium)"
        )
    return program


def screenshot(html: str) -> NDArray[np.uint8]:
    """The top of a document in a window without borders, (HEIGHT, WIDTH, 3); takes seconds: Chromium is started anew.

    Raises:
        DependencyNotInstalled: there is no Chromium: what to install.
        RuntimeError: it fails.
    """
    from matplotlib.image import imread  # takes longer to import than all the rest

    program = require_chromium()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # Chromium's children may still be writing
        page, picture = Path(folder, "page.html"), Path(folder, "picture.png")
        page.write_text(html, encoding="utf-8", errors="replace")
        command = [program, "--headless", f"--screenshot={picture}", f"--window-size={WIDTH},{HEIGHT}"]
        command += ["--hide-scrollbars", "--disable-gpu", "--force-device-scale-factor=1", "--no-first-run"]
        command += [f"--user-data-dir={folder}/profile", "--disable-background-networking"]
        command.append("--host-resolver-rules=MAP * ~NOTFOUND")  # of its own accord it would call home
        if os.geteuid() == 0:
            command.append("--no-sandbox")  # it refuses to be run by root otherwise
        try:
            done = subprocess.run([*command, page.as_uri()], capture_output=True, timeout=TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired as error:
            raise RuntimeError(f"expected a picture from {program} within {TIMEOUT_S} s, got none") from error
        if not picture.exists():
            raise RuntimeError(f"expected a picture from {program}, got: {done.stderr.decode(errors='replace')[-500:]}")
        return (255 * imread(picture)[..., :3]).round().astype(np.uint8)
