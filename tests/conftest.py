"""Settings shared by all tests."""

import os

# Official ALFWorld games in the user's cache must not change what the tests see; those that want them say so.
os.environ["ALFWORLD_DATA"] = "/nonexistent"
