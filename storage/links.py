"""Queues linked by their leads: what is done in one goes on in the next."""

from dataclasses import dataclass

from storage.database import Database

FIRST, NEXT = 1, 2
"""Bits of the two leads."""


@dataclass(frozen=True, slots=True)
class Link:
    """Work goes on from one queue to another.

    Attributes:
        upstream: Storage's number of the first queue.
        downstream: … and of the next.
        agreed: Whose lead agreed that either team may read which of them holds work up, and what is finished:
            `FIRST`, `NEXT` or both.
    """

    upstream: int
    downstream: int
    agreed: int

    @property
    def shared(self) -> bool:
        """Whether the leads of both agreed."""
        return self.agreed == FIRST | NEXT


def add(db: Database, link: Link) -> bool:
    """Keep a link; False where it was kept before. Who agreed before still does."""
    with db.write() as connection:
        known = connection.execute(
            "select 1 from links where upstream = ? and downstream = ?", (int(link.upstream), int(link.downstream))
        ).fetchone()
        connection.execute(
            "insert into links (upstream, downstream, agreed) values (?, ?, ?)"
            " on conflict do update set agreed = agreed | excluded.agreed",
            (int(link.upstream), int(link.downstream), int(link.agreed)),
        )
        return known is None


def remove(db: Database, upstream: int, downstream: int) -> bool:
    """Take a link back; False where there was none."""
    with db.write() as connection:
        return (
            connection.execute(
                "delete from links where upstream = ? and downstream = ?", (int(upstream), int(downstream))
            ).rowcount
            == 1
        )


def of_workspace(db: Database, workspace: str) -> list[Link]:
    """All links of a workspace, in the order of their queues."""
    rows = db.read(
        "select l.upstream, l.downstream, l.agreed from links l join queues q on q.id = l.upstream"
        " where q.workspace = ? order by l.upstream, l.downstream",
        (workspace,),
    )
    return [Link(int(up), int(down), int(agreed)) for up, down, agreed in rows]
