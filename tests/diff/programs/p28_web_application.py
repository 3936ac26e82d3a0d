"""A web application whose framework is not at hand: routes, request state, settings, jobs."""

from flask import Blueprint, Flask, current_app, g, jsonify, request

from sf_connect.v66 import Connect, models as m

blueprint = Blueprint("polls", __name__)
sf = Connect("https://acme.example", token="t")


def get_client():
    if "client" not in g:
        g.client = Connect(current_app.config["URL"], token="t")
    return g.client


@blueprint.route("/polls")
def polls():
    page = sf.votes.polls.list(sort=request.args.get("sort"))  #: possible parameter-value-removed:votes.polls.list(sort)=Date
    return jsonify([{"title": poll.title, "friends": len(poll.friends or [])} for poll in page.polls])  #: certain response-property-removed:Poll.friends


@blueprint.route("/polls/<poll_id>", methods=["DELETE"])
def remove(poll_id):
    get_client().votes.polls.delete(poll_id)  #: possible operation-removed:votes.polls.delete
    return "", 204


@blueprint.post("/polls")
def ask():
    data = request.get_json()
    body = m.PollInput(text=data["text"], size=data.get("size"))
    if data.get("note"):
        body.note = data["note"]  #: certain request-property-removed:PollInput.note
    poll = sf.votes.polls.create(body)
    return {"friends": poll.friends}  #: certain response-property-removed:Poll.friends


def create_app(client: Connect | None = None) -> Flask:
    app = Flask(__name__)
    connected = client or sf

    @app.route("/summary/<poll_id>")
    def summary(poll_id: str):
        return {"total": connected.votes.polls.get_summary(poll_id).total}  #: certain result-type-changed:votes.polls.get_summary result

    @app.cli.command("clean")
    def clean() -> None:
        for poll in connected.votes.polls.iter():
            if poll.friends:  #: certain response-property-removed:Poll.friends
                connected.votes.polls.delete(str(poll.title))  #: certain operation-removed:votes.polls.delete

    app.register_blueprint(blueprint)
    return app


def notify(user):
    # A person sees that a user is no poll; by the types it may be one.
    user.friends.append("x")  #: possible response-property-removed:Poll.friends
    return user.note
