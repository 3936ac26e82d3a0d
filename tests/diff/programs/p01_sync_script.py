"""A script: one client, calls in a row."""

import os

from sf_connect.v66 import Connect, models as m

client = Connect(os.environ["URL"], token=os.environ["TOKEN"])
page = client.votes.polls.list(since=None, sort="Name")  #: certain parameter-removed:votes.polls.list(since)
for poll in page.polls or []:
    print(poll.title, poll.success)
    for friend in poll.friends or []:  #: certain response-property-removed:Poll.friends
        print(friend.title)
made = client.votes.polls.create(
    m.PollInput(  #: certain request-property-became-required:PollInput.size
        text="Tea?",
        note="A",  #: certain request-property-removed:PollInput.note
    )
)
client.votes.polls.create(m.PollInput(text="Coffee?", size=3))
if made.state == "Old":  #: certain response-property-value-removed:Poll.state=Old; certain response-property-value-added:Poll.state=Former
    print("old")
client.votes.polls.delete("07L1")  #: certain operation-removed:votes.polls.delete
with client.site("internal") as site:
    site.votes.polls.delete("07L2")  #: certain operation-removed:votes.polls.delete
friends = {"friends": 1}
print(friends["friends"])
