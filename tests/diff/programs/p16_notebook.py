# %% [markdown]
# # Polls

# %%
from sf_connect.core import *  # noqa
from sf_connect.v66 import *
import sf_connect.v66 as sf
import sf_connect.v66.models as mm

# %%
c = sf.Connect("https://acme.example", token="t")
polls = c.votes.polls.list().polls

# %%
polls[0].friends  #: certain response-property-removed:Poll.friends
polls[-1].title, polls[:2]

# %%
for p in polls[:3]:
    p.friends  #: certain response-property-removed:Poll.friends
    p.state  #: certain response-property-value-added:Poll.state=Former

# %%
d = Connect("https://acme.example", token="t")
d.votes.polls.delete(polls[0].id if hasattr(polls[0], "id") else "07L")  #: certain operation-removed:votes.polls.delete
c.surveys.answers.list()  #: certain family-removed:surveys; certain group-removed:surveys.answers; certain operation-removed:surveys.answers.list

# %%
mm.ClosedPoll(winner="x").winner  #: certain type-removed:ClosedPoll
