"""Is who is at fault found although something else was changed shortly before, and is a change that matters seen?"""

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
    as_json,
    called,
    payments_out_of_memory,
)

from hallucino_tui.insight.cluster_events import EventKind

NEW_MAILER = "mailer-6b8d5c7f9-kkk22"
NEW_PAYMENTS = "payments-6b8d5c7f9-zz9zz"
NEW_CHECKOUT = "checkout-584668d464-gt4mq"
EXPIRED = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate has expired"


def bank_does_not_answer(seed: int) -> Shop:
    """Return a shop whose bank is slow, so that payments and all in front of them fail."""
    shop = Shop(seed, broken=(CHANGE, STOP))
    for at in shop.fail(CHANGE, rate=1.0):
        slow = called("bank", "Read timed out. (read timeout=2)", 9000)
        shop.say(at, PAYMENTS, f'level=error msg="charge failed" error="{slow}" order={int(at)}')
        shop.checkout_fails(at + 0.5, called("payments", "Read timed out."))
    return shop


@pytest.mark.parametrize("lead", [2, 15, 40])
def test_a_harmless_rollout_with_a_new_version_is_not_blamed_for_who_is_named(lead):
    shop = bank_does_not_answer(20)
    shop.say(1, MAILER, "INFO:mailer:version=2.1.0")
    shop.roll(CHANGE - lead, MAILER, NEW_MAILER)
    shop.say(CHANGE - lead + 1, NEW_MAILER, "INFO:mailer:mailer started, queue=mail", "INFO:mailer:version=2.1.1")
    assert cause_of(shop).workload == "bank"


def test_a_rollout_is_blamed_where_nobody_names_anybody():
    shop = Shop(21, broken=(CHANGE, STOP))
    shop.roll(CHANGE - 5, MAILER, NEW_MAILER)
    for at in shop.fail(CHANGE):
        shop.say(at, INGRESS, "[error] 8#8: upstream sent too big header")
    assert cause_of(shop).workload == "mailer"


@pytest.mark.parametrize(("said", "blamed"), [("exporting 1200 rows", "bank"), ("asking http://bank:9000", "export")])
def test_a_job_is_blamed_for_a_server_that_only_some_use_if_it_uses_it(said, blamed):
    shop = bank_does_not_answer(22)
    shop.run_job(CHANGE - 20, "export", "export-x2x9k")
    shop.say(CHANGE - 19, "export-x2x9k", f"export: {said}")
    assert cause_of(shop).workload == blamed


def test_a_restart_of_somebody_else_is_not_blamed_for_a_database_that_was_killed():
    shop = Shop(23, broken=(CHANGE, STOP))
    shop.roll(CHANGE - 16, PAYMENTS, NEW_PAYMENTS)
    shop.say(CHANGE - 14, NEW_PAYMENTS, shop.payments_start(), shop.certificate("Feb 20 22:23:53 2027 GMT"))
    shop.say(CHANGE, POSTGRES, "[1] LOG:  server process (PID 88) was terminated by signal 9: Killed")
    for at in shop.fail(CHANGE):
        shop.say(at, POSTGRES, "[422] shop@shop [unknown] FATAL:  the database system is in recovery mode")
        shop.checkout_fails(at, "psycopg.OperationalError: the database system is in recovery mode", "not ready")
    assert cause_of(shop).workload == "postgres"


@pytest.mark.parametrize("more", [True, False])
def test_a_rollout_that_brings_traffic_is_blamed_for_what_breaks_behind_it(more):
    shop = Shop(24)
    old, new = "loadgen-544d87bb8c-5l4cg", "loadgen-6b9c5d7f48-lv8wc"
    shop.say(1, old, "target http://ingress")
    shop.roll(CHANGE, old, new)
    shop.say(CHANGE + 2, new, "target http://ingress")
    for at in shop.fail(CHANGE + 2, rate=20.0 if more else 0.5):
        shop.say(at, INGRESS, f'10.244.0.1 - - "POST /order HTTP/1.1" 200 31 rt=0.043 rid={shop.request()}')
    for at in shop.fail(CHANGE + 10):
        shop.checkout_fails(at, "connection to postgres:5432 timed out", "no connection")
    assert cause_of(shop).workload == ("loadgen" if more else "postgres")


@pytest.mark.parametrize("is_shared", [True, False])
def test_a_change_does_not_shield_who_suffers_like_its_old_pods(is_shared):
    shop = Shop(25, broken=(CHANGE, STOP))
    shop.scale(CHANGE - 7, "checkout", "Scaled up replica set checkout-584668d464 from 1 to 2")
    shop.say(CHANGE - 5, NEW_CHECKOUT, "[1] [INFO] Listening at: http://0.0.0.0:8001 (1)", shop.checkout_start())
    for at in shop.fail(CHANGE):
        error = as_json(level="error", msg="payment failed", error=called("payments", EXPIRED))
        shop.say(at, NEW_CHECKOUT, error)
        if is_shared:
            shop.say(at, CHECKOUT, error)
        shop.refuse(at, "checkout answered POST /checkout with 502")
    assert cause_of(shop).workload == ("payments" if is_shared else "checkout")


@pytest.mark.parametrize("port", ["", ":5432"])
def test_the_address_of_a_client_is_not_what_a_server_calls(port):
    shop = Shop(26, broken=(CHANGE, STOP))
    probe = 'Readiness probe failed: Get "http://10.244.0.25:8001/ready": EOF'
    shop.warn(20, EventKind.PROBE_FAILED, "Unhealthy", probe, CHECKOUT)
    for at in shop.fail(CHANGE):
        shop.say(
            at - 0.1, PAYMENTS, f'level=error msg="connection failed" client=10.244.0.25{port} err="bad certificate"'
        )
        shop.checkout_fails(at, called("payments", EXPIRED))
    cause = cause_of(shop)
    assert cause.workload == "payments"
    assert not any("payments name it" in reason and "client" not in reason for reason, _ in cause.reasons)


def test_a_client_that_is_only_mentioned_otherwise_is_not_called():
    shop = Shop(32, broken=(CHANGE, STOP))
    for at in shop.fail(CHANGE):
        shop.say(at - 0.1, PAYMENTS, 'level=error msg="no handshake" client=checkout err="bad certificate"')
        shop.say(at - 0.1, PAYMENTS, 'level=error msg="charge of checkout not begun" err="no session"')
        shop.checkout_fails(at, called("payments", EXPIRED))
    cause = cause_of(shop)
    assert cause.workload == "payments"


@pytest.mark.parametrize("at", [40, 60])
def test_a_size_of_nothing_is_a_change_however_soon_after_the_set_up(at):
    shop = Shop(27, broken=(at, STOP))
    shop.scale(at, "checkout", "Scaled down replica set checkout-584668d464 from 1 to 0")
    for moment in shop.fail(at + 1):
        shop.refuse(moment, called("checkout", "Connection refused", 8001))
    cause = cause_of(shop)
    assert cause.workload == "checkout"
    assert "a change of its size" in cause.text


def test_what_makes_room_for_a_rollout_is_no_change_of_its_own():
    shop = payments_out_of_memory(28, rolled=True)
    shop.scale(CHANGE + 5, "payments", "Scaled down replica set payments-787868796 from 1 to 0")
    assert "a rollout" in cause_of(shop).text


@pytest.mark.parametrize("rolled", [True, False])
def test_want_of_memory_is_said_although_the_pod_remembers_only_its_last_death(rolled):
    shop = payments_out_of_memory(29, rolled=rolled)
    pod = NEW_PAYMENTS if rolled else PAYMENTS
    shop.events = [event for event in shop.events if event.kind is not EventKind.OOM_KILLED]
    back_off = "Back-off restarting failed container payments"
    shop.warn(CHANGE + 32, EventKind.BACK_OFF, "BackOff", back_off, pod)
    shop.warn(CHANGE + 95, EventKind.OOM_KILLED, "OOMKilled", "payments ended: OOMKilled; restart 3", pod)
    cause = cause_of(shop)
    assert cause.workload == "payments"
    assert "a container was killed for want of memory" in cause.text
    assert "OOMKilled" in cited_text(shop, cause)


@pytest.mark.parametrize(("second", "is_known"), [(40, False), (4, True)])
def test_what_old_pods_said_too_or_what_comes_late_is_no_first_word(second, is_known):
    shop = Shop(30, broken=(CHANGE + 50, STOP))
    new, word = "storefront-6b8d5c7f9-kkk22", "[1] [INFO] Handling signal: term"
    if is_known:
        shop.say(70, STOREFRONT, word)
    shop.roll(CHANGE, STOREFRONT, new)
    shop.say(CHANGE + 2, new, *shop.storefront_start())
    shop.say(CHANGE + 2 + second, new, word)
    for at in shop.fail(CHANGE + 50):
        shop.say(at, new, "ERROR   [8] storefront: cannot open /tmp/cache: Permission denied")
    cause = cause_of(shop)
    assert cause.workload == "storefront"
    assert "what none said before" not in cause.text


def test_an_error_is_quoted_before_an_answer_that_only_failed():
    shop = Shop(31, broken=(CHANGE, STOP))
    shop.roll(CHANGE - 3, BANK, "bank-5c9d8b7f6-qq2qq")
    for at in shop.fail(CHANGE):
        shop.say(at, "bank-5c9d8b7f6-qq2qq", 'E "POST /authorize HTTP/1.1" 500 12', "E risk model cannot be loaded")
    cause = cause_of(shop)
    assert "risk model cannot be loaded" in cause.text
    assert " s before the first trouble" in cause.text
