"""Is what was changed, or what died, named as the first cause, and not who complains most?"""

from __future__ import annotations

import pytest
from cause_checks import cause_of, cited_text
from shop_world import (
    BANK,
    CHANGE,
    CHECKOUT,
    INGRESS,
    MAILER,
    PAYMENTS,
    POSTGRES,
    STOP,
    STOREFRONT,
    Shop,
    called,
    payments_out_of_memory,
)

from hallucino_tui.insight.cluster_events import EventKind
from hallucino_tui.insight.report.make import make_report

NEW_PAYMENTS = "payments-6b8d5c7f9-zz9zz"
NEW_BANK = "bank-5c9d8b7f6-qq2qq"
NEW_CHECKOUT = "checkout-7f4c9c5c59-gt4mq"
NEW_STOREFRONT = "storefront-6b8d5c7f9-kkk22"
UPSTREAM = 'while connecting to upstream, client: 10.244.0.1, upstream: "http://10.96.41.9:8000/order"'


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("rolled", [True, False])
def test_a_workload_that_was_killed_for_want_of_memory_is_named(seed, rolled):
    shop = payments_out_of_memory(seed, rolled=rolled)
    cause = cause_of(shop)
    assert cause.workload == "payments"
    assert "OOMKilled" in cited_text(shop, cause)
    if rolled:
        assert "`receipt_cache_seconds` `86400` (before `5`)" in cause.text


@pytest.mark.parametrize("with_events", [True, False])
def test_a_certificate_that_ran_out_is_found_where_it_is_served(with_events):
    shop = Shop(3, broken=(CHANGE + 3, STOP))
    shop.roll(CHANGE, PAYMENTS, NEW_PAYMENTS)
    shop.say(CHANGE + 3, NEW_PAYMENTS, shop.payments_start(), shop.certificate("Nov 22 20:00:00 2026 GMT"))
    for at in shop.fail(CHANGE + 4):
        shop.checkout_fails(at, called("payments", "[SSL: CERTIFICATE_VERIFY_FAILED] certificate has expired"))
    cause = cause_of(shop, with_events=with_events)
    assert cause.workload == "payments"
    assert "Nov 22 20:00:00 2026" in cause.text


@pytest.mark.parametrize("with_events", [True, False])
def test_a_slow_service_that_says_nothing_is_found_by_its_rollout_and_its_callers(with_events):
    shop = Shop(6, broken=(CHANGE + 8, STOP))
    shop.roll(CHANGE, BANK, NEW_BANK)
    shop.say(CHANGE + 4, NEW_BANK, *shop.bank_start("remote model"))
    for at in shop.fail(CHANGE + 10, rate=1.0):
        slow = called("bank", "Read timed out. (read timeout=2)", 9000)
        shop.say(at, PAYMENTS, f'level=warn msg="bank does not answer, trying again" error="{slow}"')
        shop.say(at + 2, PAYMENTS, f'level=error msg="charge failed" error="bank did not answer" order={int(at)}')
        shop.checkout_fails(at + 2, called("payments", "Read timed out."))
    cause = cause_of(shop, with_events=with_events)
    assert cause.workload == "bank"
    assert "remote model" in cause.text


def test_a_service_that_is_slow_is_found_though_nobody_complains():
    shop = Shop(14)
    shop.roll(CHANGE, BANK, NEW_BANK)
    shop.say(CHANGE + 4, NEW_BANK, *shop.bank_start("remote model"))
    for at in shop.fail(CHANGE + 8):
        ms, request = shop.chance.randint(1800, 3900), shop.request()
        shop.say(at, PAYMENTS, f'level=info msg="charge ok" order={int(at * 50)} ms={ms} request_id={request}')
        shop.say(at, STOREFRONT, f"INFO    [8] storefront: POST /order -> 200 in {ms} ms (request_id={request})")
    assert cause_of(shop).workload == "bank"


def test_a_rollout_whose_image_cannot_be_had_is_found_without_any_line():
    shop = Shop(7)
    shop.roll(CHANGE, CHECKOUT, NEW_CHECKOUT)
    message = 'Failed to pull image "shop/checkout:1.15.9": rpc error: code = NotFound desc = not found'
    shop.warn(CHANGE + 3, EventKind.IMAGE, "Failed", message, NEW_CHECKOUT)
    shop.warn(CHANGE + 9, EventKind.IMAGE, "BackOff", 'Back-off pulling image "shop/checkout:1.15.9"', NEW_CHECKOUT)
    cause = cause_of(shop)
    assert cause.workload == "checkout"
    assert "shop/checkout:1.15.9" in cause.text


def test_a_node_that_goes_away_is_named():
    shop = Shop(8, broken=(CHANGE + 5, STOP))
    message, about = "Node node2 status is now: NodeNotReady", {"object_kind": "Node", "object_name": "node2"}
    shop.happen(CHANGE, EventKind.NODE, "NodeNotReady", message, "", is_warning=True, **about)
    for at in shop.fail(CHANGE + 5):
        shop.say(at, MAILER, 'ERROR:mailer:connection to server at "postgres", port 5432 failed: No route to host')
        shop.checkout_fails(at, called("payments", "No route to host"))
    assert cause_of(shop).workload == "node2"


def test_a_probe_that_is_wrong_is_found_by_the_rollout_and_the_restarts():
    shop = Shop(9, broken=(CHANGE + 20, STOP))
    shop.roll(CHANGE, STOREFRONT, NEW_STOREFRONT)
    shop.say(CHANGE + 2, NEW_STOREFRONT, *shop.storefront_start())
    probe, killing = "Liveness probe failed: HTTP probe failed with statuscode: 404", "failed liveness probe"
    for second in (15, 45, 75):
        shop.warn(CHANGE + second, EventKind.PROBE_FAILED, "Unhealthy", probe, NEW_STOREFRONT)
        shop.warn(CHANGE + second + 1, EventKind.RESTART, "Killing", killing, NEW_STOREFRONT)
    for at in shop.fail(CHANGE + 20):
        shop.say(at, INGRESS, f"[error] 8#8: *403 connect() failed (111: Connection refused) {UPSTREAM}")
    assert cause_of(shop).workload == "storefront"


@pytest.mark.parametrize("lead", [12, 45])
def test_a_job_that_locks_tables_is_found_although_it_does_not_complain(lead):
    shop = Shop(10, broken=(CHANGE, STOP))
    job, why = "orders-migration-x2x9k", "canceling statement due to lock timeout"
    shop.run_job(CHANGE - lead, "orders-migration", job)
    shop.say(CHANGE - lead + 2, job, "orders-migration: rewriting table orders")
    for at in shop.fail(CHANGE):
        shop.say(at, POSTGRES, f"[422] shop@shop [unknown] ERROR:  {why}")
        shop.say(at, MAILER, f"ERROR:mailer:psycopg.errors.LockNotAvailable: {why}")
        shop.checkout_fails(at, f"psycopg.errors.LockNotAvailable: {why}")
    assert cause_of(shop).workload == "orders-migration"


def test_a_harmless_rollout_shortly_before_is_not_blamed_for_a_death_elsewhere():
    shop = payments_out_of_memory(11, rolled=False)
    shop.roll(CHANGE + 15, MAILER, "mailer-6b8d5c7f9-kkk22")
    shop.say(CHANGE + 17, "mailer-6b8d5c7f9-kkk22", "INFO:mailer:mailer started, queue=mail")
    assert cause_of(shop).workload == "payments"


def test_a_name_server_that_was_changed_is_found_although_others_are_named():
    shop = Shop(12, broken=(CHANGE + 6, STOP))
    shop.scale(CHANGE, "coredns", "Scaled up replica set coredns-6b8d5c7f9 from 0 to 2", EventKind.ROLLOUT)
    why = "Temporary failure in name resolution"
    for at in shop.fail(CHANGE + 6):
        shop.say(at, PAYMENTS, f'level=error msg="charge failed" error="Failed to resolve \'bank\' ([Errno -3] {why})"')
        shop.checkout_fails(at, f'could not translate host name "postgres" to address: {why}', "not ready")
    assert cause_of(shop).workload == "coredns"


def test_more_load_is_named_where_it_comes_from_or_where_it_hits():
    shop = Shop(13)
    shop.scale(CHANGE, "loadgen", "Scaled up replica set loadgen-6b8d5c7f9 from 1 to 20")
    for at in shop.fail(CHANGE + 10):
        shop.checkout_fails(at, "queue full, request dropped")
    assert cause_of(shop).workload in {"loadgen", "checkout"}


def test_settings_that_a_program_reads_while_it_runs_are_a_change():
    shop = Shop(17, broken=(CHANGE, STOP))
    shop.say(CHANGE - 4, PAYMENTS, 'level=info msg="configuration reloaded" bank_url=http://bnak:9000')
    for at in shop.fail(CHANGE):
        why = called("bnak", "Name or service not known", 9000)
        shop.say(at, PAYMENTS, f'level=error msg="charge failed" error="{why}"')
        shop.refuse(at, "checkout answered POST /checkout with 502")
    cause = cause_of(shop)
    assert cause.workload == "payments"
    assert "configuration reloaded" in cited_text(shop, cause)


@pytest.mark.parametrize("seed", range(6))
def test_a_quiet_shop_has_no_incident(seed):
    report = make_report(Shop(100 + seed).evidence())
    assert not report.is_incident
    assert report.first_cause is None


@pytest.mark.parametrize("seed", range(3))
def test_a_harmless_rollout_is_no_incident(seed):
    shop = Shop(200 + seed)
    shop.roll(CHANGE, CHECKOUT, NEW_CHECKOUT)
    shop.say(
        CHANGE + 2, NEW_CHECKOUT, "[1] [INFO] Listening at: http://0.0.0.0:8001 (1)", shop.checkout_start("1.14.3")
    )
    report = make_report(shop.evidence())
    assert not report.is_incident
    assert report.first_cause is None
    assert any("rollout" in one.text for one in report.statements)
