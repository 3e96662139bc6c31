"""Settings shared by all tests."""

import atexit
import os
import shutil
import signal
import tempfile

# Official data in the user's cache must not change what the tests see; those that want it say so.
os.environ["ALFWORLD_DATA"] = os.environ["WEBSHOP_DATA"] = "/nonexistent"

# Catalogues of shops are made anew by each run of the tests, and not kept in the user's cache.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="gigpo-tests-")
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)

# A shell starts what it runs in the background with Ctrl-C ignored, and what the tests start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
