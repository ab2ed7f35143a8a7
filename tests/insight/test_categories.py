import pytest

from hallucino_tui.config.settings import CategorySettings, SettingsError
from hallucino_tui.insight.categories import Categories, Category
from hallucino_tui.insight.cluster_events import ClusterEvent, EventKind
from hallucino_tui.logs.severity import Level

INCIDENT, PREVENTIVE, NORMAL = Category.INCIDENT, Category.PREVENTIVE, Category.NORMAL
UNKNOWN, INFO, WARN, ERROR, FATAL = Level.UNKNOWN, Level.INFO, Level.WARN, Level.ERROR, Level.FATAL


@pytest.mark.parametrize(
    ("line", "level", "category", "rule"),
    [
        ("Back-off: container is in CrashLoopBackOff", UNKNOWN, INCIDENT, "Kubernetes reason"),
        ("pod shop/cart was OOMKilled", INFO, INCIDENT, "Kubernetes reason"),
        ("Out of memory: Killed process 4242 (java)", UNKNOWN, INCIDENT, "process died"),
        ("panic: runtime error: index out of range", UNKNOWN, INCIDENT, "process died"),
        ("worker 7 exited with code 137", INFO, INCIDENT, "exit code"),
        ('{"msg": "done", "exit_code": 1}', INFO, INCIDENT, "exit code"),
        ("worker 7 exited with code 0", INFO, NORMAL, "nothing special"),
        ("could not write: No space left on device", UNKNOWN, INCIDENT, "full or damaged"),
        ("FATAL:  sorry, too many clients already", FATAL, INCIDENT, "full or damaged"),
        ("SSL: CERTIFICATE_VERIFY_FAILED certificate verify failed", ERROR, INCIDENT, "certificate refused"),
        ("x509: certificate has expired or is not yet valid", WARN, INCIDENT, "certificate refused"),
        ("certificate for payments expires in 5 days", WARN, PREVENTIVE, "certificate or key expires"),
        ("volume /data is 91 % full", INFO, PREVENTIVE, "disk fills up"),
        ("disk usage is high on /var", WARN, PREVENTIVE, "disk fills up"),
        ("memory usage 96% of limit", WARN, PREVENTIVE, "memory near its limit"),
        ("option --foo is deprecated", WARN, PREVENTIVE, "deprecated"),
        ("attempt 1/3 for GET / failed: Connection refused", WARN, PREVENTIVE, "tried again"),
        ("retrying in 2 s", INFO, PREVENTIVE, "tried again"),
        ("request throttled: 429 too many requests", WARN, PREVENTIVE, "throttled"),
        ("replication lag of 35 s on standby-1", INFO, PREVENTIVE, "lags behind"),
        ("slow query: 2312 ms", WARN, PREVENTIVE, "slow"),
        ("instruction cache parity error corrected", INFO, PREVENTIVE, "errors that were corrected"),
        ("connect() failed (111: Connection refused) while connecting", ERROR, INCIDENT, "not reached"),
        ("error connecting in 'orders': timeout", WARN, INCIDENT, "not reached"),
        ('"GET /cart HTTP/1.1" 503 12', UNKNOWN, INCIDENT, "HTTP status 5xx"),
        ("GET /cart -> 500 in 3 ms", INFO, INCIDENT, "HTTP status 5xx"),
        ("status=200 took 500", INFO, NORMAL, "nothing special"),
        ('"GET /nothing HTTP/1.1" 404 12', WARN, NORMAL, "HTTP status 4xx"),
        ("json.decoder.JSONDecodeError: Expecting value", ERROR, INCIDENT, "exception"),
        ("Traceback (most recent call last):", ERROR, INCIDENT, "exception"),
        ("Failed password for root from 10.0.0.1", UNKNOWN, INCIDENT, "words of failure"),
        ("login failed, as it should", INFO, NORMAL, "nothing special"),
        ("could not parse the banner", WARN, PREVENTIVE, "words of failure in a warning"),
        ("WARN ponies ahead", WARN, PREVENTIVE, "level warn"),
        ("ERROR ponies ahead", ERROR, INCIDENT, "level error"),
        ("FATAL ponies ahead", FATAL, INCIDENT, "level fatal"),
        ("FATAL machine check enable..............0", FATAL, NORMAL, "value in a list"),
        ("FATAL instruction address: 0x00004ed8", FATAL, NORMAL, "details of a record"),
        ("ERROR ping lost to 10.0.0.1", ERROR, INCIDENT, "words of failure"),
        ("finished with 0 errors and no warnings", INFO, NORMAL, "nothing special"),
        ("batch done, failed=0 errors: 0", UNKNOWN, NORMAL, "nothing special"),
        ("1:M 22 Nov 2026 22:24:01 * Background saving terminated with success", UNKNOWN, NORMAL, "nothing special"),
        ("the old worker was successfully killed", UNKNOWN, NORMAL, "nothing special"),
        ("could not be started with success: killed", UNKNOWN, INCIDENT, "words of failure"),
        ("the worker ended without success, aborted", UNKNOWN, INCIDENT, "words of failure"),
        ('{"msg": "done", "error": null}', UNKNOWN, NORMAL, "nothing special"),
        ("ERROR card status: no alerts are active", ERROR, PREVENTIVE, "trouble denied"),
        ("GET / 200", INFO, NORMAL, "nothing special"),
        ("", UNKNOWN, NORMAL, "nothing special"),
    ],
)
def test_a_rule_decides_and_is_named(line: str, level: Level, category: Category, rule: str) -> None:
    verdict = Categories().of_template(line, line, level)
    assert (verdict.rule, verdict.category) == (rule, category)


def test_many_templates_are_sorted_as_each_alone() -> None:
    lines = ["GET / 200", "panic: no", "retrying", "ERROR ponies", ""]
    levels = [INFO, UNKNOWN, INFO, ERROR, INFO]
    categories = Categories()
    alone = [categories.of_template(line, line, level) for line, level in zip(lines, levels, strict=True)]
    assert categories.of_templates(lines, lines, levels) == alone
    assert categories.of_templates([], [], []) == []


def own(name: str, pattern: str, category: str) -> CategorySettings:
    return CategorySettings(name, pattern, category)


def test_rules_of_the_user_are_asked_first_in_their_order() -> None:
    categories = Categories([own("batch", "supplier feed", "normal"), own("late", "(?i)FEED", "preventive_action")])
    line = "ERROR supplier feed row 7 rejected"
    assert categories.of_template(line, line, ERROR) == categories.of_template("", line, ERROR)
    assert categories.of_template(line, "", ERROR).rule == "batch"
    assert categories.of_template("Feed stopped", "Feed stopped", ERROR).category is PREVENTIVE
    assert categories.of_template("panic: no", "panic: no", ERROR).rule == "process died"


def test_a_wrong_expression_is_said_with_its_rule() -> None:
    with pytest.raises(SettingsError, match="category 'mine' in the settings is wrong"):
        Categories([own("mine", "(", "normal")])
    with pytest.raises(SettingsError, match="mine"):
        Categories([own("mine", "a(?=b)", "normal")])


def test_a_line_of_a_megabyte_is_looked_at_at_its_start_only() -> None:
    line = "x" * 1_000_000 + " panic: no"
    assert Categories().of_template(line, line, UNKNOWN).category is NORMAL


def event(kind: EventKind, reason: str, **more) -> ClusterEvent:
    return ClusterEvent(0, 0, kind, reason, **more)


@pytest.mark.parametrize(
    ("what", "category", "rule"),
    [
        (event(EventKind.OOM_KILLED, "OOMKilling", is_warning=True), INCIDENT, "Kubernetes reason OOMKilling"),
        (event(EventKind.BACK_OFF, "BackOff", is_warning=True), INCIDENT, "Kubernetes reason BackOff"),
        (event(EventKind.RESTART, "Error", exit_code=1), INCIDENT, "exit code 1"),
        (event(EventKind.RESTART, "Completed", exit_code=0), NORMAL, "nothing special"),
        (event(EventKind.PROBE_FAILED, "Unhealthy", is_warning=True), INCIDENT, "Kubernetes warning Unhealthy"),
        (event(EventKind.NODE, "NodeHasDiskPressure"), PREVENTIVE, "Kubernetes reason NodeHasDiskPressure"),
        (
            event(EventKind.OTHER, "DNSConfigForming", is_warning=True),
            PREVENTIVE,
            "Kubernetes warning DNSConfigForming",
        ),
        (event(EventKind.ROLLOUT, "ScalingReplicaSet"), NORMAL, "nothing special"),
    ],
)
def test_events_are_sorted_by_what_they_mean(what: ClusterEvent, category: Category, rule: str) -> None:
    verdict = Categories().of_event(what)
    assert (verdict.category, verdict.rule) == (category, rule)


def test_rules_of_the_user_are_asked_of_events_too() -> None:
    categories = Categories([own("probes", "^Unhealthy: Liveness", "preventive_action")])
    probe = event(EventKind.PROBE_FAILED, "Unhealthy", is_warning=True, message="Liveness probe failed")
    assert categories.of_event(probe).rule == "probes"
