"""The base of all models, and the column types of the house, named once."""

import datetime as dt
import enum
from typing import Annotated, Any, Self

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    MetaData,
    Select,
    TypeDecorator,
    orm,
)
from sqlalchemy.orm import mapped_column

from irm.i18n import LazyText, _l

naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[dt.datetime]):
    """An aware moment in UTC, on a database that knows zones and on one that does not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        return value.replace(tzinfo=dt.UTC) if value is not None else None


class LabelledEnum(enum.StrEnum):
    """A stored word that carries its label: `EMAIL = "email", _l("E-mail")`."""

    label: LazyText

    def __new__(cls, value: str, label: LazyText | None = None) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or _l(value)
        return member

    #: That of the word it equals, and without a call of Python's: tables are looked up by it often.
    __hash__ = str.__hash__


def closed(words: type[enum.StrEnum], name: str | None = None) -> Enum:
    """A column of one of a few words that will not change; the database refuses any other.

    `name` tells two such columns of one table apart.
    """
    return Enum(
        words,
        native_enum=False,
        create_constraint=True,
        name=name or words.__name__.lower(),
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


def growing(words: type[enum.StrEnum]) -> Enum:
    """A column of one of some words whose list will grow: checked in Python alone."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


#: A count that may pass two thousand million: followers, views.
Big = Annotated[int, mapped_column(BigInteger)]

#: What is shown later: codes with their parameters, never a sentence.
Json = Annotated[Any, mapped_column(JSON)]


#: For tables whose rows logs, imports, merges and addresses name: SQLite gives the highest id away
#: again once its row is gone, if it is not told otherwise.
GIVEN_ONCE = {"sqlite_autoincrement": True}


class Base(orm.DeclarativeBase):
    """What all models have in common."""

    metadata = MetaData(naming_convention=naming_convention)
    type_annotation_map = {dt.datetime: UTCDateTime()}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {getattr(self, 'id', '')}>"


#: A select of plain columns, however many: what lists are made of.
Rows = Select[*tuple[Any, ...]]
