"""The law: what is exported and applied again changes nothing. And: absent is not delete. For documents made at random."""

from io import StringIO
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from cordboard.configuration.changes import changes_between
from cordboard.configuration.compiled import read, read_text
from cordboard.configuration.merge import merged, merged_text
from cordboard.configuration.nodes import parse, plain

RANDOMLY = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking whole documents takes minutes
)

keys = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12).filter(
    lambda name: name[0].isalnum()  # ruamel writes `{a: :b}`, which it can not read
)
durations = st.one_of(
    st.integers(5, 59).map(lambda n: f"{n}s"), st.integers(1, 9).map(lambda n: f"{n}m"), st.integers(5, 300)
)
levels = st.integers(1, 5)


def some(there: dict[str, Any]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(there)), unique=True, max_size=3) if there else st.just([])


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A whole document that can be published, as plain data."""
    skills = draw(st.dictionaries(keys, names, min_size=1, max_size=3))
    groups = draw(st.dictionaries(keys, names, max_size=3))
    spaces = draw(st.dictionaries(keys, names, min_size=1, max_size=2))
    space = st.sampled_from(sorted(spaces))
    needs = st.dictionaries(st.sampled_from(sorted(skills)), levels, max_size=2)
    queue = st.fixed_dictionaries(
        {"name": names, "space": space, "closing_reason_required": st.just("no")},
        optional={
            "ring": durations,
            "needs": needs,
            "groups": some(groups),
            "priority": st.integers(-9, 9),
            "selection": st.sampled_from(["longest_idle", "best_skill"]),
            "announce_position": st.sampled_from(["yes", "no"]),
        },
    )
    queues = draw(st.dictionaries(keys, queue, min_size=1, max_size=3))
    agent = st.fixed_dictionaries(
        {
            "name": names,
            "location": st.just("paris"),
            "spaces": space,
            "groups": some(groups),
            "skills": needs,
        }
    )
    agents = draw(st.dictionaries(keys.map(lambda key: f"agent-{key}"), agent, max_size=3))
    digits = st.dictionaries(st.sampled_from("0123456789*#"), st.just("wait"), min_size=1, max_size=3)
    to = draw(st.sampled_from(sorted(queues)))
    script = {
        "name": draw(names),
        "space": draw(space),
        "steps": {
            "ask": {"menu": "hello", "choices": draw(digits), "otherwise": "wait"},
            "wait": {"queue": to, "needs": draw(needs)},
        },
    }
    return {
        "customer": {"key": "made", "name": draw(names)},
        "seats": {"voice": draw(st.integers(0, 9))},
        "locations": {"paris": {"name": "Paris", "country": "FR", "time_zone": "Europe/Paris"}},
        "spaces": spaces,
        "skills": skills,
        "groups": groups,
        "people": {"boss": {"name": "Boss", "roles": ["administrator"]}},
        "agents": agents,
        "queues": queues,
        "messages": {"hello": {"name": "Hello", "space": draw(space), "texts": {"en": draw(names)}}},
        "scripts": {
            "main": script,
            "mail": {
                "name": "Mail",
                "space": draw(space),
                "steps": {
                    "thanks": {"answer": "hello", "next": "copy"},
                    "copy": {"forward": "copy@made.example", "next": "done"},
                    "done": draw(st.sampled_from(["close", {"queue": to, "due": "8h"}])),
                },
            },
        },
        "numbers": {
            "main": {"name": "Main", "number": "+33199001111", "space": draw(space), "script": "main"}
        },
        "inboxes": {
            "mail": {
                "name": draw(names),
                "address": "mail@made.example",
                "space": draw(space),
                "script": "mail",
                "receive": {"host": "imap.made.example", "user": "mail", "secret": "mailbox"},
                "send": {"host": "smtp.made.example", "sign_in": "none", "port": draw(st.integers(1, 65535))},
                "undo": draw(st.integers(0, 120)),
            }
        },
        "validation": {
            "new": {
                "name": draw(names),
                "first": draw(st.integers(0, 9)),
                "percent": draw(st.integers(0, 100)),
            }
        },
        "chat_buttons": {
            "site": {
                "name": draw(names),
                "space": draw(space),
                "script": "main",
                "inbox": "mail",
                "origins": draw(st.sampled_from([[], ["https://made.example"]])),
                "title": {"en": draw(names)},
                "form": [
                    {"name": "email", "type": "email", "required": draw(st.sampled_from(["yes", "no"]))}
                ],
                "rules": [{"seconds": draw(st.integers(0, 99)), "text": {"en": draw(names)}}],
                "visitor_grace": draw(durations),
            }
        },
        "options": {"outgoing_mail": draw(st.sampled_from(["yes", "no"]))},
        "dial_plan": {"allowed": ["+33"]},
    }


def written(document: dict[str, Any], flow: bool) -> str:
    yaml = YAML()
    yaml.default_flow_style = flow
    yaml.allow_unicode = True
    yaml.representer.ignore_aliases = lambda data: True
    out = StringIO()
    yaml.dump(document, out)
    return "# made\n" + out.getvalue()


@RANDOMLY
@given(documents(), st.booleans())
def test_export_then_apply_is_a_no_op(document: dict[str, Any], flow: bool) -> None:
    text = merged_text("", written(document, flow))
    published = read_text(text, 3)

    again = merged_text(text, text)
    replanned = read(merged(parse(text, given=False), parse(text)), 3)

    assert again == text
    assert replanned.config == published.config
    assert replanned.logins == published.logins
    assert changes_between(published.document, replanned.document) == []


@RANDOMLY
@given(documents(), documents(), st.booleans(), st.data())
def test_absent_is_not_delete_and_merging_twice_is_merging_once(
    document: dict[str, Any], other: dict[str, Any], flow: bool, data: st.DataObject
) -> None:
    text = merged_text("", written(document, flow))
    sections = data.draw(st.lists(st.sampled_from(sorted(other)), unique=True, min_size=1))
    part = written({name: other[name] for name in sections}, not flow)

    once = merged_text(text, part)
    before, after = plain(parse(text)), plain(parse(once))

    assert merged_text(once, part) == once
    assert isinstance(before, dict) and isinstance(after, dict)
    for name, section in before.items():
        assert set(section) <= set(after[name])
        if name not in sections:
            assert section == after[name]
    for name in sections:
        for key, value in plain(parse(part))[name].items():  # type: ignore[index]
            if isinstance(value, dict):
                assert value.items() <= after[name][key].items()
            else:
                assert after[name][key] == value


def test_a_word_that_can_not_stand_plain_inside_braces_is_quoted_there() -> None:
    text = "customer: {key: made, name: Made}\nskills: {french: French}\n"
    merged_into = merged_text(text, "skills:\n  odd:\n    name: :null\n  also: '?x'\n  more: a, [b]\n")
    assert plain(parse(merged_into)) == {
        "customer": {"key": "made", "name": "Made"},
        "skills": {"french": "French", "odd": {"name": ":null"}, "also": "?x", "more": "a, [b]"},
    }
