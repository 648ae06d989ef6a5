"""Chat buttons and chat steps in the document: what they become, and errors at their lines."""

from datetime import timedelta

import pytest

from cordboard.configuration.changes import changes_between
from cordboard.configuration.compiled import read_text
from cordboard.configuration.nodes import DocumentWrong
from cordboard.core.config import ButtonKind
from cordboard.core.script.steps import BotStep, ButtonsStep, FormStep, HangUpStep, SayStep
from cordboard.core.words import Channel

DOCUMENT = """\
customer: {key: shop, name: Shop, language: en}
locations: {paris: {name: Paris, country: FR, time_zone: Europe/Paris}}
spaces: {retail: Retail}
agents:
  emma: {name: Emma, location: paris, spaces: [retail], roles: [agent, administrator], auto_accept: [chat]}
queues:
  chat: {name: Chat, space: retail, channel: chat, closing_reason_required: no, auto_accept: yes}
  calls: {name: Calls, space: retail, closing_reason_required: no}
scripts:
  talk:
    name: Talk
    space: retail
    hand_to:
      bot: {en: The bot, fr: Le robot}
    steps:
      hello: {say: {en: Hello, fr: Bonjour}, next: what}
      what:
        buttons: {en: What is it about?}
        choices:
          - {label: {en: An order}, then: who}
          - {label: {en: Something else}, then: bot}
      who: {form: {en: Who are you?}, fields: [{name: email, type: email, required: yes}], next: wait}
      bot: {bot: https://bot.example/answer, hand_over: wait, failed: shut, deadline: 5s}
      wait: {queue: chat, max_wait: 5m, timeout: leave}
      leave: {leave_message: {en: Leave a message}}
      shut: {hang_up: , words: {en: We are closed}, dissuaded: yes}
chat_buttons:
  site:
    name: Site
    space: retail
    script: talk
    languages: [en, fr]
    origins: [https://shop.example]
    kind: dynamic
    queue: chat
    rules: [{pages: /basket, seconds: 10, text: {en: May we help?}}]
    form: [{name: order, label: {en: Order}, type: choice, options: [new, old]}]
    files: [image/*]
    theme: {accent: "#1a5fb4"}
    visitor_grace: 45s
    reopen_within: 48h
"""


def test_a_button_is_an_entry_point_of_channel_chat() -> None:
    config = read_text(DOCUMENT, 1).config
    point, button = config.entry_points["site"], config.chat_buttons["site"]
    assert (point.channel, point.script_id, point.language) == (Channel.CHAT, "talk", "en")
    assert (button.kind, button.queue_id, button.largest_file) == (ButtonKind.DYNAMIC, "chat", 10_000_000)
    assert button.rules[0].pages == "/basket"
    assert button.reopen_within == timedelta(hours=48)
    assert config.scripts["talk"].hand_to == {"bot": {"en": "The bot", "fr": "Le robot"}}
    assert config.queues["chat"].auto_accept and config.agents["emma"].auto_accept == (Channel.CHAT,)


def test_steps_of_a_chat() -> None:
    steps = read_text(DOCUMENT, 1).config.scripts["talk"].steps
    kinds = {name: type(step) for name, step in steps.items()}
    assert [kinds[name] for name in ("hello", "what", "who", "bot", "shut")] == [
        SayStep,
        ButtonsStep,
        FormStep,
        BotStep,
        HangUpStep,
    ]


@pytest.mark.parametrize(
    "before, after, where, sentence",
    [
        ("https://shop.example]", "https://shop.example/page]", "origins", "is no site"),
        ("    queue: chat\\n", "", "site:", "name the `queue`"),
        ("queue: chat\\n    rules", "queue: calls\\n    rules", "queue: calls", "takes no chats"),
        ("options: [new, old]", "options: [new]", "form: [{name: order", "at least two"),
        ("https://bot.example/answer", "bot.example", "bot: {bot", "is no web address"),
        ("then: bot", "then: bat", "then: bat", "leads to 'bat'"),
        ("type: email", "type: mail", "who: {form", "mail"),
        ("files: [image/*]", "files: [pictures]", "files: [pict", "is no kind of file"),
        ("      bot: {en", "      bat: {en", "bat: {en", "Agents may hand to 'bat'"),
        ("bot: {en: The bot, fr: Le robot}", "bot: {}", "bot: {}", "no name that agents"),
        ("reopen_within: 48h", "reopen_within: ever", "reopen_within", "is no duration"),
        ("accent:", "akcent:", "theme:", "no part of the theme"),
    ],
)
def test_what_is_wrong_stands_at_its_line(before: str, after: str, where: str, sentence: str) -> None:
    text = DOCUMENT.replace(before.replace("\\n", "\n"), after.replace("\\n", "\n"))
    assert text != DOCUMENT
    with pytest.raises(DocumentWrong) as wrong:
        read_text(text, 1)
    problems = [(problem.line, problem.message) for problem in wrong.value.problems]
    line = text[: text.index(where)].count("\n") + 1
    assert any(at == line and sentence in message for at, message in problems), problems


def test_a_plan_says_what_changes() -> None:
    changed = DOCUMENT.replace("visitor_grace: 45s", "visitor_grace: 90s").replace("An order", "Your order")
    sentences = [
        change.sentence
        for change in changes_between(read_text(DOCUMENT, 1).document, read_text(changed, 1).document)
    ]
    assert any(
        "Chat button site: time a lost visitor is kept 45 s → 1 min 30 s" in one for one in sentences
    ) or any("Chat button site: time a lost visitor is kept" in one for one in sentences)
    assert any("step what" in one for one in sentences), sentences
