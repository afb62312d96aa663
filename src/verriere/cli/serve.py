"""``verriere serve``: the portal."""

from typing import TYPE_CHECKING, Annotated

import typer

from verriere.cli.options import InFacility, opened
from verriere.cli.shape import Command, noun

if TYPE_CHECKING:
    from verriere.facility import Facility

app = noun()

Host = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Address to listen on; else the setting serve.host.")]
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="Port to listen on, 0: any free one; else the setting serve.port.")
]


@app.command(
    cls=Command,
    epilog="""\
        verriere serve
        verriere serve --port 8080
        verriere --facility /srv/verriere serve --host 0.0.0.0
    """,
)
def serve(host: Host = None, port: Port = None, facility: InFacility = None) -> None:
    """Serve the portal until it is interrupted.

    The clock of the embargoes runs with it. Behind a proxy, set serve.public_url and serve.secure_cookies.
    """
    from verriere.ingest.run import resume

    with opened(facility) as open_facility:
        resume(open_facility)
        run(open_facility, host=host, port=port)


def run(facility: "Facility", *, host: str | None, port: int | None, else_any: bool = False) -> None:
    """Serve a facility, and say where, as soon as it listens.

    Parameters
    ----------
    else_any
        Where the port is taken, take any free one.

    Raises
    ------
    InputInvalid
        The address or the port cannot be listened on.
    """
    import errno
    import socket

    import uvicorn

    from verriere.errors import InputInvalid
    from verriere.serve import create_app

    chosen = facility.settings.serve
    where = (host or chosen.host, chosen.port if port is None else port)
    family = socket.AF_INET6 if ":" in where[0] else socket.AF_INET
    # asyncio switches off Nagle's algorithm (40 ms a page) only where the protocol is named.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(where)
            # From here on who connects is kept waiting until the portal is ready, and not sent away.
            listening.listen()
        except OSError as error:
            if else_any and error.errno == errno.EADDRINUSE:
                run(facility, host=host, port=0)
                return
            raise InputInvalid(
                f"nobody can listen on {where[0]} port {where[1]}: {error.strerror}", hint="try --port 0 for a free one"
            ) from error
        name = f"[{where[0]}]" if ":" in where[0] else where[0]
        typer.echo(f"the portal is at http://{name}:{listening.getsockname()[1]}/  (Ctrl-C ends it)")
        config = uvicorn.Config(create_app(facility), log_level="warning", proxy_headers=True)
        server = uvicorn.Server(config)
        server.run(sockets=[listening])
        if server.should_exit:  # interrupted; asyncio forgets it where everything has ended by then
            raise KeyboardInterrupt
