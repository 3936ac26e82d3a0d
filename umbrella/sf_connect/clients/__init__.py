"""Which clients of the Salesforce Connect REST API there are: each API version has a distribution of its own."""

from sf_connect.clients.client import Client as Client
from sf_connect.clients.releases import CLIENTS as CLIENTS

__all__ = ["CLIENTS", "Client"]
