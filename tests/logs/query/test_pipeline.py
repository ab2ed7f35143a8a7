import pytest

from hallucino_tui.logs.query.line_state import Item
from hallucino_tui.logs.query.parser import parse
from hallucino_tui.logs.query.pipeline import Pipeline, Processed
from hallucino_tui.logs.severity import Level

LABELS = {"app": "shop", "pod": "web-1"}


def run(query: str, line: str, level: Level = Level.INFO) -> Processed | None:
    return Pipeline(parse(query)).run(line, LABELS, 1_795_381_260_000_000_000, level)


def found(query: str, line: str) -> dict[str, str]:
    """Return the labels that a query adds."""
    shown = run(query, line)
    assert shown is not None
    return {name: value for name, value in shown.labels.items() if name not in {"app", "pod", "level"}}


def test_a_line_comes_out_with_the_labels_of_its_stream_and_its_severity() -> None:
    assert run('|= "x"', "x", Level.WARN) == Processed("x", {**LABELS, "level": "warn"})


def test_a_line_that_does_not_pass_is_nothing() -> None:
    assert run('|= "y"', "x") is None
    assert run('{app="other"}', "x") is None
    assert run('{level="error"}', "x") is None
    assert run('{level=~"info|warn", pod=~"web.*"}', "x") is not None


def test_properties_become_labels() -> None:
    line = '{"app":"x","a":{"b":1.50,"c d":true,"1":"y"},"list":[1],"none":null,"9":"\\u00e9\\n","":1}'
    assert found("| json", line) == {"app_extracted": "x", "a_b": "1.50", "a_c_d": "true", "a_1": "y", "_9": "é\n"}


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("plain", {"__error_details__": "Value looks like object, but can't find closing '}' symbol"}),
        ('{"broken json":', {"__error_details__": "Malformed JSON error"}),
        ('{"a":1,"b":"x', {"a": "1", "__error_details__": "Value is string, but can't find closing '\"' symbol"}),
        ('{"a":1,"b":tru}', {"a": "1", "__error_details__": "Unknown value type"}),
        ('{"a":1,}', {"a": "1", "__error_details__": "Value looks like object, but can't find closing '}' symbol"}),
    ],
)
def test_a_line_that_is_no_json_says_so(line: str, labels: dict[str, str]) -> None:
    assert found("| json", line) == {"__error__": "JSONParserErr", **labels}


def test_what_follows_the_object_does_not_matter() -> None:
    assert found("| json", '{"a":1} and more') == {"a": "1"}


def test_named_values_are_taken_from_their_paths() -> None:
    line = '{"a":{"b":[1,{"c":"x"}],"n":null},"app":"y","o":{"p": 1}}'
    query = '| json c="a.b[1].c", n="a.n", app="app", o="o", list="a.b", nope="a.z"'
    assert found(query, line) == {
        "c": "x", "n": "", "app_extracted": "y", "o": '{"p": 1}', "list": '[1,{"c":"x"}]', "nope": "",
    }  # fmt: skip
    assert found('| json a="a"', "no json") == {"__error__": "JSONParserErr"}
    assert found('| json a="a"', "") == {}


def test_values_of_a_line_that_was_cut_off_are_taken_as_far_as_they_go() -> None:
    assert found('| json x="a.b", y="c"', '{"a":{"b":1,"d":"e') == {"x": "1", "y": ""}
    assert found('| json x="a[1]"', '{"a":[1,2') == {"x": "2"}
    assert found('| json x="a"', '{"a":"b')["__error__"] == "JSONParserErr"


def test_pairs_become_labels() -> None:
    line = 'a=1 b="x \\"y\\"" c= d app=z a=2 e-f=3 =bad g=h=i "j" k="\\u00e9"l=m'
    assert found("| logfmt", line) == {"a": "1", "b": 'x "y"', "app_extracted": "z", "e_f": "3", "k": "é", "l": "m"}
    assert found("| logfmt --keep-empty", "a= b c=1") == {"a": "", "b": "", "c": "1"}
    assert found("| logfmt --strict", "a=1 =x b=2") == {
        "a": "1",
        "__error__": "LogfmtParserErr",
        "__error_details__": "logfmt syntax error at pos 5 : unexpected '='",
    }


def test_named_pairs_are_taken() -> None:
    assert found('| logfmt x="a", b, app', "a=1 a=2 c=3 app=z") == {"x": "2", "b": "", "app_extracted": "z"}


def test_groups_and_captures_become_labels() -> None:
    assert found('| regexp "(?P<m>[A-Z]+) (?P<n>[0-9]+)?"', "GET x") == {"m": "GET", "n": ""}
    assert found('| regexp "(?P<m>[A-Z]+)"', "x") == {}
    assert found("| pattern `<m> <app>/<_> <n>`", "GET a/b c d") == {"m": "GET", "app_extracted": "a", "n": "c d"}
    assert found("| pattern `<m> <n>|<o>`", "GET a") == {"m": "GET", "n": "a"}
    assert found("| pattern `x<m>`", "ax1") == {}


def test_a_packed_line_is_unpacked() -> None:
    shown = run("| unpack", '{"app":"x","n":1,"k-k":"v","_entry":"the \\"line\\""}')
    assert shown is not None
    assert shown.line == 'the "line"'
    assert shown.labels == {**LABELS, "level": "info", "app_extracted": "x", "k_k": "v"}
    assert found("| unpack", '{"a":"b"}') == {}
    assert found("| unpack", "x")["__error__"] == "JSONParserErr"


def test_later_filters_see_the_changed_line() -> None:
    shown = run('| json | line_format "{{.a}}!" |= "1!" | label_format b=a, c="{{.a}}{{.b}}" | drop a', '{"a":1}')
    assert shown == Processed("1!", {**LABELS, "level": "info", "b": "1", "c": "1"})
    assert run('|= "red" | decolorize |= "31"', "\x1b[31mred") is None


def test_labels_are_dropped_and_kept() -> None:
    line = '{"a":1,"b":2,"c":3}'
    assert found('| json | drop a, b="3", c=~"[3]"', line) == {"b": "2"}
    kept = run('| json | keep a, b="3", app', line)
    assert kept is not None
    assert kept.labels == {"a": "1", "app": "shop"}
    assert found("| json | drop __error__, __error_details__", "x") == {}


def test_a_template_that_fails_leaves_the_line() -> None:
    shown = run('| line_format "{{.app | int | b64dec}}"', "x")
    assert shown is not None
    assert shown.line == "x"
    assert shown.labels["__error__"] == "TemplateFormatErr"


def test_many_lines_become_what_each_becomes() -> None:
    pipeline = Pipeline(parse('|= "a" | json | b > 1 | line_format "{{.b}}"'))
    lines = ['{"a":1,"b":2}', "a", '{"a":1,"b":"x"}', "b", ""]
    items = [Item(line, LABELS, 0, Level.INFO) for line in lines]
    assert pipeline.run_all(items) == [pipeline.run(*item) for item in items]
    assert pipeline.run_all([]) == []
