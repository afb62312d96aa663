"""Addresses for machines of others: harvesters, the federated search, reports of use, and their description."""

from fastapi import APIRouter

from verriere.serve.machines import description, oai, panosc, usage

ROUTERS: tuple[APIRouter, ...] = (oai.router, usage.router, panosc.router)
"""What `description` describes."""

__all__ = ["ROUTERS", "description", "panosc"]
