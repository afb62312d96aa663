"""Write the table of robots that this package ships, from COUNTER's published list.

``python -m verriere.publish.usage.build_robots COUNTER_Robots_list.json robots.csv``
"""

import csv
import io
import json
import re
import sys
from pathlib import Path

from verriere.errors import InputInvalid

HEADER = """\
# Robots and crawlers, as COUNTER lists them: regular expressions on User-Agent, without case.
# From https://github.com/atmire/COUNTER-Robots, last changed there {changed}.
# MIT License, Copyright (c) 2018 COUNTER ONLINE METRICS. Changed: columns renamed, nothing else.
# Permission is hereby granted, free of charge, to any person obtaining a copy, to deal in it without restriction, on
# the condition that this notice is included; it is provided "as is", without warranty of any kind.
# Written by: python -m verriere.publish.usage.build_robots COUNTER_Robots_list.json robots.csv
"""


def table(text: str) -> str:
    """The table of a list as COUNTER publishes it.

    Raises
    ------
    InputInvalid
        It is no such list, or a pattern of it cannot be used.
    """
    try:
        rows = [(str(each["pattern"]), str(each.get("last_changed", ""))) for each in json.loads(text)]
        for pattern, _ in rows:
            re.compile(pattern)
    except (ValueError, TypeError, KeyError, AttributeError, re.error) as error:
        raise InputInvalid(f"this is not COUNTER's list of robots: {error}", hint="COUNTER_Robots_list.json") from error
    written = io.StringIO(HEADER.format(changed=max(changed for _, changed in rows)))
    written.seek(0, io.SEEK_END)
    csv.writer(written, lineterminator="\n").writerows([("pattern", "changed"), *rows])
    return written.getvalue()


def main(arguments: list[str]) -> None:
    """Read the list that is named first, write the table that is named second."""
    source, target = map(Path, arguments)
    target.write_text(table(source.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
