"""The command `gigpo`."""

import sys
from importlib import import_module

COMMANDS = {"train": "gigpo_gym.train", "fetch": "gigpo_gym.fetch", "play": "gigpo_gym.play"}
"""Each command is the `main` of a module, loaded only when it is called."""


def main() -> None:
    """Run `gigpo COMMAND ARGUMENTS...`."""
    name, *arguments = sys.argv[1:] or [""]
    if name not in COMMANDS:
        sys.exit(f"usage: gigpo {{{','.join(COMMANDS)}}} ...\n`gigpo {next(iter(COMMANDS))} --help` lists the options")
    import_module(COMMANDS[name]).main(arguments)
