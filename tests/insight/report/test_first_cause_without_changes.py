"""Where nothing was changed, do names, ports and words in the errors of others lead to who is at fault?"""

from __future__ import annotations

import pytest
from cause_checks import cause_of
from evidence_world import World
from shop_world import CHANGE, CHECKOUT, MAILER, STOP, STOREFRONT, Shop, called

FULL = "command not allowed when used memory > 'maxmemory'."
TRACE = (
    "ERROR:mailer:could not read the queue, will go on in 1 s",
    "Traceback (most recent call last):",
    '  File "/opt/pylib/redis/connection.py", line 524, in read_response',
    f"redis.exceptions.OutOfMemoryError: {FULL}",
)


def test_a_certificate_that_runs_out_by_itself_is_found_by_who_is_named():
    shop = Shop(4, broken=(CHANGE, STOP))
    for at in shop.fail(CHANGE):
        shop.checkout_fails(at, called("payments", "certificate has expired"))
    assert cause_of(shop).workload == "payments"


@pytest.mark.parametrize("with_events", [True, False])
def test_a_cache_that_is_full_is_found_by_what_its_clients_say(with_events):
    shop = Shop(5)
    for at in shop.fail(CHANGE, rate=1.0):
        shop.say(at, MAILER, *TRACE)
        shop.checkout_fails(at, f"OutOfMemoryError: {FULL} (redis:6379)", "could not queue mail")
    assert cause_of(shop, with_events=with_events).workload == "redis"


def test_a_cache_is_found_by_words_that_only_it_says():
    shop = Shop(15)
    for at in shop.fail(CHANGE, rate=1.0):
        shop.checkout_fails(at, f"OutOfMemoryError: {FULL}", "could not queue mail")
    assert cause_of(shop).workload == "redis"


def test_who_is_named_comes_before_who_names_it():
    world = World()
    for second in range(120):
        world.say(second, STOREFRONT, f"INFO storefront: GET / -> 200 in {second % 40} ms")
        world.say(second, CHECKOUT, f"INFO checkout: order {second} placed")
    for second in range(120, 180):
        world.say(second, STOREFRONT, "ERROR storefront: http://checkout:8001/products: connection refused")
        world.say(second, CHECKOUT, "ERROR checkout: cannot open /data/prices.db: I/O error")
    assert cause_of(world).workload == "checkout"


def test_a_program_that_ends_with_a_trace_is_an_incident_however_short_its_log():
    world = World()
    said = "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)"
    for second in range(12):
        world.say(second, STOREFRONT, f"INFO storefront: step {second} of the start is done")
    world.say(12, STOREFRONT, "ERROR storefront: cannot start", "Traceback (most recent call last):")
    world.say(12, STOREFRONT, '  File "/app/main.py", line 9, in <module>', "    run()", said)
    cause = cause_of(world)
    assert cause.workload == "storefront"
    assert f"`{said}`" in cause.text
