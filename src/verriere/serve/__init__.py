"""HTTP: the portal and the downloads."""
