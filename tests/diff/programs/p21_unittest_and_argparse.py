"""A command line with subcommands, and a test case with a client for the whole class."""

import argparse
import unittest

from sf_connect.v66 import Connect, models as m


def close(args: argparse.Namespace) -> int:
    with Connect(args.url, token=args.token) as client:
        client.votes.polls.delete(args.poll)  #: certain operation-removed:votes.polls.delete
    return 0


def show(args):
    client = Connect(args.url, token=args.token)
    poll = client.votes.polls.get(args.poll)
    names = [friend.title for friend in poll.friends or ()]  #: certain response-property-removed:Poll.friends
    print(*names, sep="\n")
    if args.friends:
        print(args.friends)
    return len(names)


COMMANDS = {"close": close, "show": show}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--note")
    commands = parser.add_subparsers()
    one = commands.add_parser("close")
    one.set_defaults(run=close)
    args = parser.parse_args(argv)
    print(args.note)
    return COMMANDS[args.command](args)


class PollTests(unittest.TestCase):
    client: Connect
    poll: m.Poll

    @classmethod
    def setUpClass(cls) -> None:
        cls.client = Connect("https://acme.example", token="t")
        cls.poll = cls.client.votes.polls.create(m.PollInput(text="?", size=2))
        cls.addClassCleanup(cls.client.close)

    def tearDown(self) -> None:
        self.client.votes.polls.delete("07L")  #: certain operation-removed:votes.polls.delete

    def test_friends(self) -> None:
        self.assertEqual(self.poll.friends, [])  #: certain response-property-removed:Poll.friends
        with self.subTest(sort="Date"):
            page = self.client.votes.polls.list(sort="Date")  #: certain parameter-value-removed:votes.polls.list(sort)=Date
            self.assertTrue(page.polls)

    def test_new(self) -> None:
        with self.assertRaises(ValueError):
            self.client.votes.polls.create(m.PollInput(text=""))  #: certain request-property-became-required:PollInput.size


if __name__ == "__main__":
    raise SystemExit(main())
