"""Reading: Search, SearchStream, and which customers a caller has access to."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from simulations.platform import Platform
from simulations.sandbox.google_ads.compatibility import check
from simulations.sandbox.google_ads.gaql import Query, parse
from simulations.sandbox.google_ads.messages import message_class
from simulations.sandbox.google_ads.refusal import Refusal
from simulations.sandbox.google_ads.search import found, messages
from simulations.sandbox.google_ads.tables import Tables
from simulations.sandbox.google_ads.turn import Door, Turn
from simulations.sandbox.shared.faults import Calls

_ROWS_AT_ONCE = 10_000


class Reading:
    """Answers queries from the platform as it is at the moment of the call."""

    def __init__(self, door: Door, platform: Platform, tables: Tables, *, keeps_replies: bool) -> None:
        """Answer from these tables.

        Args:
            keeps_replies: A query that was answered is answered again from memory, as long as the
                hour is the same and nothing was edited: for tests of load.
        """
        self._door = door
        self._platform = platform
        self._tables = tables
        self._keeps_replies = keeps_replies
        self._kept: dict[tuple[object, ...], list[bytes]] = {}

    def search_stream(self, request: Any, context: Any) -> Iterator[Any]:
        with self._door.turn(
            context, Calls.SEARCH, "SearchStream", request.customer_id, request.query
        ) as turn:
            query = self._parsed(request.query, request.customer_id)
            if self._keeps_replies:
                yield from self._replayed(query, turn)
                return
            for batch in self._batches(query, request.customer_id):
                batch.request_id = turn.request_id
                yield batch
                turn.after_commit()

    def search(self, request: Any, context: Any) -> Any:
        with self._door.turn(context, Calls.SEARCH, "Search", request.customer_id, request.query) as turn:
            if request.page_size:
                raise Refusal(
                    "request_error.PAGE_SIZE_NOT_SUPPORTED", "Setting the page size is not supported."
                )
            if request.page_token and request.validate_only:
                message = "A request to validate only has no pages."
                raise Refusal("request_error.VALIDATE_ONLY_REQUEST_HAS_PAGE_TOKEN", message)
            if request.page_token and not request.page_token.isdigit():
                raise Refusal("request_error.INVALID_PAGE_TOKEN", "The page token is not one of mine.")
            query = self._parsed(request.query, request.customer_id)
            response = message_class("services.SearchGoogleAdsResponse")()
            response.field_mask.paths.extend(query.select)
            rows = self._rows(query, request.customer_id)
            if not request.validate_only:
                offset = int(request.page_token or 0)
                response.results.extend(islice(rows, offset, offset + _ROWS_AT_ONCE))
                if next(rows, None) is not None:
                    response.next_page_token = str(offset + _ROWS_AT_ONCE)
                if request.search_settings.return_total_results_count:
                    response.total_results_count = sum(1 for _ in self._rows(query, request.customer_id))
            turn.after_commit()
            return response

    def customers(self, request: Any, context: Any) -> Any:
        """CustomerService.ListAccessibleCustomers."""
        with self._door.turn(context, Calls.SEARCH, "ListAccessibleCustomers", None, "") as turn:
            response = message_class("services.ListAccessibleCustomersResponse")()
            own = self._platform.account.id.account
            response.resource_names.extend(f"customers/{id_}" for id_ in (self._tables.manager, own) if id_)
            turn.after_commit()
            return response

    def _parsed(self, text: str, customer: str) -> Query:
        query = parse(text)
        check(query, self._platform.today(), is_manager=customer == self._tables.manager)
        return query

    def _rows(self, query: Query, customer: str) -> Iterator[Any]:
        return messages(query, found(query, self._tables.rows(query, customer)))

    def _batches(self, query: Query, customer: str) -> Iterator[Any]:
        """Responses with up to 10,000 rows each; one without rows when there are none."""
        rows = self._rows(query, customer)
        results = list(islice(rows, _ROWS_AT_ONCE))
        while True:
            batch = message_class("services.SearchGoogleAdsStreamResponse")()
            batch.results.extend(results)
            batch.field_mask.paths.extend(query.select)
            yield batch
            results = list(islice(rows, _ROWS_AT_ONCE))
            if not results:
                return

    def _replayed(self, query: Query, turn: Turn) -> Iterator[bytes]:
        """The same batches, made once."""
        now = self._platform.now()
        n_edits = len(self._platform.edits(now.replace(year=1)))
        key = (repr(query), turn.customer, now.replace(minute=0, second=0, microsecond=0), n_edits)
        if key not in self._kept:
            self._kept[key] = [batch.SerializeToString() for batch in self._batches(query, turn.customer)]
        name = message_class("services.SearchGoogleAdsStreamResponse")(request_id=turn.request_id)
        for batch in self._kept[key]:
            yield batch + name.SerializeToString()  # messages in a row are one message
            turn.after_commit()
