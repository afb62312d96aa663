"""HTTP: the portal and the downloads."""

from verriere.serve.app import create_app

__all__ = ["create_app"]
