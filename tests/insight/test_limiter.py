from surprise_helpers import SECOND, at

from hallucino_tui.insight.limiter import Limiter
from hallucino_tui.insight.surprise import Surprise, SurpriseKind
from hallucino_tui.logs.severity import Level


def surprise(template: int | None = 1, kind: SurpriseKind = SurpriseKind.NEW, subject: str = "") -> Surprise:
    return Surprise(kind, template, None, at(0), "", (), 0.001, Level.ERROR, subject)


def test_a_surprise_that_goes_on_is_said_once() -> None:
    limiter = Limiter(600)
    assert [len(limiter.admit([surprise()], at(0) + minute * 60 * SECOND)) for minute in range(30)] == [1] + [0] * 29


def test_it_is_news_again_after_it_was_gone_for_some_minutes() -> None:
    limiter = Limiter(600)
    limiter.admit([surprise()], at(0))
    assert limiter.admit([surprise()], at(500)) == []
    assert limiter.admit([], at(1000)) == []
    assert len(limiter.admit([surprise()], at(1200))) == 1


def test_another_template_kind_or_stream_is_another_surprise() -> None:
    limiter = Limiter()
    limiter.admit([surprise()], at(0))
    others = [
        surprise(2),
        surprise(1, SurpriseKind.SURGE),
        surprise(None, SurpriseKind.SILENCE, "cart"),
        surprise(None, SurpriseKind.SILENCE, "web"),
    ]
    assert limiter.admit(others, at(1)) == others
