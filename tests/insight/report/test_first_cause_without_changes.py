"""Where nothing was changed, do names, ports and words in the errors of others lead to who is at fault?"""

from __future__ import annotations

import pytest
from cause_checks import cause_of
from evidence_world import World
from shop_world import CHANGE, CHECKOUT, MAILER, POSTGRES, STOP, STOREFRONT, Shop, called

from hallucino_tui.insight.cluster_events import EventKind

CART = "cart-5d8f7b9c6-aa1aa"
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


def _shop_whose_cart_is_killed(at: int) -> World:
    world = World()
    for second in range(200):
        world.say(second, STOREFRONT, f"INFO storefront: GET / -> 200 in {second % 40} ms")
        world.say(second, CHECKOUT, f"INFO checkout: order {second} placed")
        world.say(second, CART, f"INFO cart: cart {second} kept")
        world.say(second, POSTGRES, f"LOG: checkpoint {second} complete")
    for second in range(120, 200):
        world.say(second, POSTGRES, "FATAL: sorry, too many clients already")
        world.say(second, CHECKOUT, "ERROR checkout: connection to postgres:5432 refused: too many clients already")
    for second in range(at + 2, 200):
        world.say(second, STOREFRONT, "ERROR storefront: http://cart:8080/items: connection refused")
    message = "cart ended: exit code 137, OOMKilled; restart 1"
    world.happen(at, EventKind.OOM_KILLED, "OOMKilled", message, "cart", pod=CART, exit_code=137)
    return world


def test_who_dies_after_others_were_in_trouble_is_not_what_it_began_with():
    assert cause_of(_shop_whose_cart_is_killed(124)).workload == "postgres"


def test_what_was_there_before_a_death_is_not_said_to_be_hit_by_it():
    world = World()
    for second in range(200):
        world.say(second, STOREFRONT, f"INFO storefront: GET / -> 200 in {second % 40} ms")
        world.say(second, CART, f"INFO cart: cart {second} kept")
    for second in range(120, 200):
        world.say(second, STOREFRONT, "ERROR storefront: http://cart:8080/items: no answer in 2 s")
    message = "cart ended: exit code 137, OOMKilled; restart 1"
    world.happen(130, EventKind.OOM_KILLED, "OOMKilled", message, "cart", pod=CART, exit_code=137)
    cause = cause_of(world)
    assert cause.workload == "cart"
    assert "First hit" not in cause.text
    assert "In trouble before that: storefront, " in cause.text
