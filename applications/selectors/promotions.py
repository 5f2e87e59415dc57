"""Requests for promotion, and who would change side, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from applications.models import PromotionRequest, PromotionState, Recommendation


@dataclass(frozen=True)
class Cell:
    """How many applications go from one advice to another; stays: the two are the same."""

    count: int
    stays: bool


@dataclass(frozen=True)
class Row:
    """Where the applications go that one advice is given now."""

    side: Recommendation
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Preview:
    """Who would change side; agencies: as `services.previews.counted` gives them."""

    champion: int
    policy: str
    made_at: datetime
    waiting: int
    looked_at: int
    changed: int
    sides: tuple[Recommendation, ...]
    rows: tuple[Row, ...]
    agencies: tuple[Mapping[str, Any], ...]

    @property
    def changed_share(self) -> float:
        """Return the share of those looked at that would get another advice."""
        return self.changed / max(self.looked_at, 1)


def open_requests() -> list[PromotionRequest]:
    """Return the promotions that wait for a second person, the oldest first."""
    wanted = PromotionRequest.objects.filter(state=PromotionState.OPEN).order_by("requested_at")
    return list(wanted.select_related("version", "requested_by").defer("version__report", "preview"))


def find_request(number: int) -> PromotionRequest:
    """Return a request for promotion by its number. Raises Http404."""
    related = PromotionRequest.objects.select_related("version", "requested_by", "ruled_by")
    found = related.filter(pk=number).first()
    if found is None:
        raise Http404(_("There is no promotion request %(number)s.") % {"number": number})
    return found


def preview_of(wish: PromotionRequest) -> Preview | None:
    """Return the preview kept with a request; None while there is none."""
    found = wish.preview
    if found is None:
        return None
    sides, moves = tuple(Recommendation), found["moves"]
    return Preview(
        champion=found["champion"],
        policy=found["policy"],
        made_at=datetime.fromisoformat(found["made_at"]),
        waiting=found["waiting"],
        looked_at=found["looked_at"],
        changed=sum(moves[a][b] for a in sides for b in sides if a != b),
        sides=sides,
        rows=tuple(Row(side, tuple(Cell(moves[side][to], side == to) for to in sides)) for side in sides),
        agencies=tuple(found["agencies"]),
    )
