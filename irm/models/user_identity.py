"""Who a colleague is at the service that signs her in."""

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint, orm
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import Base
from irm.models.user import User


class UserIdentity(Base):
    """A colleague tied to one account of a sign-in service: from then on that account is she.

    Her e-mail ties her the first time only. Addresses are given to others after somebody left;
    what the service calls her never is.
    """

    __tablename__ = "user_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("user_id", "issuer"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    #: The service and its name for her, as its answers say them (`iss` and `sub`).
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[dt.datetime]

    user: Mapped[User] = orm.relationship()
