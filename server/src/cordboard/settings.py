"""What can be set from outside, each with a default that works.

A value is taken from the first of: a command's argument, the environment (`CORDBOARD_` + the name in capitals), the file
`cordboard.env` in the data folder, the default. `cordboard run` writes that file at the first start, with random passwords,
readable by its owner alone, so that every later command on the same folder finds the same centre.

Ports follow from one number, the *port base*, so that several centres can run side by side (bases at least 1,000 apart):

    base + 0       web over HTTPS (screens, API, WebSockets, the browser softphone's SIP)
    base + 1       the same over plain HTTP, loopback only
    base + 2       embedded PostgreSQL, loopback only
    base + 3       Asterisk's HTTP, ARI and SIP WebSocket, loopback only
    base + 4       SIP over UDP and TCP
    base + 5       the same of the simulated public network (`--traffic`): its ARI
    base + 6       and its SIP
    base + 20      SMTP, for mail that is delivered to us; base + 21 the same by LMTP, loopback only
    base + 22      the demo centre's own mail server, loopback only: IMAP; + 23 POP3; + 24 SMTP; + 25 LMTP
    base + 100     RTP of Asterisk, 400 ports (two per leg, so 200 legs)
    base + 500     RTP of the simulated public network, 400 ports
"""

import os
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AliasChoices,
    BaseModel,
    Field,
    IPvAnyNetwork,
    SecretStr,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from cordboard.scanning.scanners import scanner_of

ENV_FILE_NAME = "cordboard.env"
"""Name, in the data folder, of the file that holds what the first start chose."""

DEFAULT_PORT_BASE = 8400

APP_ROLE = "cordboard_app"
"""The database role of the running server: no superuser, owns nothing, cannot bypass row-level security."""
OWNER_ROLE = "cordboard_owner"
"""The database role that owns the tables; only migrations use it."""
DATABASE_NAME = "cordboard"

OFFSETS = {
    "https_port": 0,
    "http_port": 1,
    "postgres_port": 2,
    "ari_port": 3,
    "sip_port": 4,
    "network_ari_port": 5,
    "network_sip_port": 6,
    "mail_smtp_port": 20,
    "mail_lmtp_port": 21,
    "demo_imap_port": 22,
    "demo_pop3_port": 23,
    "demo_smtp_port": 24,
    "demo_lmtp_port": 25,
    "rtp_first": 100,
    "rtp_last": 499,
    "network_rtp_first": 500,
    "network_rtp_last": 899,
}


def project_folder() -> Path:
    """The folder of the clone (or wherever the package's `server/` lies)."""
    return Path(__file__).resolve().parents[3]


"""Setting → distance of its port from the port base."""

RANDOM = ("postgres_owner_password", "postgres_app_password", "ari_password", "session_secret")
"""Settings that get a random value at the first start."""


class Trunk(BaseModel):
    """A telephone network that calls the centre, and that it calls through. Nobody else may call in."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    match: list[str] = Field(
        default_factory=list, description="Addresses or networks that its calls come from."
    )
    host: str = Field(
        "", description="Where outgoing calls go, `sip.example.net:5060`; empty if none go there."
    )
    username: str = Field("", description="The name that it asks of us.")
    password: SecretStr = Field(SecretStr(""), description="The password that it asks of us.")
    register_there: bool = Field(False, description="Whether to register there.")
    country: str = Field("FR", description="Country whose national numbers it sends, ISO 3166 alpha-2.")


IceUrl = Annotated[str, Field(pattern=r"^(stuns?|turns?):[^\s]+$")]


class IceServer(BaseModel):
    """A STUN or TURN server for the softphone in browsers."""

    urls: list[IceUrl] = Field(min_length=1, description="`stun:`, `turn:` or `turns:` addresses.")
    username: str = Field("", description="Given to every browser as it is, with `password`.")
    password: SecretStr = Field(SecretStr(""), description="See `username`.")
    secret: SecretStr = Field(
        SecretStr(""),
        description="Shared with the TURN server: each session gets a password that ends with it.",
    )


class Settings(BaseSettings):
    """Everything that can be set; ports left at 0 follow from `port_base`."""

    model_config = SettingsConfigDict(
        env_prefix="CORDBOARD_", extra="ignore", populate_by_name=True, validate_default=True, frozen=False
    )

    data_dir: Path = Field(default=Path(".data"), description="Folder of everything that this centre keeps.")
    parts_dir: Path = Field(
        default_factory=lambda: project_folder() / ".parts",
        description="Folder of the parts that the first start fetched (Python packages, Asterisk, Node).",
    )
    port_base: int = Field(
        default=DEFAULT_PORT_BASE, ge=1024, le=64_000, description="First of the ports; see above."
    )

    host: str = Field(
        default="0.0.0.0", description="Address that HTTPS listens on. Plain HTTP is always loopback only."
    )
    public_hosts: list[str] = Field(
        default_factory=list,
        description="Further host names and addresses that browsers use: in the certificate, and accepted as Origin.",
    )
    trusted_proxies: list[IPvAnyNetwork] = Field(
        default_factory=list,
        description="Proxies in front of the web, as a JSON list of addresses or networks such as "
        '`["10.0.0.5", "fd00::/64"]`. What they say of their clients (`X-Forwarded-For`, `X-Forwarded-Proto`) is believed.',
    )
    https_port: int = Field(default=0, ge=0, le=65_535, description="Web over HTTPS.")
    http_port: int = Field(default=0, ge=0, le=65_535, description="Web over plain HTTP, loopback only.")
    certificate: Path | None = Field(
        default=None, description="PEM certificate chain; made at the first start when not given."
    )
    certificate_key: Path | None = Field(default=None, description="PEM private key of `certificate`.")

    database_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("CORDBOARD_DATABASE_URL", "DATABASE_URL", "database_url"),
        description="PostgreSQL (>= 15) to use instead of the embedded one, as the role that the server runs as: "
        "not a superuser, no BYPASSRLS, owner of nothing.",
    )
    database_owner_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices(
            "CORDBOARD_DATABASE_OWNER_URL", "DATABASE_OWNER_URL", "database_owner_url"
        ),
        description="The same database as the role that owns the tables, for migrations. Needed with `database_url`.",
    )
    postgres_port: int = Field(
        default=0, ge=0, le=65_535, description="Port of the embedded PostgreSQL, loopback only."
    )
    postgres_owner_password: SecretStr = Field(
        default=SecretStr(""), description="Owner role of the embedded PostgreSQL."
    )
    postgres_app_password: SecretStr = Field(
        default=SecretStr(""), description="Application role of the embedded PostgreSQL."
    )

    asterisk: Literal["private", "external"] = Field(
        default="private",
        description="`private`: this centre starts its own Asterisk; `external`: one that runs elsewhere.",
    )
    ari_host: str = Field(default="127.0.0.1", description="Where Asterisk's HTTP server is.")
    ari_port: int = Field(
        default=0, ge=0, le=65_535, description="Port of Asterisk's HTTP, ARI and SIP WebSocket."
    )
    ari_user: str = Field(default="cordboard", description="ARI user.")
    ari_password: SecretStr = Field(
        default=SecretStr(""), description="ARI password; random at the first start."
    )
    sip_host: str = Field(default="0.0.0.0", description="Address that SIP and RTP listen on.")
    sip_port: int = Field(default=0, ge=0, le=65_535, description="SIP over UDP and TCP.")
    external_address: str | None = Field(
        default=None,
        description="Address that callers see when this machine is behind NAT; goes into SIP and SDP.",
    )
    rtp_first: int = Field(default=0, ge=0, le=65_535, description="First RTP port; every leg takes two.")
    rtp_last: int = Field(default=0, ge=0, le=65_535, description="Last RTP port.")

    trunks: list[Trunk] = Field(
        default_factory=list,
        description="Telephone networks, as a JSON list of objects with `name`, `match` (addresses that calls come "
        "from), `host` (where outgoing calls go), `username`, `password`, `register_there`, `country`. "
        "Without any, the simulated network on this machine is the only one.",
    )

    ice_servers: list[IceServer] = Field(
        default_factory=list,
        description="STUN and TURN servers for the softphone in browsers, as a JSON list of objects with `urls`, and "
        "for TURN `secret` (coturn's `static-auth-secret`) or `username` and `password`.",
    )

    network_ari_port: int = Field(
        default=0, ge=0, le=65_535, description="ARI of the simulated public network."
    )
    network_sip_port: int = Field(
        default=0, ge=0, le=65_535, description="SIP of the simulated public network."
    )
    network_rtp_first: int = Field(
        default=0, ge=0, le=65_535, description="First RTP port of the simulated public network."
    )
    network_rtp_last: int = Field(
        default=0, ge=0, le=65_535, description="Last RTP port of the simulated public network."
    )

    mail_host: str = Field(
        default="127.0.0.1", description="Address that SMTP listens on, for mail that is delivered to us."
    )
    mail_smtp_port: int = Field(
        default=0, ge=0, le=65_535, description="SMTP, for mail that is delivered to us."
    )
    mail_lmtp_port: int = Field(default=0, ge=0, le=65_535, description="The same by LMTP, loopback only.")
    mail_starttls: Literal["off", "offered", "required"] = Field(
        default="offered",
        description="STARTTLS where mail is delivered to us by SMTP: `off`, `offered`, or `required` (nothing is taken without).",
    )
    mail_certificate: Path | None = Field(
        default=None, description="PEM certificate chain for STARTTLS; the web's own when left out."
    )
    mail_certificate_key: Path | None = Field(default=None, description="PEM key of `mail_certificate`.")
    mail_trusted_filter: str = Field(
        default="",
        description="Name that the mail filter in front writes into Authentication-Results (its authserv-id). What it says about "
        "a sender is shown to agents. Empty: nothing is believed.",
    )
    mail_workers: int = Field(
        default=1, ge=1, le=64, description="Processes that read mails: about 300 mails a second each."
    )
    mail_relay_host: str = Field(
        default="", description="Server that takes the mail of inboxes which name none of their own."
    )
    mail_relay_port: int = Field(default=25, ge=1, le=65_535, description="Its port.")
    mail_relay_security: Literal["tls", "starttls", "none"] = Field(
        default="starttls", description="How the connection to it is encrypted."
    )
    mail_relay_user: str = Field(default="", description="The name that it asks of us.")
    mail_relay_password: SecretStr = Field(
        default=SecretStr(""), description="The password that it asks of us."
    )
    demo_imap_port: int = Field(
        default=0, ge=0, le=65_535, description="IMAP of the demo centre's own mail server, loopback only."
    )
    demo_pop3_port: int = Field(default=0, ge=0, le=65_535, description="Its POP3.")
    demo_smtp_port: int = Field(default=0, ge=0, le=65_535, description="Its SMTP.")
    demo_lmtp_port: int = Field(default=0, ge=0, le=65_535, description="Its LMTP.")

    session_secret: SecretStr = Field(
        default=SecretStr(""), description="Signs what browsers hold; random at the first start."
    )
    history_months: int = Field(
        default=12, ge=1, le=120, description="Months for which texts can be searched (the option is 24)."
    )
    demo: bool = Field(default=True, description="Load the demo centre into an empty database at start.")
    chats_per_minute: int = Field(
        default=30, ge=1, le=100_000, description="Chats that may be begun from one address in a minute."
    )
    reachable_networks: list[IPvAnyNetwork] = Field(
        default_factory=list,
        description="Networks of your own in which customers' connectors and bots may be asked, as a JSON list such as "
        '`["10.1.0.0/16"]`. Without it only the public network is in reach: never this machine nor its neighbours.',
    )
    scan: str = Field(
        default="",
        description="Who looks at files for harmful content: `clamd:/run/clamav/clamd.ctl`, `clamd:HOST:3310`, or `command:PROGRAM` "
        "(the file's path is its last word; 0 clean, 1 harmful). Empty: nobody.",
    )
    scan_failing: Literal["closed", "open"] = Field(
        default="closed", description="What becomes of a file that could not be looked at."
    )
    scan_seconds: float = Field(default=30, gt=0, le=600, description="So long a file may be looked at.")
    precedence: bool = Field(
        default=True,
        description="PostgreSQL, Asterisk and the server go before other work of this machine, "
        "where it lets them (root or CAP_SYS_NICE).",
    )
    log_format: Literal["json", "console"] = Field(default="json", description="Shape of the log lines.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level that is logged."
    )

    @field_validator("scan")
    @classmethod
    def _known_scanner(cls, value: str) -> str:
        scanner_of(value, 1)
        return value

    @model_validator(mode="after")
    def _fill_in(self) -> Self:
        for name, offset in OFFSETS.items():
            if getattr(self, name) == 0:
                setattr(self, name, self.port_base + offset)
        self.data_dir = self.data_dir.expanduser().absolute()
        return self

    @classmethod
    def load(cls, data_dir: Path | None = None, **given: object) -> "Settings":
        """The settings of the centre in `data_dir` (default: the environment's, then `.data` of the clone).

        `given` holds what a command line said; None stands for "not said".
        """
        folder = data_dir or Path(os.environ.get("CORDBOARD_DATA_DIR") or project_folder() / ".data")
        said = {name: value for name, value in given.items() if value is not None}
        return cls(_env_file=folder / ENV_FILE_NAME, data_dir=folder, **said)  # type: ignore[call-arg,arg-type]  # pydantic-settings' own keyword

    @property
    def embedded_database(self) -> bool:
        """True when this centre starts its own PostgreSQL."""
        return self.database_url is None

    @property
    def database_dsn(self) -> str:
        """Where the running server finds its database, as the application role."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return self._embedded_dsn(APP_ROLE, self.postgres_app_password)

    @property
    def database_owner_dsn(self) -> str:
        """Where migrations find the database, as the role that owns the tables."""
        if self.database_url is None:
            return self._embedded_dsn(OWNER_ROLE, self.postgres_owner_password)
        if self.database_owner_url is None:
            raise ValueError(
                "DATABASE_URL is set but DATABASE_OWNER_URL is not: give the address of the same database as the role "
                "that owns its tables, which migrations need."
            )
        return self.database_owner_url.get_secret_value()

    @property
    def ari_url(self) -> str:
        """Base address of Asterisk's HTTP server."""
        return f"http://{self.ari_host}:{self.ari_port}"

    @property
    def asterisk_dir(self) -> Path:
        """Where the private Asterisk's programs are."""
        return self.parts_dir / "asterisk"

    @property
    def certificate_file(self) -> Path:
        """The PEM certificate chain that HTTPS uses: the one given, or the one made at the first start."""
        return self.certificate or self.data_dir / "tls" / "certificate.pem"

    @property
    def certificate_key_file(self) -> Path:
        """The PEM key of `certificate_file`."""
        return self.certificate_key or self.data_dir / "tls" / "key.pem"

    @property
    def widget_dist(self) -> Path:
        """The built chat widget."""
        return project_folder() / "widget" / "dist"

    @property
    def web_dist(self) -> Path:
        """The built web application."""
        return project_folder() / "web" / "dist"

    def _embedded_dsn(self, role: str, password: SecretStr) -> str:
        return f"postgresql://{role}:{password.get_secret_value()}@127.0.0.1:{self.postgres_port}/{DATABASE_NAME}"
