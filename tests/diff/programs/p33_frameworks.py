"""Frameworks that inject: dependencies, task queues, settings, tools for models."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable
from typing import Annotated, Any

from celery import Celery, shared_task
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from pydantic import BaseModel

from sf_connect.v66 import AsyncConnect, Connect
from sf_connect.v66.models import PollInput, PollPage

celery = Celery("acme")
router = APIRouter()
log = logging.getLogger(__name__)


class PollOut(BaseModel):
    title: str | None
    friends: list[str]
    note: str = ""


async def connected() -> AsyncIterator[AsyncConnect]:
    async with AsyncConnect("https://acme.example", token="t") as client:
        yield client


Client = Annotated[AsyncConnect, Depends(connected)]


@router.get("/polls/{poll_id}", response_model=PollOut)
async def read(poll_id: str, client: Client) -> PollOut:
    poll = await client.votes.polls.get(poll_id)
    out = PollOut(title=poll.title, friends=[one.title or "" for one in poll.friends or []])  #: certain response-property-removed:Poll.friends
    log.info("%s", out.friends)
    return out


@router.delete("/polls/{poll_id}")
async def remove(poll_id: str, client: AsyncConnect = Depends(connected)) -> dict[str, Any]:
    try:
        await client.votes.polls.delete(poll_id)  #: certain operation-removed:votes.polls.delete
    except Exception as error:
        raise HTTPException(404) from error
    return {"friends": [], "note": "gone"}


@shared_task(bind=True, max_retries=3)
def close(self, poll_id: str) -> None:
    with Connect("https://acme.example", token="t") as client:
        try:
            client.votes.polls.delete(poll_id)  #: certain operation-removed:votes.polls.delete
        except OSError as error:
            raise self.retry(exc=error)


@celery.task
def ask(data: dict[str, Any]) -> str | None:
    client = Connect.with_options if False else Connect
    made = client("https://acme.example", token="t").votes.polls.create(PollInput(**data))  #: possible request-property-removed:PollInput.note; possible request-property-became-required:PollInput.size
    return made.title


def rows(pages: Iterable[PollPage]) -> list[dict[str, Any]]:
    return [{"title": poll.title, "n": len(poll.friends or ())} for page in pages for poll in page.polls or ()]  #: certain response-property-removed:Poll.friends


def create_app() -> FastAPI:
    app = FastAPI()
    app.include_router(router)
    app.state.client = Connect("https://acme.example", token="t")

    @app.get("/all")
    def everything() -> list[dict[str, Any]]:
        sf: Connect = app.state.client
        return rows(sf.votes.polls.iter(since=None).pages())  #: certain parameter-removed:votes.polls.list(since)

    return app
