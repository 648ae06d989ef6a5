"""Inboxes, validation rules and the steps of an email in the document: what they become, and what is said when they are wrong."""

from datetime import timedelta

import pytest

from cordboard.configuration.changes import changes_between
from cordboard.configuration.compiled import read_text
from cordboard.configuration.nodes import DocumentWrong
from cordboard.core.config import MailServer
from cordboard.core.script.steps import AnswerStep, CloseStep, ForwardStep, QueueStep
from cordboard.core.words import Channel, MailProtocol, MailSecurity, MailSignIn
from tests.configuration.documents import SMALL

MAIL = (
    SMALL
    + """
inboxes:
  post:
    name: Post
    address: Post@shop.example
    space: shop
    script: post
    receive: {host: imap.shop.example, user: post, secret: mailbox}
    send: {host: smtp.shop.example, port: 587, security: starttls, user: post, secret: mailbox}
    undo: 20s
validation:
  new: {name: Newcomers, agents: amelie, first: 20, words: ['\\brefund'], due: 4h, due_hours: office}
options: {outgoing_mail: yes}
"""
)
MAIL = MAIL.replace(
    "scripts:\n",
    """scripts:
  post:
    name: Post
    space: shop
    steps:
      thanks: {answer: shut, again_after: 12h, next: copy}
      copy: {forward: archive@shop.example, next: queue}
      queue: {queue: post, due: 8h, due_hours: office}
  spam: {name: Spam, space: shop, steps: {done: close}}
""",
    1,
).replace(
    "queues:\n", "queues:\n  post: {name: Post, space: shop, channel: email, due: 8h, due_hours: office}\n", 1
)


def test_what_they_become() -> None:
    config = read_text(MAIL, 1).config
    point, inbox = config.entry_points["post"], config.inboxes["post"]
    assert (point.channel, point.address, point.script_id) == (Channel.EMAIL, "post@shop.example", "post")
    assert inbox.receive == MailServer("imap.shop.example", user="post", secret="mailbox")  # its name
    assert inbox.send is not None
    assert (inbox.send.protocol, inbox.send.security, inbox.send.sign_in) == (
        MailProtocol.SMTP,
        MailSecurity.STARTTLS,
        MailSignIn.PASSWORD,
    )
    assert (inbox.undo, inbox.from_name) == (timedelta(seconds=20), "Post")
    assert config.validation["new"].first == 20
    assert config.options.outgoing_mail
    steps = config.scripts["post"].steps
    assert steps["thanks"] == AnswerStep("shut", "copy", timedelta(hours=12))
    assert steps["copy"] == ForwardStep("archive@shop.example", "queue")
    assert steps["queue"] == QueueStep("post", due=timedelta(hours=8), due_schedule_id="office")
    assert config.scripts["spam"].steps["done"] == CloseStep()


@pytest.mark.parametrize(
    ("old", "new", "path", "part"),
    [
        ("address: Post@shop.example", "address: post", "inboxes.post.address", "no email address"),
        ("script: post", "script: posts", "inboxes.post.script", "Did you mean 'post'?"),
        ("user: post, secret: mailbox}\n    send", "user: post}\n    send", "inboxes.post.receive", "needs `user` and"),
        ("{host: imap", "{protocol: smtp, host: imap", "inboxes.post.receive.protocol", "imap or pop3, not smtp"),
        ("imap.shop.example", "imap shop", "inboxes.post.receive.host", "no name of a server"),
        ("user: post, secret: mailbox}\n    send", "user: post, secret: mailbox, after: move}\n    send",
         "inboxes.post.receive", "belong together"),
        ("{host: imap", "{after: seen, protocol: pop3, host: imap", "inboxes.post.receive.after", "left or deleted"),
        ("{host: smtp", "{after: delete, host: smtp", "inboxes.post.send.after", "belongs to `receive`"),
        ("name: Amélie\n", "name: Amélie\n    signature: [A]\n", "agents.amelie.signature", "text"),
        ("name: Amélie\n", f"name: Amélie\n    signature: {'x' * 2001}\n", "agents.amelie.signature", "at most 2000"),
        ("undo: 20s", "undo: 20m", "inboxes.post.undo", "out of range"),
        ("inboxes:\n  post:", "inboxes:\n  main:", "inboxes.main", "also in `numbers`"),
        ("agents: amelie, first", "agents: amelia, first", "validation.new.agents", "Did you mean 'amelie'?"),
        ("'\\brefund'", "'(refund'", "validation.new.words[1]", "can be looked for"),
        ("answer: shut", "answer: shot", "scripts.post.steps.thanks.answer", "Did you mean 'shut'?"),
        ("forward: archive@shop.example", "forward: archive", "scripts.post.steps.copy.forward", "no email address"),
        ("again_after: 12h", "again_after: 999h", "scripts.post.steps.thanks.again_after", "out of range"),
        ("outgoing_mail: yes", "outgoing_mail: perhaps", "options.outgoing_mail", "neither yes nor no"),
    ],
)  # fmt: skip
def test_each_problem_has_its_place(old: str, new: str, path: str, part: str) -> None:
    assert old in MAIL
    text = MAIL.replace(old, new)
    with pytest.raises(DocumentWrong) as raised:
        read_text(text, 1)
    matching = [one for one in raised.value.problems if one.path == path and part in one.message]
    assert matching, raised.value.problems
    assert matching[0].line > 0


def test_an_inbox_needs_somebody_who_reads_it() -> None:
    text = MAIL.replace("    script: post\n", "").replace("channel: email, due", "due")
    with pytest.raises(DocumentWrong) as raised:
        read_text(text, 1)
    assert any("wait for nobody" in problem.message for problem in raised.value.problems)


def test_what_a_plan_says() -> None:
    before, after = (
        read_text(MAIL, 1),
        read_text(MAIL.replace("undo: 20s", "undo: 5s").replace("first: 20", "first: 5"), 2),
    )
    said = [change.sentence for change in changes_between(before.document, after.document)]
    assert said == [
        "Inbox post: time to take an answer back 20 s → 5 s",
        "Validation rule new: first answers of a newcomer 20 → 5",
    ]
    moved = read_text(MAIL.replace("host: imap.shop", "host: mail.shop"), 2)
    (sentence,) = [change.sentence for change in changes_between(before.document, moved.document)]
    assert (
        sentence
        == "Inbox post: where its mail is fetched imap imap.shop.example tls post → imap mail.shop.example tls post"
    )


def test_an_agents_own_signature() -> None:
    assert read_text(MAIL, 1).config.agents["amelie"].signature == ""
    signed = MAIL.replace("name: Amélie\n", "name: Amélie\n    signature: |\n      Amélie\n      Shop & Co\n")
    before, after = read_text(MAIL, 1), read_text(signed, 2)
    assert after.config.agents["amelie"].signature == "Amélie\nShop & Co"
    (sentence,) = [change.sentence for change in changes_between(before.document, after.document)]
    assert sentence.startswith("Agent amelie: signature none → Amélie")
