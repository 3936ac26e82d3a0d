"""Old code: no annotations, globals that are set by a function, dictionaries that are filled bit by bit."""

import datetime
import os

try:
    from sf_connect.v66 import Connect
    from sf_connect.v66 import models
except ImportError:
    Connect = models = None

client = None
OPTIONS = {"page_size": 10}


def init():
    global client
    client = Connect(os.environ["URL"], token=os.environ["TOKEN"])
    return client


def options(days):
    found = dict(OPTIONS)
    found["since"] = datetime.datetime.now() - datetime.timedelta(days=days)
    return found


def polls(days):
    arguments = options(days)
    return client.votes.polls.list(**arguments).polls  #: possible parameter-removed:votes.polls.list(since)


def remove_all():
    for poll in polls(3):
        client.votes.polls.delete(poll.title)  #: possible operation-removed:votes.polls.delete


class Report(object):
    def __init__(self, client, friends=None):
        self.client = client
        self.friends = friends or []

    def rows(self):
        for poll in self.client.votes.polls.list().polls:
            yield "%s: %d" % (poll.title, len(poll.friends))  #: possible response-property-removed:Poll.friends

    def ask(self, text, **more):
        body = models.PollInput(text=text, size=1, **more)  #: possible request-property-removed:PollInput.note
        return self.client.votes.polls.create(body)

    def write(self):
        for row in self.rows():
            print(row, self.friends)


def main():
    init()
    report = Report(client)
    report.write()
    poll = report.ask("?", note="A")
    print(poll.friends)  #: possible response-property-removed:Poll.friends
    init().votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete
    remove_all()


if __name__ == "__main__":
    main()
