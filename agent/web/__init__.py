"""The page on which people read, understand and decide what gebot proposes, and the same as an API.

How a page is added, from the inside out:

1. ``views/NAME.py``: frozen dataclasses with all that the template shows, and one function
   ``NAME_view(office, ...)`` that makes them from the ledger. Text from outside goes through
   `agent.report.rows.plain`. Templates never see ledger, office or settings.
2. ``templates/NAME.html.j2``: extends ``page.html.j2``, fills the block ``main``, gets ``view`` and
   ``frame`` and nothing else. ``parts.html.j2`` has badges, stakes and the token that each form carries
   (``{{ token(frame) }}``); `words.FILTERS` are the filters. No inline script, no style attribute, no
   ``|safe``. Figures for a chart stand in a ``data-`` attribute or come from a JSON route, and a file
   of ``static/`` draws them: the content policy refuses everything else.
3. ``routes/NAME.py``: a ``router``; each route has one gate as a parameter, which is its act:
   ``visitor: Reader``, ``Stopper``, ``Decider``, ``Resumer`` or ``SignedIn`` of `gate`. GET changes
   nothing; a POST answers with ``RedirectResponse(path, 303)``. What is wrong with a form is raised as
   `Mistake` or `Mistakes` (422), what is not there as ``HTTPException(404)``. It is a plain ``def``: the
   ledger is asked in a thread. It ends in
   ``return page(request, "NAME.html.j2", "Title", view, here="/name", scripts=("plotly.min.js",))``.
4. `app.ROUTERS` gets the router, `pages.PLACES` the place in the navigation. A route without a gate
   keeps the page from starting. JSON for programs stands under ``/api/v1`` with pydantic models and
   ``responses=PROBLEMS``.

Tests get a page, browsers and people from ``tests/web/visiting.py``.
"""
