"""A script beside the package."""

from acme.tasks import friends, nightly
from acme import Acme, connect

client: Acme = connect()
nightly()
poll = client.votes.polls.get("07L")
print(friends(poll), poll.friends)  #: certain response-property-removed:Poll.friends

items = {"friends": 1}
for key, value in items.items():
    print(key, value)
client.surveys.answers.list()  #: certain family-removed:surveys; certain group-removed:surveys.answers; certain operation-removed:surveys.answers.list
