"""Every setting: name, type, default, meaning. A wrong one stops the start with its name.

Read from the environment (`IRM_…`) or from a `.env` file in the current folder.
"""

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from irm.errors import Refused
from irm.i18n import LazyText, _l

LOCALES = ("en", "fr")

#: A secret shorter than this could be guessed off-line from one signed cookie.
SECRET_BYTES = 32


#: An address and the name of a header as they can go over the wire (RFC 5321, RFC 5322).
_ADDRESS = re.compile(r"[!-~]+@[!-~]+")
_HEADER = re.compile(r"[!-9;-~]+")

#: What pydantic finds, in our words.
_REASONS = {
    "bool_parsing": _l("must be true or false"),
    "string_too_long": _l("must have %(max_length)s characters or fewer"),
    "literal_error": _l("must be one of %(expected)s"),
    "int_parsing": _l("must be a whole number"),
    "greater_than_equal": _l("must be %(ge)s or more"),
    "less_than_equal": _l("must be %(le)s or less"),
}


class Settings(BaseSettings):
    """The settings of one installation."""

    model_config = SettingsConfigDict(env_prefix="IRM_", env_file=".env", extra="ignore")

    database_url: str = Field(
        "",
        # It may hold a password, and settings are printed where something goes wrong.
        repr=False,
        description="Database address. Empty: SQLite in the data folder.",
    )
    data_dir: Path = Field(
        Path("instance"), description="Folder of the database, the secret key and uploads."
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs cookies and links; 32 bytes or more. Empty: made once, kept 0600.",
    )
    public_url: str = Field(
        "http://127.0.0.1:5000", description="Address under which colleagues open irm."
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="smtp://user:password@host:587 or smtps://… Empty: mail waits in the outbox.",
    )
    mail_from: str = Field(
        "irm <irm@localhost>", description="Sender of every mail, with or without a name."
    )
    smtp_idempotency_header: str = Field(
        "", description="Header in which the relay expects an idempotency key, if it knows one."
    )
    bounces_url: SecretStr = Field(
        SecretStr(""),
        description="Mailbox of bounces: imaps://user:password@host/folder or maildir:///path.",
    )
    oidc_issuer: str = Field(
        "", description="Service that signs colleagues in (OpenID Connect). Empty: passwords."
    )
    oidc_client_id: str = Field(
        "", description="How that service knows irm.", validate_default=True
    )
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="What irm proves itself to that service with."
    )
    oidc_name: str = Field(
        "", description="How colleagues call that service. Empty: its host.", max_length=60
    )
    oidc_only: bool = Field(
        False, description="Whether passwords are for administrators alone.", validate_default=True
    )
    locale: Literal["en", "fr"] = Field("en", description="Language of those who chose none.")
    timezone: str = Field("UTC", description="Time zone of those who chose none (IANA name).")
    log_format: Literal["console", "json"] = Field("console", description="How logs are written.")
    trusted_proxies: int = Field(
        0, ge=0, le=10, description="How many proxies in front of irm set X-Forwarded-For."
    )

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        if not value:
            return value
        try:
            backend = make_url(value).get_backend_name()
        except (ArgumentError, ValueError) as error:
            raise ValueError(_l("must look like `postgresql://user:password@host/name`")) from error
        if backend not in ("sqlite", "postgresql"):
            raise ValueError(_l("must begin with `postgresql://` or `sqlite://`"))
        return value

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(
                _l("“%(value)s” is not a time zone such as Europe/Paris", value=value[:60])
            ) from error
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value().encode()) < SECRET_BYTES:
            raise ValueError(_l("must have at least %(bytes)s bytes", bytes=SECRET_BYTES))
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value():
            return value
        with contextlib.suppress(ValueError):  # Such as a port that is no number, or too large.
            parts = urlsplit(value.get_secret_value())
            if parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0:
                return value
        raise ValueError(_l("must look like `smtp://user:password@host:587` or `smtps://host`"))

    @field_validator("bounces_url")
    @classmethod
    def _is_a_mailbox(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value():
            return value
        with contextlib.suppress(ValueError):
            parts = urlsplit(value.get_secret_value())
            if parts.scheme == "maildir" and not parts.netloc and len(parts.path) > 1:
                return value
            is_imap = parts.scheme in ("imap", "imaps") and parts.hostname and parts.username
            if is_imap and parts.port != 0:
                return value
        raise ValueError(
            _l("must look like `imaps://user:password@host/folder` or `maildir:///path`")
        )

    @field_validator("mail_from")
    @classmethod
    def _is_a_sender(cls, value: str) -> str:
        if not value.isprintable() or not _ADDRESS.fullmatch(parseaddr(value)[1]):
            raise ValueError(_l("must look like `irm <irm@example.org>`"))
        return value

    @field_validator("smtp_idempotency_header")
    @classmethod
    def _is_a_header(cls, value: str) -> str:
        if value and not _HEADER.fullmatch(value):
            raise ValueError(_l("must be the name of a header, without blanks and colon"))
        return value

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        with contextlib.suppress(ValueError):
            parts = urlsplit(value)
            if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
                return value.rstrip("/")
        raise ValueError(_l("must look like `https://irm.example.org`"))

    @field_validator("oidc_issuer")
    @classmethod
    def _is_an_issuer(cls, value: str) -> str:
        with contextlib.suppress(ValueError):
            parts = urlsplit(value)
            is_here = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
            is_plain = not (parts.query or parts.fragment or parts.username or parts.port == 0)
            if not value or (
                (is_here or parts.scheme == "https")
                and parts.hostname
                and is_plain
                and len(value) <= 255
                and value.isascii()
                and value.isprintable()
            ):
                return value
        raise ValueError(_l("must look like `https://login.example.org`"))

    @field_validator("oidc_client_id", "oidc_only")
    @classmethod
    def _fits_the_issuer(cls, value: str | bool, info: ValidationInfo) -> str | bool:
        issuer = info.data.get("oidc_issuer", "")
        if issuer and value == "":
            raise ValueError(_l("must be set where IRM_OIDC_ISSUER is"))
        if value is True and not issuer:
            raise ValueError(_l("needs IRM_OIDC_ISSUER: else nobody could sign in"))
        return value

    @property
    def url(self) -> str:
        """The database address in use, the default worked out."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'irm.db'}"

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https:")

    def with_secret(self) -> Self:
        """Return these settings with the secret key in place, made and kept if there is none."""
        if self.secret_key.get_secret_value():
            return self
        return self.model_copy(update={"secret_key": SecretStr(_kept_secret(self.data_dir))})


def read(**given: object) -> Settings:
    """Read the settings and make the data folder; what is given here wins over the environment.

    Raises Refused with the name of the first setting that is wrong.
    """
    return begun(told(**given))


def begun(settings: Settings) -> Settings:
    """Return these settings with a data folder and a secret key, made if they are not there."""
    with _usable(settings.data_dir):
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return settings.with_secret()


def told(**given: object) -> Settings:
    """Read the settings and make nothing; what is given here wins over the environment.

    Raises Refused with the name of the first setting that is wrong.
    """
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks the types
    except ValidationError as error:
        first = error.errors()[0]
        name = "IRM_" + str(first["loc"][0]).upper()
        raise Refused(
            _l("%(name)s is wrong: %(reason)s.", name=name, reason=_reason(first))
        ) from None


def missing(settings: Settings) -> Path | None:
    """Return where the SQLite database would be and is not; None where one is, or on PostgreSQL."""
    url = make_url(settings.url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    path = Path(url.database).resolve()
    with _usable(path.parent):
        return None if path.exists() else path


def _reason(error: Any) -> LazyText | str:
    """What is wrong with a value: what our own check said, or what pydantic's means."""
    about = error.get("ctx", {})
    if "error" in about:
        reason: LazyText | str = about["error"].args[0]
        return reason
    if error["type"] in _REASONS:
        # Of several words pydantic says "'en' or 'fr'", in English whatever the language.
        params = {name: str(value).replace(" or ", ", ") for name, value in about.items()}
        return LazyText(lambda: _REASONS[error["type"]] % params)
    return str(error["msg"])


@contextlib.contextmanager
def _usable(folder: Path) -> Iterator[None]:
    """Say in one sentence that the data folder is of no use, where it is not."""
    try:
        yield
    except OSError as error:
        raise Refused(
            _l(
                "IRM_DATA_DIR is wrong: %(folder)s cannot be used (%(reason)s).",
                folder=folder,
                reason=error.strerror,
            )
        ) from None


def _kept_secret(folder: Path) -> str:
    path = folder / "secret_key"
    if not path.exists():
        made = folder / f".secret_key.{secrets.token_hex(8)}"
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(SECRET_BYTES))
        # A link appears whole or not at all: of two first starts at once, one key stands.
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    return path.read_text().strip()
