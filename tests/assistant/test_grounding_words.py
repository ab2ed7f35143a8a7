"""What a claim says in other words than its lines, whom it names, and what it makes up."""

from __future__ import annotations

import pytest

from hallucino_tui.assistant.grounding.check import check
from hallucino_tui.assistant.grounding.claim import Source, Verdict

PULLED = '2026-03-03T02:11:09Z I0303 kubelet "Pulling image" image="registry.local/shop/cart:2.4.1" pod="cart-0"'
BACK_OFF = (
    "2026-03-01T10:00:01Z Warning BackOff Pod/billing-7c9d8f6b5-x2x4q: Back-off restarting failed container billing"
)
UPSTREAM = (
    "2026/03/01 10:00:01 [error] 29#29: *42 upstream timed out while reading response header "
    'from upstream, client: 10.2.0.9, request: "GET /report HTTP/1.1"'
)
REFUSED = '2026-03-01 10:00:01 UTC [88] pgadmin@metrics FATAL:  password authentication failed for user "pgadmin"'
PUT = '{"level":"info","msg":"request","method":"PUT","path":"/cart/7","status":409,"ms":12}'
KEY_ERROR = '{"level":"error","logger":"jobs","error":"KeyError","detail":"\'sku\'","msg":"job failed"}'
QUEUED = '2026-03-03T02:11:09Z {"level":"info","msg":"worker started","worker_id":"w-17","queue":"emails"}'
MAIL = (
    "Mar  3 02:11:09 mx1 postfix/smtp[881]: 9F1C2: to=<anna@example.org>, delay=30, status=deferred (connect to "
    "mx.example.org[203.0.113.9]:25: Connection timed out)"
)
LOGIN = "Mar  3 02:11:09 web sshd[771]: Accepted publickey for deploy from 198.51.100.20 port 50022 ssh2"
ROOT = "Mar  1 10:00:01 gw sshd[311]: Failed password for invalid user oracle from 198.51.100.7 port 4022 ssh2"
PLACED = "2026-03-03T02:11:09Z Normal Scheduled Pod/cart-5d9f7c6b4-qw3rt: Assigned shop/cart-5d9f7c6b4-qw3rt to n7"
WORKER = (
    '2026-03-03 02:11:09 UTC [31] LOG:  background worker "logical replication launcher" (PID 37) exited with code 1'
)
REDO = "2026-03-03 02:11:09 UTC [48] LOG:  redo starts at 0/7B57DC0"
QUORUM = "2026-03-03 02:11:09,976 - WARN [QuorumCnxManager$SendWorker@679] - Interrupted while waiting for message"
FAN = "292663 rack-7 fan 1121581239 1 Fan speeds ( 3552 3534 3375 **** 3515 3479 )"
CACHED = "17/06/09 20:10:46 INFO storage.MemoryStore: Block broadcast_8 stored as values in memory (free 317.0 KB)"
OOM = "2026-03-03T02:11:09Z OOMKilled Pod/cart-5d9f7c6b4-qwert container cart exit code 137"


def verdict(claim: str, line: str) -> Verdict:
    claims = check(f"{claim} [L1].", [Source(line, line)]).claims
    assert len(claims) == 1
    return claims[0].verdict


@pytest.mark.parametrize(
    ("claim", "line"),
    [
        ("The kubelet is fetching version 2.4.1 of the cart image", PULLED),
        ("k8s pulls shop/cart:2.4.1 from registry.local", PULLED),
        ("The restart of the container billing has been put off", BACK_OFF),
        ("The billing pod is affected by a crash loop", BACK_OFF),
        ("nginx gave up waiting for the upstream on GET /report", UPSTREAM),
        ("The backend took too long to answer the GET /report of 10.2.0.9", UPSTREAM),
        ("An out-of-memory kill ended the container cart", OOM),
        ("WAL replay began at 0/7B57DC0", REDO),
        ("broadcast_8 was cached, which left 317 KB free", CACHED),
        ("The mail to anna@example.org was put off since mx.example.org did not answer in time", MAIL),
        ("deploy logged in over SSH with a public key", LOGIN),
        ("cart-5d9f7c6b4-qw3rt was placed on n7", PLACED),
        ("Node n7 was chosen for the cart pod", PLACED),
        ("The logical replication launcher left with code 1", WORKER),
    ],
)
def test_a_right_claim_in_other_words_is_supported(claim: str, line: str) -> None:
    assert verdict(claim, line) is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "line"),
    [
        ("The image 2.4.1 was rolled back", PULLED),
        ("The container billing was migrated to another node", BACK_OFF),
        ("The pod billing was moved to quarantine", BACK_OFF),
        ("The billing pod was put on the blacklist", BACK_OFF),
        ("The upstream was restarted while GET /report was under way", UPSTREAM),
        ("The request of 10.2.0.9 was retried on another upstream", UPSTREAM),
        ("The mail to anna@example.org was quarantined", MAIL),
        ("198.51.100.7 was banned after the failed login of oracle", ROOT),
        ("The attempt of oracle from 198.51.100.7 was escalated", ROOT),
        ("A new leader was elected", QUORUM),
        ("The fan was replaced after the report", FAN),
        ("nginx drops the request of 10.2.0.9", UPSTREAM),
    ],
)
def test_an_event_that_no_line_tells_is_not_supported(claim: str, line: str) -> None:
    assert verdict(claim, line) is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "line"),
    [
        ("An operator restarted the container billing", BACK_OFF),
        ("An administrator typed a wrong password for oracle", ROOT),
        ("The container billing was restarted by the on-call team", BACK_OFF),
    ],
)
def test_people_whom_no_line_names_have_done_nothing(claim: str, line: str) -> None:
    assert verdict(claim, line) is not Verdict.SUPPORTED


def test_somebody_is_anybody_who_a_line_tells_of() -> None:
    assert verdict("Someone at 198.51.100.7 tried to log in as oracle", ROOT) is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("The password of the user pgadmin was wrong", "The password of the user admin was wrong", REFUSED),
        ("The user deploy came in with a key", "The user deployer came in with a key", LOGIN),
        ("The attempt was made on the user oracle", "The attempt was made on the user root", ROOT),
        ("The mail to anna@example.org was deferred", "The mail to hanna@example.org was deferred", MAIL),
        ("The worker w-17 of the emails queue came up", "The worker w-17 of the invoices queue came up", QUEUED),
        ("cart-5d9f7c6b4-qw3rt went to n7", "cart-5d9f7c6b4-qw3rd went to n7", PLACED),
        ("The replication launcher left with code 1", "The autovacuum launcher left with code 1", WORKER),
    ],
)
def test_a_name_that_is_almost_or_partly_that_of_the_line_is_another(right: str, wrong: str, line: str) -> None:
    assert verdict(right, line) is Verdict.SUPPORTED
    assert verdict(wrong, line) is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("`PUT /cart/7` came back with 409", "`POST /cart/7` came back with 409", PUT),
        ("The answer has `status=409`", "The answer has `status=12`", PUT),
        ("The job failed with `KeyError: 'sku'`", "The job failed with `KeyError: 'name'`", KEY_ERROR),
    ],
)
def test_a_quotation_may_put_fields_of_a_line_together_but_change_none(right: str, wrong: str, line: str) -> None:
    assert verdict(right, line) is Verdict.SUPPORTED
    assert verdict(wrong, line) is Verdict.UNSUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "The attempt came from 198.51.100.7 and not from 10.0.0.1",
        "The attempt was made on oracle rather than on admin",
        "sshd was asked for oracle instead of MySQL",
    ],
)
def test_what_something_was_not_need_not_stand_in_the_line(claim: str) -> None:
    assert verdict(claim, ROOT) is Verdict.SUPPORTED


@pytest.mark.parametrize("claim", ["The service rejects the user oracle", "The host gw refused oracle"])
def test_what_a_service_does_is_not_its_name(claim: str) -> None:
    assert verdict(claim, ROOT) is Verdict.SUPPORTED
