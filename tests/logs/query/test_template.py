"""Templates: what Go's text/template writes, with the functions of Loki."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.query.template import TemplateFailure, TemplateSyntaxError, parse_template

LABELS = {
    "a": "alpha",
    "b": "beta",
    "empty": "",
    "level": "error",
    "msg": "payment failed",
    "order_id": "5",
    "json": '{"x":1,"list":["p","q"],"deep":{"y":null,"z":true},"big":1000000}',
    "list": '[{"n":"one"},{"n":"two"}]',
}
LINE = "the line"
TIME = 1_656_353_124_120_000_000


def render(template: str) -> str:
    return parse_template(template).render(LABELS, LINE, TIME)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        # What Loki 3.7 answered to `line_format` and `label_format`.
        ("{{.level | ToUpper}} {{.msg}} {{.order_id}}", "ERROR payment failed 5"),
        ("{{.msg}}-1", "payment failed-1"),
        ("", ""),
        ("no action } }} { {", "no action } }} { {"),
        ("{{.a}}", "alpha"),
        ("{{.missing}}", ""),
        ("{{ .a }}-{{\t.b\n}}", "alpha-beta"),
        ("x  {{- .a -}}  y", "xalphay"),
        ("x\n\t{{- .a}} y", "xalpha y"),
        ("{{.a -}}\n {{- .b}}", "alphabeta"),
        ("{{-3}}", "-3"),
        ("a {{/* a comment }} */}} b", "a  b"),
        ("a {{- /* trimmed */ -}} b", "ab"),
        ('{{"}}"}}', "}}"),
        ('{{"\\u00e9\\x41\\n"}}', "\u00e9A\n"),
        ("{{`raw \\n`}}", "raw \\n"),
        ("{{'a'}} {{'\\n'}} {{'\\''}} {{'\\u00e9'}}", "97 10 39 233"),
        ("{{1}} {{-1}} {{0x10}} {{0b11}} {{0o17}} {{017}} {{1_000}}", "1 -1 16 3 15 15 1000"),
        ("{{1.5}} {{.5}} {{1e3}} {{1e6}} {{2.0}} {{1e-7}} {{0x1p4}}", "1.5 0.5 1000 1e+06 2 1e-07 16"),
        ("{{true}} {{false}}", "true false"),
        ("{{$}}", None),
        ("{{$.a}}", "alpha"),
        ("{{$x := .a}}{{$x}}", "alpha"),
        ("{{$x := .a}}{{$x = .b}}{{$x}}", "beta"),
        ("{{$x := .a}}{{if true}}{{$x := .b}}{{$x}}{{end}}{{$x}}", "betaalpha"),
        ("{{$x := .a}}{{if true}}{{$x = .b}}{{end}}{{$x}}", "beta"),
        ("{{$x := .}}{{$x.b}}", "beta"),
        ("{{.a | printf `%s %s` .b}}", "beta alpha"),
        ("{{.a|}}", "alpha"),
        ("{{(.a)}}", "alpha"),
        ("{{printf (print `%s` `!`) (upper .a)}}", "ALPHA!"),
        ("{{if .a}}yes{{else}}no{{end}}", "yes"),
        ("{{if .empty}}yes{{else}}no{{end}}", "no"),
        ("{{if .empty}}1{{else if .missing}}2{{else if .a}}3{{else}}4{{end}}", "3"),
        ("{{if not .empty}}yes{{end}}", "yes"),
        ("{{if 0}}yes{{end}}{{if 0.0}}yes{{end}}{{if false}}yes{{end}}", ""),
        ("{{with .a}}<{{.}}>{{end}}", "<alpha>"),
        ("{{with .empty}}<{{.}}>{{else}}{{.b}}{{end}}", "beta"),
        ("{{with .empty}}1{{else with .b}}{{.}}{{end}}", "beta"),
        ("{{with $x := .a}}{{$x}}{{.}}{{end}}", "alphaalpha"),
        ("{{with .a}}{{$.b}}{{end}}", "beta"),
        ("{{with .}}{{.b}}{{end}}", "beta"),
        ("{{range fromJson .list}}[{{.n}}]{{end}}", "[one][two]"),
        ("{{range $i, $e := fromJson .list}}{{$i}}={{$e.n}};{{end}}", "0=one;1=two;"),
        ("{{range $e := fromJson .list}}{{$e.n}};{{end}}", "one;two;"),
        ("{{range $k, $v := (fromJson .json).deep}}{{$k}}={{$v}};{{end}}", "y=<no value>;z=true;"),
        ("{{range fromJson .a}}x{{else}}none{{end}}", "none"),
        ("{{range fromJson `[]`}}x{{else}}none{{end}}", "none"),
        ("{{range 3}}{{.}}{{end}}{{range 0}}x{{else}}-{{end}}", "012-"),
        ("{{range 5}}{{if eq . 3}}{{break}}{{end}}{{if eq . 1}}{{continue}}{{end}}{{.}}{{end}}", "02"),
        ("{{$n := 0}}{{range 3}}{{$n = add $n .}}{{end}}{{$n}}", "3"),
        ("{{(fromJson .json).list}} {{(fromJson .json).x}} {{(fromJson .json).big}}", "[p q] 1 1e+06"),
        ('{{fromJson `{"b":[1,null,"x"],"a":{}}`}}', "map[a:map[] b:[1 <nil> x]]"),
        ("{{fromJson .a}}", "<no value>"),
        ("{{(fromJson .json).nothing}}", "<no value>"),
        ("{{(fromJson .a).nothing}}", "<no value>"),
        ("{{index (fromJson .json).list 1}} {{index (fromJson .json) `x`}}", "q 1"),
        ("{{index . `a`}}{{index . `missing`}}", "alpha"),
        ("{{index .a 1}}", "108"),
        ("{{slice .a 1 3}} {{slice .a 3}} {{slice .a}}", "lp ha alpha"),
        ("{{slice (fromJson .json).list 1}}", "[q]"),
        ("{{len .a}} {{len `\u00e9`}} {{len (fromJson .json).list}} {{len (fromJson .json)}}", "5 2 2 4"),
        ("{{and .a .b}} {{and .empty .b}}| {{or .empty .b}} {{or .a .b}}", "beta | beta alpha"),
        ("{{and false (div 1 0)}} {{or true (div 1 0)}}", "false true"),
        ("{{.b | and .a}} {{.b | or .a}}", "beta alpha"),
        ("{{eq .a `alpha`}} {{eq .a `x` `alpha`}} {{ne .a .b}} {{eq 1 1}} {{eq 1.5 1.5}}", "true true true true true"),
        ("{{lt 1 2}} {{le 2 2}} {{gt .a .b}} {{ge 2 1}} {{lt 1.5 2.5}}", "true true false true true"),
        ("{{eq nil (fromJson .a)}} {{eq .a nil}}", "true false"),
        ("{{print .a .b}} {{print 1 2}} {{print .a 1 2}} {{print}}|", "alphabeta 1 2 alpha1 2 |"),
        ("{{println .a 1}}", "alpha 1\n"),
        ("{{html `<a href='x'>&\"`}}", "&lt;a href=&#39;x&#39;&gt;&amp;&#34;"),
        ("{{js `a'b<c>`}}", "a\\'b\\u003Cc\\u003E"),
        ("{{urlquery `a b&c`}}", "a+b%26c"),
        ("{{__line__}}|{{__line__ | upper}}", "the line|THE LINE"),
        ("{{__timestamp__}}", "2022-06-27 18:05:24.12 +0000 UTC"),
        ("{{__timestamp__.Unix}} {{__timestamp__.Format `15:04`}} {{(__timestamp__).Year}}", "1656353124 18:05 2022"),
    ],
)  # fmt: skip
def test_a_template_writes_what_go_writes(template, expected):
    if expected is None:
        expected = "map[" + " ".join(f"{name}:{LABELS[name]}" for name in sorted(LABELS)) + "]"
    assert render(template) == expected


@pytest.mark.parametrize(
    ("template", "where", "what"),
    [
        ("a {{.b", 3, "the action does not end with }}"),
        ("{{}}", 3, "a value is missing"),
        ("{{ }}", 4, "a value is missing"),
        ("{{/* x }}", 3, "the comment does not end"),
        ("{{/* x */ y}}", 10, "after a comment, }} has to follow at once"),
        ('{{"x}}', 3, "the text in double quotes does not end"),
        ("{{`x}}", 3, "the text in backticks does not end"),
        ("{{'x}}", 3, "the character in single quotes does not end"),
        ("{{''}}", 3, "between single quotes there has to be one character"),
        ("{{'ab'}}", 3, "between single quotes there has to be one character"),
        ('{{"\\z"}}', 4, "this escape is not known"),
        ("{{foo .a}}", 3, 'there is no function "foo"'),
        ("{{.a | splitList}}", 8, 'there is no function "splitList"'),
        ("{{.a + 1}}", 6, "+ is no number, or too large"),
        ("{{.a # 1}}", 6, "the character '#' has no meaning here"),
        ("{{.a-b}}", 5, "the character '-' cannot follow here"),
        ("{{1x}}", 3, "this is no number"),
        ("{{1i}}", 3, "this is no number"),
        ("{{99999999999999999999}}", 3, "99999999999999999999 is no number, or too large"),
        ("{{08}}", 3, "08 is no number, or too large"),
        ('{{"a""b"}}', 6, "'\"b\"' is not expected here"),
        ('{{contains("a" "b")}}', 11, "'(' is not expected here"),
        ("{{(.a}}", 6, "a parenthesis is not closed"),
        ("{{.a)}}", 5, "a parenthesis is closed that was not opened"),
        ("{{()}}", 4, "a value is missing"),
        ("{{.a | | .b}}", 8, "a value is missing"),
        ("{{| .b}}", 3, "a value is missing"),
        ("{{.a | 1}}", 8, "after | there has to be a function"),
        ("{{.a | .}}", 8, "after | there has to be a function"),
        ("{{1.a}}", 3, "this is no number"),
        ('{{"x".a}}', 3, "'\"x\"' has no fields"),
        ("{{$x}}", 3, "the variable $x is not defined"),
        ("{{$x = 1}}", 3, "the variable $x is not defined"),
        ("{{if .a}}{{$x := 1}}{{end}}{{$x}}", 30, "the variable $x is not defined"),
        ("{{$x, $y := .a}}", 5, "there are too many variables here"),
        ("{{range $x, $y .a}}{{end}}", 13, "after the variables of range, := has to follow"),
        ("{{$x :=}}", 8, "a value is missing"),
        ("{{if}}{{end}}", 5, "a value is missing"),
        ("{{if .a}}", 3, "the if has no end"),
        ("x{{range .a}}{{else}}", 4, "the range has no end"),
        ("{{end}}", 3, "there is no if, with or range for this end"),
        ("{{else}}", 3, "there is no if, with or range for this else"),
        ("{{if .a}}{{else}}{{else}}{{end}}", 20, "the if has a second else"),
        ("{{if .a}}{{end x}}", 16, "'x' is not expected here"),
        ("{{break}}", 3, "break is only possible within range"),
        ("{{range .a}}{{else}}{{continue}}{{end}}", 23, "continue is only possible within range"),
        ('{{define "x"}}{{end}}', 3, "define is not supported in a query"),
        ('{{template "x"}}', 3, "template is not supported in a query"),
        ("{{.a | if}}", 8, "'if' is not expected here"),
        ("{{printf `%s`  if}}", 16, "'if' is not expected here"),
        ("{{" + "(" * 61 + ".a" + ")" * 61 + "}}", 63, "the template is nested too deeply"),
    ],
)  # fmt: skip
def test_what_is_no_template_is_refused_with_the_place_and_the_reason(template, where, what):
    with pytest.raises(ValueError) as caught:
        parse_template(template)
    assert str(caught.value).startswith(f"At character {where} of the template: {what}")
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("name", ["regexReplaceAll", "regexReplaceAllLiteral", "count"])
@pytest.mark.parametrize("pattern", ["(", "a(?=b)", r"(a)\1", "(a{1000}){1000}"])
def test_a_regular_expression_that_cannot_be_run_is_refused_before_any_line_is_seen(name, pattern):
    with pytest.raises(ValueError, match=f"^At character 3 of the template: the regular expression of {name} is wrong"):
        parse_template(f"{{{{{name} `{pattern}` .a .b}}}}")


@pytest.mark.parametrize(
    "template",
    [
        # The Go test of Loki for what fails, and its kin.
        '{{.foo Replace "foo"}}',
        "{{.a | ToUpper | .b}}",
        "{{upper}}",
        "{{upper .a .b}}",
        "{{upper 1}}",
        "{{trunc `x` .a}}",
        "{{trunc 1.5 .a}}",
        "{{trunc (add 1 2) .a}}",
        "{{.a | trunc}}",
        "{{.a.b}}",
        "{{(1).b}}",
        "{{(fromJson .json).deep.y.z}}",
        "{{nil}}",
        "{{nil | print}}",
        "{{upper nil}}",
        "{{(.a) .b}}",
        "{{.a | (print)}}",
        "{{__line__ 1}}",
        "{{and}}",
        "{{call .a}}",
        "{{range .a}}{{end}}",
        "{{range $i, $e := 3}}{{end}}",
        "{{index .a 9}}",
        "{{index .a `x`}}",
        "{{index (fromJson .list) -1}}",
        "{{index (fromJson .json) 1}}",
        "{{index 1 1}}",
        "{{index nil 1}}",
        "{{slice .a 3 1}}",
        "{{slice .a 0 9}}",
        "{{slice .a 0 1 2}}",
        "{{slice 1 0}}",
        "{{len 1}}",
        "{{len nil}}",
        "{{eq .a}}",
        "{{eq .a 1}}",
        "{{eq 1 1.0}}",
        "{{eq (fromJson .list) (fromJson .list)}}",
        "{{lt .a 1}}",
        "{{lt true false}}",
        "{{lt nil nil}}",
        "{{unixEpoch .a}}",
        "{{__timestamp__.Nothing}}",
        "{{__timestamp__.Format}}",
        "{{.a.Format `15`}}",
    ],
)
def test_what_go_finds_out_only_for_a_line_fails_for_a_line(template):
    ready = parse_template(template)
    with pytest.raises(TemplateFailure):
        ready.render(LABELS, LINE, TIME)


@pytest.mark.parametrize(
    ("template", "labels", "reads_all", "reads_line"),
    [
        ("text", set(), False, False),
        ("{{.a}} {{upper .b}}", {"a", "b"}, False, False),
        ("{{$.a}}", {"a"}, False, False),
        ("{{.a.b}}", {"a"}, False, False),
        ("{{if .a}}{{.b}}{{else if .c}}{{.d}}{{else}}{{.e}}{{end}}", set("abcde"), False, False),
        ("{{with .a}}{{.}}{{.x}}{{else}}{{.b}}{{end}}{{.c}}", set("abc"), False, False),
        ("{{range fromJson .a}}{{.}}{{$.b}}{{end}}", {"a", "b"}, False, False),
        ("{{(printf `%s` .a) | printf .b (.c)}}", set("abc"), False, False),
        ("{{.a | .b}}", {"a"}, True, False),
        ("{{upper .a .b}}", {"a", "b"}, False, False),
        ("{{with upper .a}}{{printf `%s` __line__}}{{end}}", {"a"}, False, True),
        ("{{.}}", set(), True, False),
        ("{{$}}", set(), True, False),
        ("{{range $k, $v := .}}{{$k}}{{end}}", set(), True, False),
        ("{{$x := .}}{{$x.a}}", set(), True, False),
        ("{{index . `a`}}", set(), True, False),
        ("{{with $x := .a}}{{$x.b}}{{end}}", {"a"}, False, False),
        ("{{__line__ | upper}}", set(), False, True),
        ("{{and .a (or .b __line__)}}", {"a", "b"}, False, True),
    ],
)
def test_a_template_says_what_it_reads(template, labels, reads_all, reads_line):
    ready = parse_template(template)
    assert (ready.labels, ready.reads_all, ready.reads_line) == (frozenset(labels), reads_all, reads_line)


@pytest.mark.parametrize(
    "template",
    [
        "{{range 1000000000}}{{end}}",
        "{{range 1000000000}}x{{end}}",
        "{{range 10000}}{{range 10000}}{{range 10000}}{{end}}{{end}}{{end}}",
        "{{range 1000}}" + "x" * 2000 + "{{end}}",
        "{{repeat 1000000000 `x`}}",
        "{{$x := repeat 1000 `x`}}{{$x = repeat 1000 $x}}{{$x}}{{$x}}",
        "{{$x := `xxxxxxxxxx`}}{{range 100}}{{$x = printf `%s%s` $x $x}}{{end}}",
        "{{indent 1000000000 `x`}}",
        "{{nindent 2000 .lines}}",
        "{{alignLeft 1000000000 `x`}}",
        "{{alignRight 1000000000 `x`}}",
        "{{printf `%1000000d%1000000d` 1 2}}",
        "{{printf `%.1000000f%.1000000f` 1.5 1.5}}",
        "{{printf `%1000000v` (fromJson .list)}}",
        "{{replace `` .lines .lines}}",
        "{{Replace .lines `\n` .lines -1}}",
        "{{regexReplaceAll `.*` .long `$0$0$0$0`}}",
        "{{regexReplaceAllLiteral `x` .long .long}}",
        "{{$x := .long}}{{range 100000}}{{if contains `y` $x}}{{end}}{{end}}",
        "{{$x := fromJson .list}}{{range 100000}}{{$y := print $x}}{{end}}",
        "{{range 100000}}{{range fromJson `{}`}}{{end}}{{end}}",
        "{{range 100000}}{{$x := count `a+` `b`}}{{end}}",
        "{{date .long 0}}",
        "{{toDate .long .long}}",
    ],
)
def test_no_template_takes_much_time_or_memory(template):
    labels = {"lines": "x\n" * 1000, "long": "x" * 500_000, "list": "[" + ",".join(["1"] * 1000) + "]"}
    with pytest.raises(TemplateFailure):
        parse_template(template).render(labels, LINE, TIME)


def test_json_that_is_nested_too_deeply_is_no_crash():
    deep = "[" * 100_000 + "]" * 100_000
    template = parse_template("{{fromJson .deep}}")
    with contextlib.suppress(TemplateFailure):
        assert template.render({"deep": deep}, "", 0)


@given(st.text().filter(lambda text: "{{" not in text))
def test_a_text_without_actions_is_written_as_it_is(text):
    assert parse_template(text).render({}, "", 0) == text


@given(st.text())
def test_any_label_is_written_as_it_is(value):
    assert parse_template("{{.a}}{{print .a}}").render({"a": value}, "", 0) == value * 2


_PIECES = st.sampled_from([
    *("{{", "}}", "{{-", "-}}", ".", ".a", "$", "$x", ":=", "=", ",", "|", "(", ")", '"', "`", "'", "/*", "*/", "\\"),
    *("if", "else", "end", "range", "with", "break", "nil", "upper", "printf", "eq", "and", "slice", "index", "trunc"),
    *("fromJson", "__line__", "__timestamp__", "date", "now", ".json", ".list", "1", "1.5", "-1", "%s", "\u00e9"),
])  # fmt: skip


@given(st.lists(_PIECES, max_size=25).map(" ".join))
def test_garbage_is_refused_or_fails_or_is_evaluated_but_nothing_else(text):
    for template in (text, "{{" + text + "}}"):
        with contextlib.suppress(TemplateSyntaxError, TemplateFailure):
            assert isinstance(parse_template(template).render(LABELS, LINE, TIME), str)
