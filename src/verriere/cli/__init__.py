"""The command line: one module a noun, imported when it is used."""


def main() -> None:
    """Run the command ``verriere``."""
    raise SystemExit(0)
