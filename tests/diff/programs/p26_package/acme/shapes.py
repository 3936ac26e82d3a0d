"""The models, all of them, and one under another name."""

from sf_connect.v66.models import *
from sf_connect.v66.models import PollInput as Asked
