"""``python -m verriere`` is the command ``verriere``."""

from verriere.cli import main

main()
