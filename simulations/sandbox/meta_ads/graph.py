"""Graph: which address is which object or list, and what each call of them is answered with."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from simulations.groups import Group
from simulations.platform import Platform
from simulations.sandbox.meta_ads import names, question
from simulations.sandbox.meta_ads.activities import Activities, actor_id
from simulations.sandbox.meta_ads.call import Call, Reply
from simulations.sandbox.meta_ads.door import Credentials
from simulations.sandbox.meta_ads.fields import Row, chosen, fields_of, page_of
from simulations.sandbox.meta_ads.filters import kept
from simulations.sandbox.meta_ads.ids import own
from simulations.sandbox.meta_ads.insights import Insights
from simulations.sandbox.meta_ads.limits import Limits
from simulations.sandbox.meta_ads.nodes import Nodes
from simulations.sandbox.meta_ads.question import Question
from simulations.sandbox.meta_ads.recent import Recent
from simulations.sandbox.meta_ads.refusal import (
    MISSING_OBJECT,
    NO_SUCH_PAGE,
    PARAMETER,
    TOO_MUCH_DATA,
    Code,
    Refusal,
)
from simulations.sandbox.meta_ads.reports import Reports
from simulations.sandbox.meta_ads.writes import Author, Writes
from simulations.structure import Campaign

_MOST_IDS = 50
_FORBIDDEN = Code(200)


@dataclass(frozen=True, slots=True)
class Parts:
    """What answers."""

    platform: Platform
    limits: Limits
    credentials: Credentials
    nodes: Nodes
    insights: Insights
    reports: Reports
    activities: Activities
    writes: Writes


class Graph:
    """Answers single calls of callers who were let in."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._nodes = parts.nodes
        self._limits = parts.limits
        self._recent = Recent()

    def answer(self, call: Call, author: Author, report_fails: Code | None = None) -> Reply:
        """Answer one call.

        Args:
            report_fails: What a report that is ordered now will fail with.

        Raises:
            Refusal: With what Meta would answer.
        """
        if call.method == "GET":
            return Reply(self._get(call, author))
        if call.method != "POST":
            raise Refusal(PARAMETER, f"The sandbox does not do {call.method}")
        if call.path[1:] == ("insights",):
            return Reply({"report_run_id": self._ordered(call, report_fails)})
        return self._post(call, author)

    def _get(self, call: Call, author: Author) -> object:
        match call.path:
            case () if "ids" in call.params:
                return self._many(call)
            case ("me",):
                row = {"id": actor_id(author.name), "name": author.name}
                return chosen(row, ("name",) if "fields" not in call.params else call.listed("fields"))
            case ("me", "permissions"):
                granted = self._parts.credentials.permissions
                return {"data": [{"permission": name, "status": "granted"} for name in granted]}
            case ("me", "adaccounts"):
                return self._listed([self._nodes.account_row()], call, names.ACCOUNT, "AdAccount")
            case (id_,):
                return self._node(id_, call)
            case (id_, edge):
                return self._edge(id_, edge, call)
        raise Refusal(NO_SUCH_PAGE, f"Unknown path components: /{'/'.join(call.path)}")

    def _many(self, call: Call) -> dict[str, object]:
        ids = call.listed("ids")
        if not ids or len(ids) > _MOST_IDS:
            raise Refusal(PARAMETER, f"ids must be 1 to {_MOST_IDS}", blame=["ids"], violation="too_many_ids")
        return {id_: self._node(id_, call) for id_ in ids}

    def _node(self, id_: str, call: Call) -> dict[str, object]:
        now = self._parts.platform.now()
        if id_.startswith("act_"):
            self._check_account(id_)
            fields = fields_of(call, names.ACCOUNT, "AdAccount", ("account_id",))
            return chosen(self._nodes.account_row(), fields)
        if self._parts.reports.knows(id_):
            fields = fields_of(call, names.REPORT, "AdReportRun", sorted(names.REPORT))
            return chosen(self._parts.reports.state(id_, now), fields)
        found = self._object(id_)
        if isinstance(found, Campaign):
            row, known, kind = self._nodes.campaign_row(found), names.CAMPAIGN, "AdCampaignGroup"
        else:
            row, known, kind = self._nodes.ad_set_row(found), names.AD_SET, "AdCampaign"
        return chosen(row, fields_of(call, known, kind))

    def _edge(self, id_: str, edge: str, call: Call) -> dict[str, object]:
        if edge == "insights":
            return self._insights(id_, call)
        if id_.startswith("act_"):
            self._check_account(id_)
            lists: dict[str, Callable[[], dict[str, object]]] = {
                "campaigns": lambda: self._campaigns(call),
                "adsets": lambda: self._ad_sets(call, None),
                "minimum_budgets": lambda: self._minimum_budgets(call),
                "activities": lambda: self._activities(call),
                "ads": _nothing,
            }
        else:
            found = self._object(id_)
            lists = {"ads": _nothing}
            if isinstance(found, Campaign):
                lists["adsets"] = lambda: self._ad_sets(call, found)
        if edge not in lists:
            raise Refusal(NO_SUCH_PAGE, f"Unknown path components: /{edge}")
        return lists[edge]()

    def _campaigns(self, call: Call) -> dict[str, object]:
        return self._listed(self._nodes.campaign_rows(), call, names.CAMPAIGN, "AdCampaignGroup")

    def _ad_sets(self, call: Call, campaign: Campaign | None) -> dict[str, object]:
        return self._listed(self._nodes.ad_set_rows(campaign), call, names.AD_SET, "AdCampaign")

    def _minimum_budgets(self, call: Call) -> dict[str, object]:
        row = self._nodes.minimum_row()
        return self._listed([row], call, names.MINIMUM_BUDGET, "MinimumBudget", tuple(row))

    def _activities(self, call: Call) -> dict[str, object]:
        rows = self._parts.activities.rows(call)
        return self._listed(rows, call, names.ACTIVITY, "AdActivity", ("event_time", "event_type"))

    def _insights(self, id_: str, call: Call) -> dict[str, object]:
        parts = self._parts
        if parts.reports.knows(id_):
            return page_of(parts.reports.rows(id_, parts.platform.now()), call, self._limits)
        asked = self._question(id_, call)
        n_days = (min(asked.until, parts.platform.today()) - asked.since).days + 1
        n_objects = {"account": 1, "campaign": len(parts.platform.campaigns)}.get(
            asked.level, len(parts.platform.groups)
        )
        n_rows = n_objects * -(-n_days // asked.step_days) * (24 if asked.is_hourly else 1)
        if n_rows > self._limits.sync_rows:
            raise Refusal(
                TOO_MUCH_DATA, "Please reduce the amount of data you're asking for, then retry your request"
            )
        rows = self._recent.rows(
            (id_, asked),
            parts.platform.now(),
            lambda: self._rows(id_, asked),
            is_first="after" not in call.params,
        )
        return page_of(rows, call, self._limits)

    def _ordered(self, call: Call, report_fails: Code | None) -> str:
        asked = self._question(call.path[0], call)
        return self._parts.reports.order(
            self._rows(call.path[0], asked),
            since=asked.since,
            until=asked.until,
            now=self._parts.platform.now(),
            fails_with=report_fails,
        )

    def _question(self, id_: str, call: Call) -> Question:
        if id_.startswith("act_"):
            self._check_account(id_)
            level = "account"
        else:
            level = "campaign" if isinstance(self._object(id_), Campaign) else "adset"
        return question.read(call, level=level, today=self._parts.platform.today())

    def _rows(self, id_: str, asked: Question) -> Sequence[Row]:
        if id_.startswith("act_"):
            return self._parts.insights.rows(asked)
        if isinstance(self._object(id_), Campaign):
            return self._parts.insights.rows(asked, campaign=own(id_))
        return self._parts.insights.rows(asked, ad_set=own(id_))

    def _post(self, call: Call, author: Author) -> Reply:
        if len(call.path) != 1 or call.path[0].startswith("act_"):
            raise Refusal(PARAMETER, "The sandbox changes campaigns and ad sets, and creates nothing")
        if "ads_management" not in self._parts.credentials.permissions:
            raise Refusal(_FORBIDDEN, "Requires ads_management permission to manage the object")
        found, writes = self._object(call.path[0]), self._parts.writes
        if isinstance(found, Campaign):
            unknown = writes.to_campaign(found, call, author)
        else:
            unknown = writes.to_ad_set(found, call, author)
        return Reply({"success": True}, HTTPStatus.OK, passed_over=unknown)

    def _object(self, id_: str) -> Campaign | Group:
        found = self._nodes.campaign(id_) or self._nodes.ad_set(id_)
        if found is None:
            raise Refusal(
                MISSING_OBJECT,
                f"Unsupported request. Object with ID '{id_}' does not exist, cannot be loaded due to"
                " missing permissions, or does not support this operation",
            )
        return found

    def _check_account(self, id_: str) -> None:
        if id_ != f"act_{self._nodes.account_id}":
            raise Refusal(_FORBIDDEN, "Ad account owner has NOT grant ads_management or ads_read permission")

    def _listed(
        self,
        rows: Iterable[Row],
        call: Call,
        known: frozenset[str],
        kind: str,
        default: Sequence[str] = (),
    ) -> dict[str, object]:
        fields = fields_of(call, known, kind, default)
        always = () if default else ("id",)
        found = [chosen(row, fields, always=always) for row in kept(rows, call)]
        return page_of(found, call, self._limits)


def _nothing() -> dict[str, object]:
    """The sandbox has no ads."""
    return {"data": []}
