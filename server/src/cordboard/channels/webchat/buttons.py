"""A chat button as its widget is told: texts in one language, whether it is open and staffed."""

from collections.abc import Mapping
from datetime import datetime

from cordboard.channels.webchat.frames import FIELD_TYPES
from cordboard.channels.webchat.schemas import ButtonShown, FieldShown, FilesAllowed, RuleShown
from cordboard.core.config import ChatButton, TenantConfig
from cordboard.core.conversation import staffing
from cordboard.core.hours import is_open
from cordboard.core.state import State
from cordboard.core.words import Channel


def language_of(button: ChatButton, wished: str) -> str:
    """The one wished for if the button has it, else its first."""
    short = wished.lower().partition("-")[0]
    languages = button.languages or ("en",)
    return next((each for each in languages if each.partition("-")[0] == short), languages[0])


def in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get(language.partition("-")[0]) or next(iter(texts.values()), "")


def is_staffed(button: ChatButton, state: State, config: TenantConfig) -> bool:
    """Whether anybody is there who takes chats of its queue (without one: of its Space's queues) and is not withdrawn."""
    queues = [
        queue
        for queue in config.queues.values()
        if queue.channel is Channel.CHAT
        and (queue.id == button.queue_id if button.queue_id else queue.space_id == button.space_id)
    ]
    return any(staffing.is_staffed(queue, state, config) for queue in queues)


def shown(
    button: ChatButton,
    language: str,
    state: State,
    config: TenantConfig,
    words: Mapping[str, str],
    now: datetime,
) -> ButtonShown:
    schedule = config.schedules.get(button.schedule_id)
    texts = {
        "title": in_language(button.titles, language),
        "subtitle": in_language(button.subtitles, language),
        "welcome": in_language(button.welcomes, language),
    }
    return ButtonShown(
        name=button.name,
        open=schedule is None or is_open(schedule, now),
        staffed=is_staffed(button, state, config),
        kind=button.kind.value,
        languages=list(button.languages),
        language=language,
        words=dict(words),
        texts={name: text for name, text in texts.items() if text},
        theme=dict(button.theme),
        form=[
            FieldShown(
                name=each.name,
                label=in_language(each.labels, language) or each.name,
                type=FIELD_TYPES.get(each.type, each.type),
                required=each.required,
                options=list(each.options),
            )
            for each in button.form
        ],
        consent=in_language(button.consents, language),
        rules=[
            RuleShown(
                id=str(index),
                page=rule.pages,
                seconds=rule.seconds,
                scroll=rule.scrolled / 100,
                returning=True if rule.returning else None,
                basket=rule.basket,
                text=in_language(rule.texts, language),
            )
            for index, rule in enumerate(button.rules, 1)
        ],
        files=FilesAllowed(max_size=button.largest_file, types=list(button.files)) if button.files else None,
        survey=button.survey,
        transcript=button.transcript and button.inbox_id in config.inboxes,
        preview=button.preview,
    )
