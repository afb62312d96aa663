"""Embargoes as people meet them: asked about, decided on, announced by mail."""

from verriere.stewardship.embargo.decisions import Outlook, ask, decide, follow, outlook

__all__ = ["Outlook", "ask", "decide", "follow", "outlook"]
