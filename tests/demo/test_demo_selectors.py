from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.demo.pods import PodPlan
from hallucino_tui.demo.selectors import build_filter, parse_fields, parse_labels
from hallucino_tui.demo.status_errors import ApiError

if TYPE_CHECKING:
    from demo_http import Client

NAMES = st.sampled_from(["app", "tier", "x.io/name", "n-1"])
VALUES = st.sampled_from(["web", "db", "1", "20", "a_b.c"])
LABELS = st.dictionaries(NAMES, VALUES)

# Each condition as its text and as a plain function of the labels.
CONDITIONS = st.one_of(
    st.tuples(NAMES, VALUES).map(lambda p: (f"{p[0]}={p[1]}", lambda own: own.get(p[0]) == p[1])),
    st.tuples(NAMES, VALUES).map(lambda p: (f"{p[0]} == {p[1]}", lambda own: own.get(p[0]) == p[1])),
    st.tuples(NAMES, VALUES).map(lambda p: (f"{p[0]}!={p[1]}", lambda own: own.get(p[0]) != p[1])),
    NAMES.map(lambda name: (name, lambda own: name in own)),
    NAMES.map(lambda name: (f"!{name}", lambda own: name not in own)),
    st.tuples(NAMES, st.sets(VALUES, min_size=1)).map(
        lambda p: (f"{p[0]} in ({', '.join(sorted(p[1]))})", lambda own: own.get(p[0]) in p[1])
    ),
    st.tuples(NAMES, st.sets(VALUES, min_size=1)).map(
        lambda p: (f"{p[0]} notin ({','.join(sorted(p[1]))})", lambda own: own.get(p[0]) not in p[1])
    ),
    NAMES.map(lambda name: (f"{name}>5", lambda own: own.get(name, "x").isdigit() and int(own[name]) > 5)),
    NAMES.map(lambda name: (f"{name}<5", lambda own: own.get(name, "x").isdigit() and int(own[name]) < 5)),
)


@given(st.lists(CONDITIONS, min_size=1, max_size=4), LABELS)
def test_labels_are_selected_as_a_plain_function_would(conditions, labels) -> None:
    passes = build_filter(parse_labels(",".join(text for text, _ in conditions)), ())
    assert passes is not None
    assert passes({"metadata": {"labels": labels}}) == all(holds(labels) for _, holds in conditions)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a=b c", "found 'c', expected: ',' or 'end of string'"),
        ("a,,b", "found ',', expected: identifier after ','"),
        ("=a", "unable to parse requirement: found '=', expected: identifier"),
        ("a in b", "unable to parse requirement: found 'b' expected: '('"),
        ("a>b", "must be an integer"),
        ("a is b", "unable to parse requirement: found 'is', expected: in, notin, =, ==, !=, gt, lt"),
        ("a in (b", "expected: ',' or ')'"),
    ],
)
def test_what_is_no_label_selector(text, message) -> None:
    with pytest.raises(ApiError) as caught:
        parse_labels(text)
    assert caught.value.code == 400
    assert message in caught.value.body["message"]


@given(st.text(alphabet="a=!,()<> in", max_size=12))
def test_any_text_is_a_selector_or_a_bad_request(text) -> None:
    codes = []
    with contextlib.suppress(ApiError):
        build_filter(parse_labels(text), ())
        codes.append(200)
    try:
        parse_fields(text, ())
    except ApiError as error:
        codes.append(error.code)
    assert set(codes) <= {200, 400}


def test_fields() -> None:
    pod = {"metadata": {"name": "a,b", "namespace": "n"}, "spec": {"nodeName": "w"}, "status": {"phase": "Running"}}
    allowed = ("status.phase", "spec.nodeName", "spec.hostNetwork")
    for text, expected in (
        ("status.phase=Running", True),
        ("status.phase==Running,spec.nodeName=w", True),
        ("status.phase!=Running", False),
        (r"metadata.name=a\,b", True),
        ("spec.hostNetwork=", True),
        ("metadata.namespace=other", False),
        ("", None),
    ):
        passes = build_filter((), parse_fields(text, allowed))
        assert (passes(pod) if passes else None) == expected
    for text in ("nonsense", "status.podIP=1"):
        with pytest.raises(ApiError) as caught:
            parse_fields(text, allowed)
        assert caught.value.code == 400


async def test_over_http(cluster, client: Client) -> None:
    for name, app in (("a", "web"), ("b", "web"), ("c", "db")):
        cluster.world.add_pod("n", name, plan=PodPlan(labels={"app": app}))

    async def names(query: str) -> list[str]:
        answer = await client.get(f"/api/v1/pods?{query}")
        return [item["metadata"]["name"] for item in json.loads(answer.body)["items"]]

    assert await names("labelSelector=app%3Dweb") == ["a", "b"]
    assert await names("labelSelector=app%20notin%20(web)") == ["c"]
    assert await names("fieldSelector=metadata.name%3Db") == ["b"]
    assert await names("fieldSelector=metadata.name%21%3Db&labelSelector=app") == ["a", "c"]
    paged = json.loads((await client.get("/api/v1/pods?labelSelector=app%3Dweb&limit=1")).body)
    assert paged["metadata"]["continue"]
    assert "remainingItemCount" not in paged["metadata"]  # the real server does not count behind a selector
    assert (await client.get("/api/v1/pods?fieldSelector=spec.color%3Dred")).status == 400
