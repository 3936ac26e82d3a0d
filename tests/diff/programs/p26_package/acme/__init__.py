"""An application's own package that gives the client and the models under names of its own."""

from .connection import Acme, connect
from .shapes import *
from .shapes import Asked as Question

__all__ = ["Acme", "Question", "connect"]
