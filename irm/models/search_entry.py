"""What can be found: one row per source row, with who may find it."""

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from irm.models.base import Base
from irm.models.brand import Brand
from irm.models.influencer import Influencer
from irm.models.relationship import Relationship
from irm.models.user import User


class SearchEntry(Base):
    """A folded text and the person it leads to.

    On SQLite the virtual table `search_index` (FTS5, trigrams) stands over it, on PostgreSQL a
    trigram index; irm/directory/search.py keeps and asks both.
    """

    __tablename__ = "search_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    influencer_id: Mapped[int] = mapped_column(
        ForeignKey(Influencer.id, ondelete="CASCADE"), index=True
    )
    #: Null: whoever may see the person may find this.
    brand_id: Mapped[int | None] = mapped_column(ForeignKey(Brand.id, ondelete="CASCADE"))
    relationship_id: Mapped[int | None] = mapped_column(
        ForeignKey(Relationship.id, ondelete="CASCADE"), index=True
    )
    #: Set for a private note: only its author and the brand's leads find it.
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    #: `name`, `handle`, `contact`, `note`, `fact`, `post`.
    source: Mapped[str] = mapped_column(String(16))
    source_id: Mapped[int]
    text: Mapped[str] = mapped_column(Text)


Index("uq_search_entries_source", SearchEntry.source, SearchEntry.source_id, unique=True)
Index(
    "ix_search_entries_trigrams",
    SearchEntry.text,
    postgresql_using="gin",
    postgresql_ops={"text": "gin_trgm_ops"},
).ddl_if(dialect="postgresql")
