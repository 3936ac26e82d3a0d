"""Functions without any annotation."""

from sf_connect.v66 import Connect, models as m


def connect(url, token):
    return Connect(url, token=token)


def show(poll):
    print(poll.friends)  #: possible response-property-removed:Poll.friends
    print(poll.title)


def walk(client):
    for poll in client.votes.polls.iter(since=None):  #: possible parameter-removed:votes.polls.list(since)
        show(poll)
        for friend in poll.friends:  #: possible response-property-removed:Poll.friends
            print(friend)


def remove(client, poll_id):
    polls = client.votes.polls
    polls.delete(poll_id)  #: possible operation-removed:votes.polls.delete


def ask(client):
    return client.votes.polls.create(m.PollInput(text="?", note="A", size=1))  #: certain request-property-removed:PollInput.note


def count(items):
    friends = items.get("friends")
    return len(friends)


def text(path):
    note = path.read_text()
    return note.strip()


def main():
    client = connect("https://acme.example", "t")
    walk(client)
    remove(client, "07L")
    ask(client)
    count({})
    client.votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete
