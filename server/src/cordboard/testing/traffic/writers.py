"""People who write to the demo centre by email: real SMTP to the demo's mail server, French and English, with replies to answers.

Each has a mailbox there (any address has), looks into it now and then, and sometimes answers what the centre has written.
"""

import asyncio
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path

import structlog
from imap_tools import AND, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError
from ruamel.yaml import YAML

from cordboard.settings import Settings
from cordboard.testing.traffic.chance import Chance
from cordboard.testing.traffic.report import Tally

log = structlog.get_logger(__name__)

PASSWORD = "demo"
LOOK_SECONDS = 20.0
SECONDS_BETWEEN = 300.0
"""On average between two mails, for each caller that is wanted: ten callers are two mails a minute."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who writes."""

    name: str
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


WRITERS = (
    Writer("Léa Fournier", "lea.fournier@courriel.example", "fr"),
    Writer("Martin Roche", "martin.roche@courriel.example", "fr"),
    Writer("Inès Caron", "ines.caron@courriel.example", "fr"),
    Writer("Paul Delmas", "paul.delmas@courriel.example", "fr"),
    Writer("Nora Vidal", "nora.vidal@courriel.example", "fr"),
    Writer("Lucy Hall", "lucy.hall@letters.example", "en"),
    Writer("Tom Baker", "tom.baker@letters.example", "en"),
    Writer("Priya Shah", "priya.shah@letters.example", "en"),
    Writer("Owen Price", "owen.price@letters.example", "en"),
)

LETTERS = {
    "fr": (
        Letter(
            "Ma commande n'est pas arrivée",
            "J'ai commandé une lampe il y a dix jours et je n'ai rien reçu. Où est-elle ?",
        ),
        Letter(
            "Retour d'un article", "La lampe ne convient pas à mon salon. Comment puis-je vous la renvoyer ?"
        ),
        Letter(
            "Facture",
            "Pourriez-vous m'envoyer la facture de ma dernière commande ? J'en ai besoin pour mon bureau.",
        ),
        Letter(
            "Lampe en panne",
            "Ma lampe ne s'allume plus depuis hier. J'ai changé l'ampoule, sans effet. Que faire ?",
        ),
        Letter("Horaires", "À quelle heure ouvrez-vous le samedi ? Je viens de loin."),
        Letter(
            "Demande de remboursement",
            "L'article reçu est abîmé, je demande un remboursement. Les photos suivent.",
        ),
    ),
    "en": (
        Letter(
            "Where is my order?",
            "I ordered a lamp ten days ago and nothing has come. Could you tell me where it is?",
        ),
        Letter(
            "Returning a lamp",
            "The lamp is too large for the room. How can I send it back, and who pays for that?",
        ),
        Letter("Invoice", "Please send me the invoice for my last order; I need it for the office."),
        Letter(
            "It does not light",
            "My lamp stopped working yesterday. I changed the bulb and it is still dark. What now?",
        ),
        Letter("Opening hours", "When do you open on Saturdays? I come from some way off."),
        Letter("Refund", "What arrived is broken and I would like a refund, please. Pictures follow."),
    ),
}
REPLIES = {
    "fr": (
        "Merci, c'est clair.",
        "Merci pour votre réponse. Le numéro est 4-2210.",
        "Cela ne m'aide pas, rappelez-moi s'il vous plaît.",
    ),
    "en": (
        "Thank you, that helps.",
        "Thanks. The number is 4-2210.",
        "I am afraid that does not help. Please call me.",
    ),
}


class Writers:
    """Writes until cancelled. `inboxes` are the centre's addresses."""

    def __init__(self, settings: Settings, inboxes: Sequence[str], chance: Chance, tally: Tally) -> None:
        self._settings = settings
        self._inboxes = inboxes
        self._chance = chance
        self._tally = tally

    async def run(self, callers: int) -> None:
        """As many mails as suit a centre with so many callers."""
        if not self._inboxes or not callers:
            return
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write(SECONDS_BETWEEN / callers))
            for writer in WRITERS:
                group.create_task(self._read(writer, self._chance.child(writer.address)))

    async def _write(self, mean: float) -> None:
        while True:
            writer = self._chance.one_of(WRITERS)
            letter = self._chance.one_of(LETTERS[writer.language])
            number = 1000 + self._chance.number_below(9000)
            mail = self._mail(writer, self._chance.one_of(self._inboxes), f"{letter.subject} ({number})")
            mail.set_content(f"{_hello(writer)}\n\n{letter.text}\n\n{writer.name}\n")
            await self._send(mail)
            await asyncio.sleep(self._chance.until_next(mean))

    async def _read(self, writer: Writer, chance: Chance) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS * chance.between(0.5, 1.5))
            for answer in await asyncio.to_thread(self._answers, writer):
                if chance.happens(0.5):
                    await asyncio.sleep(chance.between(2, 20))
                    await self._send(self._reply(writer, answer, chance))

    def _answers(self, writer: Writer) -> list[Message]:
        """What the centre's people have written and is unread; it is read afterwards."""
        try:
            with MailBoxUnencrypted("127.0.0.1", self._settings.demo_imap_port, timeout=20).login(
                writer.address, PASSWORD
            ) as box:
                found = [one.obj for one in box.fetch(AND(seen=False), mark_seen=True)]
        except (OSError, ImapToolsError) as error:
            log.warning("mailbox_not_read", error=type(error).__name__)
            return []
        return [mail for mail in found if not mail["Auto-Submitted"]]

    def _reply(self, writer: Writer, answer: Message, chance: Chance) -> EmailMessage:
        to = parseaddr(str(answer["Reply-To"] or answer["From"]))[1]
        subject = " ".join(str(make_header(decode_header(str(answer["Subject"] or "")))).split())
        mail = self._mail(writer, to, subject if subject.lower().startswith("re:") else f"Re: {subject}")
        name = str(answer["Message-ID"] or "").strip()
        if name:
            mail["In-Reply-To"] = name
            mail["References"] = name
        mail.set_content(f"{chance.one_of(REPLIES[writer.language])}\n\n{writer.name}\n")
        return mail

    def _mail(self, writer: Writer, to: str, subject: str) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"] = f"{writer.name} <{writer.address}>"
        mail["To"] = to
        mail["Subject"] = subject
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = make_msgid(domain=writer.address.rpartition("@")[2])
        return mail

    async def _send(self, mail: EmailMessage) -> None:
        try:
            await asyncio.to_thread(self._bring, mail)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("mail_not_taken", error=type(error).__name__)
            return
        self._tally.mails += 1

    def _bring(self, mail: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self._settings.demo_smtp_port, timeout=30) as client:
            client.send_message(mail)


def demo_inboxes(document: Path) -> list[str]:
    """The addresses of the demo centre's inboxes."""
    centre = YAML(typ="safe").load(document.read_text(encoding="utf-8"))
    return [inbox["address"] for inbox in centre.get("inboxes", {}).values()]


def _hello(writer: Writer) -> str:
    return "Bonjour," if writer.language == "fr" else "Good morning,"
