"""An inbox as the mail process needs it: where its mail comes from and how its answers leave, secrets included."""

from dataclasses import dataclass, field

from cordboard.core.words import MailAfter, MailProtocol, MailSecurity, MailSignIn, MailStart

USUAL_PORTS = {
    (MailProtocol.IMAP, MailSecurity.TLS): 993,
    (MailProtocol.IMAP, MailSecurity.STARTTLS): 143,
    (MailProtocol.IMAP, MailSecurity.NONE): 143,
    (MailProtocol.POP3, MailSecurity.TLS): 995,
    (MailProtocol.POP3, MailSecurity.STARTTLS): 110,
    (MailProtocol.POP3, MailSecurity.NONE): 110,
    (MailProtocol.SMTP, MailSecurity.TLS): 465,
    (MailProtocol.SMTP, MailSecurity.STARTTLS): 587,
    (MailProtocol.SMTP, MailSecurity.NONE): 25,
}


SENT_AUTO = "auto"
SENT_NONE = "none"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and our account there.

    `secret` is the password; with OAuth2 a JSON object with `token_url`, `client_id`, `client_secret`, `refresh_token` and perhaps
    `scope`. `certificate_file` is a PEM of a certificate authority of the company's own.
    """

    protocol: MailProtocol
    host: str
    port: int = 0
    security: MailSecurity = MailSecurity.TLS
    user: str = ""
    secret: str = field(default="", repr=False)
    sign_in: MailSignIn = MailSignIn.PASSWORD
    folder: str = "INBOX"
    after: MailAfter = MailAfter.LEAVE
    move_to: str = ""
    folders: tuple[str, ...] = ()  # several instead of `folder`, by IMAP
    start: MailStart = MailStart.ALL
    certificate_file: str = ""

    @property
    def fetched_folders(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.folders)) or (self.folder,)

    @property
    def real_port(self) -> int:
        return self.port or USUAL_PORTS[self.protocol, self.security]


@dataclass(frozen=True, slots=True)
class InboxSettings:
    """One inbox of a tenant. Without `receive` mail is delivered to us by SMTP or LMTP; without `send` the relay is used."""

    tenant_id: str
    id: str
    address: str
    receive: Server | None = None
    send: Server | None = None
    from_name: str = ""
    rate: int = 60  # mails that leave in a minute, at most
    languages: tuple[str, ...] = ("en",)
    language: str = "en"
    thread_days: int = 30
    sent_folder: str = SENT_AUTO  # where copies of what it sends are kept in its mailbox, or SENT_NONE
    ocr: bool = False  # texts in its attachments are read (option D10)
    poll_seconds: float = 60.0

    @property
    def key(self) -> tuple[str, str]:
        return (self.tenant_id, self.id)
