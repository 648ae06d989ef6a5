"""What a row says of an email: how many mails people have written, and in which language."""

from datetime import UTC, datetime, timedelta

from cordboard.core import facts
from cordboard.core.facts import Fact, Recorded
from cordboard.core.mail import facts as mail
from cordboard.core.words import Channel, Direction, MailKind
from cordboard.index.fold import IndexRow, fold_all

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ARRIVED = facts.ContactArrived(
    7, Channel.EMAIL, Direction.INBOUND, "inbox", "shop", "jeanne@example.org", "Jeanne", "inbox@example.com"
)


def received(
    mail_id: int, language: str = "", kind: MailKind = MailKind.PERSON, **more: bool
) -> mail.MailReceived:
    return mail.MailReceived(7, mail_id, 1, kind, language=language, **more)


def folded(*told: Fact) -> IndexRow:
    return fold_all(
        {}, [Recorded(n, 0, NOW + timedelta(minutes=n), each) for n, each in enumerate((ARRIVED, *told))]
    )[7]


def test_an_automatic_answer_is_no_mail_that_somebody_wrote() -> None:
    row = folded(received(1), mail.AutomaticAnswerSent(7, "received", "key"), mail.DueSet(7, NOW))
    assert (row.mails, row.last_mail_at) == (1, NOW + timedelta(minutes=1))
    assert folded(received(1), mail.AnswerSent(7, "mails", "grace", 2, timedelta(), None, True)).mails == 2


def test_the_language_is_that_of_the_newest_mail_that_tells_one() -> None:
    assert folded(received(1, "fr")).language == "fr"
    assert folded(received(1, "fr"), received(2, "en")).language == "en"
    assert folded(received(1, "fr"), received(2)).language == "fr"
    assert folded(received(1, "fr"), received(2, "en", MailKind.AUTO_REPLY)).language == "fr"
    assert folded(received(1, "fr"), received(2, "en", expert=True)).language == "fr"
    assert folded(received(1, "fr"), facts.ContactQualified(7, {"language": "nl"})).language == "nl"
    assert folded(received(1)).language == ""
