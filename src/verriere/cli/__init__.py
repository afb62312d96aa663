"""The command line: one module a noun, imported when it is used.

A module here imports Typer and its neighbours at the top, and the rooms it needs inside the function that needs them:
``verriere --help`` has to answer before a person notices that they wait.
"""


def main() -> None:
    """Run the command ``verriere``."""
    from verriere.cli.app import root

    root()(prog_name="verriere")
