"""The default charter as it judges one message after the other, each alone."""

from collections.abc import Callable, Sequence

from benchmarks.rounds import Earlier, Measures
from core.moderation import Rule, Verdict, weighed
from core.rules.context import Context


class Judge:
    """Counts what the rules say; ``wrong`` is what was not found, and what was found and is innocent."""

    def __init__(self, rules: Sequence[Rule], town: str) -> None:
        self._rules = rules
        self._around = Context(town=(town,))
        self.wrong: list[str] = []

    def finds(self, name: str, texts: Sequence[str]) -> Callable[[Earlier], Measures]:
        """How many of some hostile messages are found."""

        def run(_: Earlier) -> Measures:
            missed = [text for text in texts if self._verdict(text) is None]
            self.wrong += (f"not found, {name}: {text!r}" for text in missed)
            return {"messages": len(texts), "found %": 100 * (1 - len(missed) / len(texts))}

        return run

    def spares(self, name: str, texts: Sequence[str]) -> Callable[[Earlier], Measures]:
        """How many of some messages that break no article are taken for hostile."""

        def run(_: Earlier) -> Measures:
            taken = [(text, verdict) for text in texts if (verdict := self._verdict(text)) is not None]
            self.wrong += (
                f"false alarm, {name}: {text!r}, article {verdict.rule.article}: «{verdict.found}»"
                for text, verdict in taken
            )
            return {"messages": len(texts), "false alarms": 1000 * len(taken) / len(texts)}

        return run

    def _verdict(self, text: str) -> Verdict | None:
        return weighed(text, self._rules, self._around)
