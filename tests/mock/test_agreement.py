"""With `--state`, what records show of their lists agrees with the lists: over HTTP, by generated clients."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from sf_connect.core import NotFoundError, Upload

ELEMENT = "0D5000000000001AAA"
COMMENT = "0D7000000000001AAA"
FOLDER = "07H000000000001AAA"
LIBRARY = "1JD000000000001AAA"


@pytest.fixture
def m(package: ModuleType) -> Any:
    return package.models


def all_of(pager: Any) -> list[Any]:
    return list(pager)


def likes_of(client: Any) -> tuple[int, bool, str | None]:
    """Total, whether the context user likes the element, and their like: the same wherever it is shown."""
    element = client.feeds.elements.get(ELEMENT).capabilities.chatter_likes
    alone = client.feeds.capabilities.get_chatter_likes(ELEMENT)
    items = all_of(client.feeds.capabilities.iter_likes(ELEMENT, page_size=4))
    first = client.feeds.capabilities.list_likes(ELEMENT)
    assert element.page.total == alone.page.total == first.total == len(items)
    assert [like.id for like in element.page.items] == [like.id for like in items[: len(element.page.items)]]
    assert element.is_liked_by_current_user is alone.is_liked_by_current_user
    mine = element.my_like.id if element.my_like else None
    assert mine == (alone.my_like.id if alone.my_like else None)
    me = client.chatter.users.get("me").id
    assert [like.id for like in items if like.user.id == me] == ([mine] if mine else [])
    return len(items), element.is_liked_by_current_user, mine


def test_a_like_shows_in_the_list_the_total_and_the_element(client: Any) -> None:
    before, is_liked, mine = likes_of(client)
    assert (is_liked, mine) == (False, None)
    like = client.feeds.capabilities.like(ELEMENT)
    assert like.liked_item.id == ELEMENT
    assert likes_of(client) == (before + 1, True, like.id)
    assert client.feeds.capabilities.like(ELEMENT).id == like.id, "nobody likes twice"
    assert client.chatter.likes.get(like.id).user.id == client.chatter.users.get("me").id
    client.chatter.likes.delete(like.id)
    assert likes_of(client) == (before, False, None)
    with pytest.raises(NotFoundError):
        client.chatter.likes.get(like.id)


def test_a_like_is_switched_on_and_off(client: Any) -> None:
    before, _, _ = likes_of(client)
    page = client.feeds.capabilities.update_like(ELEMENT, True)
    assert page.total == before + 1
    assert likes_of(client)[:2] == (before + 1, True)
    assert client.feeds.capabilities.update_like(ELEMENT, True).total == before + 1
    assert client.feeds.capabilities.update_like(ELEMENT, False).total == before
    assert likes_of(client) == (before, False, None)


def test_a_made_up_like_that_is_deleted_is_counted_no_longer(client: Any) -> None:
    before, _, _ = likes_of(client)
    client.chatter.likes.delete(client.feeds.capabilities.list_likes(ELEMENT).items[0].id)
    assert likes_of(client)[0] == before - 1


def test_likes_of_a_comment(client: Any) -> None:
    before = client.chatter.comments.get(COMMENT)
    assert (before.my_like, before.likes.total) == (None, client.chatter.comments.list_likes(COMMENT).total)
    like = client.chatter.comments.like(COMMENT)
    after = client.chatter.comments.get(COMMENT)
    assert (after.my_like.id, after.likes.total) == (like.id, before.likes.total + 1)
    assert after.likes.items[0].id == like.id
    client.chatter.comments.update_like(COMMENT, False)
    assert client.chatter.comments.get(COMMENT).likes.total == before.likes.total


def comments_of(client: Any) -> list[str]:
    items = [comment.id for comment in client.feeds.capabilities.iter_comments(ELEMENT, page_size=7)]
    page = client.feeds.elements.get(ELEMENT).capabilities.comments.page
    alone = client.feeds.capabilities.get_comments(ELEMENT).page
    ordered = client.feeds.capabilities.list_comments(ELEMENT, sort="CreatedDateOldestAsc")
    assert page.total == alone.total == ordered.total == len(items)
    assert [comment.id for comment in page.items] == items[: len(page.items)]
    return items


def test_comments_are_counted(client: Any) -> None:
    before = comments_of(client)
    comment = client.feeds.capabilities.create_comment(ELEMENT, text="Agreed.")
    assert (comment.feed_element.id, comment.user.id) == (ELEMENT, client.chatter.users.get("me").id)
    assert comments_of(client) == [comment.id, *before]
    client.feeds.capabilities.create_comment(ELEMENT, text="Agreed.")
    assert len(comments_of(client)) == len(before) + 2, "the same may be said twice"
    client.chatter.comments.delete(before[0])
    assert comments_of(client)[2:] == before[1:]


def test_a_feed_shows_what_its_elements_show(client: Any, m: Any) -> None:
    first, *_ = client.feeds.news.list_elements("me", page_size=3).elements
    client.feeds.capabilities.like(first.id)
    client.feeds.capabilities.create_comment(first.id, m.CommentInput(body=m.MessageBodyInput.text("Agreed.")))
    alone = client.feeds.elements.get(first.id).capabilities
    shown, *_ = client.feeds.news.list_elements("me", page_size=3).elements
    assert shown.id == first.id
    assert shown.capabilities.chatter_likes.my_like.id == alone.chatter_likes.my_like.id
    assert shown.capabilities.chatter_likes.page.total == first.capabilities.chatter_likes.page.total + 1
    assert shown.capabilities.comments.page.total == alone.comments.page.total
    assert shown.capabilities.comments.page.items[0].body.text == "Agreed."


def group_of(client: Any, group: str) -> tuple[int, str, str | None]:
    shown = client.chatter.groups.get(group)
    (listed,) = [one for one in client.chatter.groups.iter(page_size=100) if one.id == group]
    page = client.chatter.groups.list_members(group)
    members = all_of(client.chatter.groups.iter_members(group, page_size=9))
    assert shown.member_count == listed.member_count == page.total_member_count == len(members)
    assert shown.my_role == listed.my_role
    mine = shown.my_subscription.id if shown.my_subscription else None
    assert mine == (page.my_membership.id if page.my_membership else None)
    me = client.chatter.users.get("me")
    groups = all_of(client.chatter.users.iter_groups("me", page_size=9))
    assert me.group_count == len(groups)
    assert (group in [one.id for one in groups[:1]]) is bool(mine)
    return len(members), shown.my_role, mine


def test_who_joins_a_group_is_counted(client: Any, m: Any) -> None:
    group = client.chatter.groups.list(page_size=1).groups[0].id
    before = group_of(client, group)
    assert before[1:] == ("NotAMember", None)
    me = client.chatter.users.get("me").id
    membership = client.chatter.groups.add_member(group, m.GroupMemberInput(user_id=me))
    assert (membership.user.id, membership.role) == (me, "StandardMember")
    assert group_of(client, group) == (before[0] + 1, "StandardMember", membership.id)
    client.chatter.group_memberships.update(membership.id, m.GroupMemberInput(role="GroupManager"))
    assert group_of(client, group) == (before[0] + 1, "GroupManager", membership.id)
    other = client.chatter.users.list(page_size=1).users[0].id
    client.chatter.groups.add_member(group, user_id=other)
    assert group_of(client, group)[0] == before[0] + 2
    client.chatter.group_memberships.delete(membership.id)
    assert group_of(client, group) == (before[0] + 1, "NotAMember", None)


def test_a_deleted_group_is_in_nobodys_groups(client: Any, m: Any) -> None:
    group = client.chatter.groups.create(m.GroupInput(name="Rowers", visibility="PublicAccess")).id
    before = client.chatter.users.get("me").group_count
    client.chatter.groups.add_member(group, user_id=client.chatter.users.get("me").id)
    listed = client.chatter.users.list_groups("me")
    assert (listed.groups[0].name, listed.total) == ("Rowers", before + 1)
    client.chatter.groups.delete(group)
    assert client.chatter.users.get("me").group_count == before


def followed(client: Any, user: str) -> tuple[int, int, int, str | None]:
    me, other = client.chatter.users.get("me"), client.chatter.users.get(user)
    following = all_of(client.chatter.users.iter_following("me", page_size=9))
    followers = all_of(client.chatter.users.iter_followers(user, page_size=9))
    counts = me.following_counts
    assert counts.total == counts.people + counts.records == len(following)
    assert counts.people == sum(one.subject.id.startswith("005") for one in following)
    assert other.followers_count == len(followers)
    return counts.people, counts.records, len(followers), other.my_subscription and other.my_subscription.id


def test_who_follows_is_in_both_lists(client: Any) -> None:
    user = client.chatter.users.list(page_size=1).users[0].id
    people, records, followers, mine = followed(client, user)
    assert mine is None
    subscription = client.chatter.users.follow("me", subject_id=user)
    me = client.chatter.users.get("me").id
    assert (subscription.subject.id, subscription.subscriber.id) == (user, me)
    assert followed(client, user) == (people + 1, records, followers + 1, subscription.id)
    assert client.chatter.users.list_followers(user).followers[0].id == subscription.id
    topic = client.chatter.topics.list().topics[0].id
    client.chatter.users.follow("me", subject_id=topic)
    assert followed(client, user) == (people + 1, records + 1, followers + 1, subscription.id)
    assert client.chatter.followers.list(topic).followers[0].subject.id == topic
    client.chatter.subscriptions.delete(subscription.id)
    assert followed(client, user) == (people, records + 1, followers, None)


def test_an_uploaded_file_is_read_listed_and_deleted(client: Any) -> None:
    file = client.files.user_files.upload("me", title="Oak", file_data=Upload(b"oak", filename="oak.txt"))
    assert client.files.files.get(file.id).title == "Oak"
    assert client.files.user_files.list("me").files[0].id == file.id
    client.files.files.delete(file.id)
    assert file.id not in [one.id for one in client.files.user_files.iter("me")]


def in_folder(client: Any) -> list[str]:
    items = all_of(client.files.folders.iter_items(FOLDER, page_size=9))
    assert all((item.file is None) is (item.type == "Folder") is (item.folder is not None) for item in items)
    return [(item.file or item.folder).id for item in items]


def test_files_and_folders_in_a_folder(client: Any, m: Any) -> None:
    before = in_folder(client)
    upload = Upload(b"oak", filename="oak.txt")
    file_item = m.FolderItemInput(type="File", file=m.FileInput(title="Oak"))
    file = client.files.folders.create_item(FOLDER, file_item, file_data=upload).file
    folder_item = m.FolderItemInput(type="Folder", folder=m.FolderInput(name="Trees", parent_folder_id=FOLDER))
    folder = client.files.folders.create_item(FOLDER, folder_item).folder
    assert (file.title, folder.name, folder.parent_folder.id) == ("Oak", "Trees", FOLDER)
    assert in_folder(client) == [folder.id, file.id, *before]
    assert (client.files.files.get(file.id).title, client.files.folders.get(folder.id).name) == ("Oak", "Trees")
    assert client.files.user_files.list("me").files[0].id == file.id
    client.files.files.delete(file.id)
    client.files.files.delete(before[0]) if before[0].startswith("069") else client.files.folders.delete(before[0])
    assert in_folder(client) == [folder.id, *before[1:]]
    assert file.id not in [one.id for one in client.files.user_files.iter("me")]


def test_files_of_a_data_library(client: Any, m: Any) -> None:
    libraries = client.agentforce.data_libraries
    before = libraries.list_files(LIBRARY).total_size
    paths = ["/trees/oak.pdf", "/trees/ash.pdf"]
    files = [m.DataLibraryUploadedFileInput(file_path=path, file_size=12) for path in paths]
    added = libraries.add_files(LIBRARY, m.DataLibraryFilesInput(uploaded_files=files))
    assert (added.files_accepted, [one.file_path for one in added.grounding_file_refs]) == (2, paths)
    page = libraries.list_files(LIBRARY)
    assert (page.total_size, [one.file_path for one in page.files[:2]]) == (before + 2, paths[::-1])
    libraries.delete_file(LIBRARY, page.files[0].file_id)
    libraries.delete_file(LIBRARY, page.files[2].file_id)
    page = libraries.list_files(LIBRARY)
    assert (page.total_size, page.files[0].file_path) == (before, paths[0])
