"""A process that bears processes which ingest, so that a test can kill them: imports are done once, not each time.

``python nursery.py FACILITY PATH``; each line on standard input bears a child, whose number is printed, and then
how it ended.
"""

import os
import sys
from pathlib import Path

import verriere.ingest.durable  # noqa: F401 - imported here so that children need not
from verriere.facility import Facility
from verriere.ingest.run import run


def main(folder: str, path: str) -> None:
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            with Facility.open(Path(folder)) as facility:
                run(facility, [Path(path)])
            os._exit(0)
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
