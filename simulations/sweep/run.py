"""Run: jobs on the processes of this machine, or on the workers of a Dask scheduler."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from typing import Any, TypeAlias

import joblib

from agent.domain.errors import Mistake
from agent.wiring import plugins
from simulations.sweep.code import code_digest
from simulations.sweep.jobs import Found, Job, carry_out

_ANSWER_WITHIN_S = 10


Run: TypeAlias = Callable[[Sequence[Job]], Iterator[Found]]
"""Runs jobs and hands out what came of them, in whichever order they end."""


@contextmanager
def crew(n_processes: int, scheduler: str | None) -> Iterator[Run]:
    """Whoever does the work.

    Args:
        scheduler: Address of a Dask scheduler such as tcp://10.0.0.5:8786; None: this machine.

    Raises:
        Mistake: Dask is not installed, nobody answers, there is no worker, or one has other code.
    """
    if scheduler is None:
        yield partial(_run_here, n_processes)
        return
    if find_spec("distributed") is None:
        raise Mistake("--scheduler", "needs the package distributed", "pip install 'distributed>=2026.7'")
    distributed = plugins.module("distributed")
    try:
        client = distributed.Client(scheduler, timeout=_ANSWER_WITHIN_S, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = f"did not answer: {str(error) or type(error).__name__}"
        right = "an address such as tcp://10.0.0.5:8786 is right"
        raise Mistake(f"--scheduler {scheduler}", reason, right) from None
    with client:
        _check_workers(client, f"--scheduler {scheduler}")
        yield partial(_run_there, client)


def _run_here(n_processes: int, work: Sequence[Job]) -> Iterator[Found]:
    # One thread of linear algebra each: more would share the cores of the other processes.
    with joblib.parallel_config("loky", inner_max_num_threads=1):
        yield from joblib.Parallel(n_jobs=n_processes, return_as="generator_unordered")(
            joblib.delayed(carry_out)(job) for job in work
        )


def _run_there(client: Any, work: Sequence[Job]) -> Iterator[Found]:
    futures = client.map(carry_out, work, pure=False)
    ended = plugins.module("distributed").as_completed(futures, loop=client.loop, with_results=True)
    for _, found in ended:
        yield found


def _check_workers(client: Any, where: str) -> None:
    try:
        digests = client.run(code_digest)
    except ImportError as error:
        raise Mistake(where, f"a worker cannot import gebot: {error}", "install it there too") from None
    if not digests:
        raise Mistake(where, "has no workers", "`dask worker ADDRESS` starts one")
    others = sorted(worker for worker, digest in digests.items() if digest != code_digest())
    if others:
        raise Mistake(where, f"has other code on {', '.join(others)}", "the same version is right")
