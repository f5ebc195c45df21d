"""Twenty secrets are planted for the whole session; none may be found in anything that gebot says or writes.

Searched are: what each test printed and logged, how it failed, what commands said in the test's process
and in others, the words of expected exceptions, databases, and every file below pytest's own folder.
"""

import os
from collections.abc import Iterator
from subprocess import Popen
from typing import Any

import canaries
import pytest
from typer.testing import CliRunner, Result


def pytest_configure() -> None:
    os.environ.update(canaries.planted())


@pytest.fixture(scope="session", autouse=True)
def _all_ears() -> Iterator[None]:
    """Hear what never reaches a report, because a test reads it itself."""
    invoke, communicate, leave = CliRunner.invoke, Popen.communicate, pytest.RaisesExc.__exit__

    def invoking(self: CliRunner, *arguments: Any, **options: Any) -> Result:
        done = invoke(self, *arguments, **options)
        _hear(done.output + words_of(done.exception))
        return done

    def communicating(self: "Popen[Any]", *arguments: Any, **options: Any) -> Any:
        said = communicate(self, *arguments, **options)
        for words in said:
            _hear(words or "")
        return said

    def leaving(self: "pytest.RaisesExc[Any]", kind: Any, error: Any, trace: Any) -> bool:
        _hear(words_of(error))
        return leave(self, kind, error, trace)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CliRunner, "invoke", invoking)
        patch.setattr(Popen, "communicate", communicating)
        patch.setattr(pytest.RaisesExc, "__exit__", leaving)
        yield


def words_of(error: BaseException | None) -> str:
    """All that Python prints of an exception but lines of code: also of those that it came from."""
    if error is None:
        return ""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    own = "\n".join([str(error), repr(error), *getattr(error, "__notes__", ())])
    return "\n".join([own, words_of(before), *(words_of(part) for part in parts)])


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    said = "\n".join([report.longreprtext, *(words for _, words in report.sections)])
    canaries.hear(report.nodeid, said)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a worker heard; of one that crashed the files alone are searched."""
    canaries.HEARD.extend(canaries.Leak(*leak) for leak in getattr(node, "workeroutput", {}).get("leaks", ()))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Each worker hands over what it heard; who started them searches the files of all."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["leaks"] = [(leak.where, leak.name) for leak in canaries.HEARD]
        return
    folder = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]  # no public way
    canaries.HEARD.extend(canaries.search(folder))
    if canaries.HEARD:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if canaries.HEARD:
        terminalreporter.section("secrets were found", red=True)
        for leak in sorted({str(leak) for leak in canaries.HEARD}):
            terminalreporter.line(leak)


def _hear(words: str | bytes) -> None:
    canaries.hear(os.environ.get("PYTEST_CURRENT_TEST", "outside of any test"), words)
