"""The functions of templates, one by one: what Go, sprig and Loki make of the same arguments."""

from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.query.template import TemplateFailure, TemplateSyntaxError, parse_template
from hallucino_tui.logs.query.template_functions import FUNCTIONS
from hallucino_tui.logs.query.template_values import read_float, write_float

LABELS = {"foo": "blip", "bar": "blop", "quoted": '"q"', "cut": "\u00e9\u00e9", "one": "1", "half": "2.5"}


def render(template: str, **labels: str) -> str:
    return parse_template(template).render({**LABELS, **labels}, "1", 1_656_353_124_120_000_000)


def test_the_functions_are_those_of_loki():
    go = "and call html index js len not or print printf println slice urlquery eq ge gt le lt ne"
    loki = (
        "ToLower ToUpper Replace Trim TrimLeft TrimRight TrimPrefix TrimSuffix TrimSpace regexReplaceAll "
        "regexReplaceAllLiteral count urldecode urlencode bytes duration duration_seconds unixEpochMillis "
        "unixEpochNanos toDateInZone unixToTime alignLeft alignRight"
    )
    sprig = (
        "b64enc b64dec lower upper title trunc substr contains hasPrefix hasSuffix indent nindent replace repeat "
        "trim trimAll trimSuffix trimPrefix int float64 add sub mul div mod addf subf mulf divf max min maxf minf "
        "ceil floor round fromJson date toDate now unixEpoch default"
    )
    assert set(FUNCTIONS) == set(f"{go} {loki} {sprig}".split())


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{{Replace .bar "blop" "bar" -1}} {{Replace "aaa" "a" "b" 2}} {{Replace "aaa" "a" "b" 0}}', "bar bba aaa"),
        ('{{.bar | replace "blop" "bar"}} {{replace "" "-" "ab"}}', "bar -a-b-"),
        ("{{ToLower `A\u00c9\u03a3\u0130`}} {{lower `ABC`}} {{ToUpper `stra\u00dfe`}} {{upper `\u00e9`}}",
         "a\u00e9\u03c3i abc STRA\u00dfE \u00c9"),
        ("{{title `hello wor-ld o'neil a_b \u00e9t\u00e9`}}", "Hello Wor-Ld O'Neil A_b \u00c9t\u00e9"),
        ("{{Trim `xxaxx` `x`}} {{TrimLeft `xxaxx` `x`}} {{TrimRight `xxaxx` `x`}} {{Trim ` a ` ``}}", "a axx xxa  a "),
        ("{{TrimPrefix `abc` `a`}} {{TrimSuffix `abc` `bc`}} [{{TrimSpace ` \u00a0a\t`}}]", "bc a [a]"),
        ("{{.bar | trimAll `op`}} {{.bar | trimPrefix `b`}} {{.bar | trimSuffix `p`}} {{trim ` a `}}", "bl lop blo a"),
        ("{{.foo | substr 1 3}} {{substr -1 2 .foo}} {{substr 2 -1 .foo}} {{substr 1 99 .foo}}", "li bl ip lip"),
        ("{{.bar | trunc 1}} {{trunc -2 .bar}} {{trunc 9 .bar}} {{trunc -9 .bar}} {{trunc 0 .bar}}|",
         "b op blop blop |"),
        ("{{trunc 1 .cut}}", "\ufffd"),
        ("{{trunc 1 .cut}}{{slice .cut 1 2}}", "\u00e9"),
        ("{{contains `p` .foo}} {{hasPrefix `bl` .foo}} {{hasSuffix `x` .foo}}", "true true false"),
        ("{{indent 2 `a\nb`}}", "  a\n  b"),
        ("{{nindent 2 `a\nb`}}", "\n  a\n  b"),
        ("{{`foo` | repeat 3}}{{repeat 0 `x`}}", "foofoofoo"),
        ("[{{alignLeft 5 `hello world`}}] [{{alignLeft 5 `hi`}}] [{{alignLeft -1 `hi`}}]", "[hello] [hi   ] [hi]"),
        ("[{{alignRight 5 `hello world`}}] [{{alignRight 5 `hi`}}] [{{alignRight 0 `hi`}}]", "[world] [   hi] []"),
        ("{{b64enc `hi there`}} {{b64dec `aGkgdGhlcmU=`}}", "aGkgdGhlcmU= hi there"),
        ("{{b64dec `aGk`}} / {{b64dec `a*==`}} / {{b64dec `aGk=x`}} / {{b64dec `aG=k`}}",
         " / ".join(f"illegal base64 data at input byte {place}" for place in (0, 1, 4, 2))),
        ("{{urlencode `a b/\u00e9~`}} {{urldecode `a+b%2F%C3%A9`}}", "a+b%2F%C3%A9~ a b/\u00e9"),
        ("{{regexReplaceAll `(a*)bc` `aabc xbc` `${1}d`}}", "aad xd"),
        ("{{regexReplaceAll `(?P<x>.)(.)` `ab` `$2$x-$$-$2x-$`}}", "ba-$--$"),
        ("{{regexReplaceAll `a*` `baaac` `x`}}", "xbxcx"),
        ("{{regexReplaceAllLiteral `(p)` .foo `${1}`}}", "bli${1}"),
        ("{{count `a|b` `abab`}} {{count `o` `foo`}} {{count `` `ab`}} {{`x` | count .foo}}", "4 2 3 0"),
        ("{{.foo | default `-`}}{{.none | default `-`}}{{default 1 0}}{{default 2 false}}{{default 3}}", "blip-123"),
    ],
)  # fmt: skip
def test_functions_of_texts(template, expected):
    assert render(template) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{add 3 2 5}} {{add}} {{add `1` 1}} {{add `0x10` `010` `1_0`}}", "10 0 2 34"),
        ("{{add 9223372036854775807 1}} {{mul 9223372036854775807 2}}", "-9223372036854775808 -2"),
        ("{{sub 5 2}} {{mul 5 2 3}} {{div 10 3}} {{div -7 2}} {{mod 10 3}} {{mod -7 2}}", "3 30 3 -3 1 -1"),
        ("{{int `3`}} {{int `2.9`}} {{int `-.5`}} {{int `x`}} {{int 2.9}} {{int `08`}} {{int true}} {{int nil}}",
         "3 2 0 0 2 0 1 0"),
        ("{{int `9223372036854775808`}} {{int 1e300}} {{int ` 1`}}", "0 0 0"),
        ("{{float64 `3.5`}} {{float64 `x`}} {{float64 `1e3`}} {{float64 `inf`}} {{float64 `1e999`}}",
         "3.5 0 1000 +Inf 0"),
        ("{{`2.5` | float64 | int | add 10}}", "12"),
        ("{{add .one 1 | sub `3` | mul `10` | div `20`}}", "2"),
        ("{{addf `1.5` 1.5 | subf `5` 1.5 | mulf `10.5` | divf `20.2`}}", "3.8476190476190477"),
        ("{{addf 0.1 0.2}} {{subf 5.5 2 1.5}} {{mulf 5.5 2 2.5}} {{divf 10 2 4}} {{divf 1 3}}",
         "0.3 2 27.5 1.25 0.3333333333333333"),
        ("{{mulf 1000 1000}} {{addf 1234567.5}} {{addf}}", "1e+06 1.2345675e+06 0"),
        ("{{max 1 3 2}} {{min `5` 10 15}} {{maxf 1 2.5 `3`}} {{minf 1.5 2}}", "3 5 3 1.5"),
        ("{{ceil 123.001}} {{floor 123.9999}} {{ceil -0.5}} {{floor `-1.5`}} {{floor `nan`}}", "124 123 -0 -2 NaN"),
        ("{{round 123.555555 3}} {{round 123.88571428571 5 .2}} {{round 2.5 0}} {{round -1.2 0}}",
         "123.556 123.88572 3 -2"),
        ("{{round `1234` -2}} {{round 1.5 -400}} {{round 1.5 400}}", "1200 NaN NaN"),
        ("{{bytes `1KB`}} {{bytes `1KiB`}} {{bytes `20 MB`}}", "1000 1024 2e+07"),
        ("{{duration `1m30s`}} {{duration_seconds `250ms`}} {{duration `-1.5s`}} {{duration `0`}}", "90 0.25 -1.5 0"),
    ],
)  # fmt: skip
def test_functions_of_numbers(template, expected):
    assert render(template) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{__timestamp__ | date `2006-01-02T15:04:05.00Z07:00`}}", "2022-06-27T18:05:24.12Z"),
        ("{{__timestamp__ | date `Monday Mon January Jan 02 _2 2 06 1 002 __2`}}",
         "Monday Mon June Jun 27 27 27 22 6 178 178"),
        ("{{date `03:04:05 PM 3:4:5pm .000 ,999999 -0700 -07:00 -07 Z0700 MST` __timestamp__}}",
         "06:05:24 PM 6:5:24pm .120 ,12 +0000 +00:00 +00 Z UTC"),
        ("{{date `Month Jan_2006 January1` 0}}", "Month Jan_1970 January1"),
        ("{{date `2006-01-02` 86400}} {{date `15:04` (add 3600)}}", "1970-01-02 01:00"),
        ("{{date `2006-01-02` (toDate `2006-01-02` `2021-11-02`)}}", "2021-11-02"),
        ("{{sub (unixEpoch (toDate `2006-01-02` `2021-11-02`)) (unixEpoch (toDate `2006-01-02` `2021-11-01`))}}",
         "86400"),
        ("{{toDate `2006-01-02` `nonsense`}}", "0001-01-01 00:00:00 +0000 UTC"),
        ("{{toDate `15:04` `10:30`}}", "0000-01-01 10:30:00 +0000 UTC"),
        ("{{toDate `2006-01-02T15:04:05Z07:00` `2021-11-02T03:04:05.678+02:00`}}",
         "2021-11-02 03:04:05.678 +0200 +0200"),
        ("{{toDate `02/Jan/2006:15:04:05 -0700` `10/OCT/2000:13:55:36 -0700` | unixEpoch}}", "971211336"),
        ("{{toDate `3:04PM` `12:30AM`}}", "0000-01-01 00:30:00 +0000 UTC"),
        ("{{toDate `2006-002` `2024-366` | date `Jan 2`}}", "Dec 31"),
        ("{{toDate `06` `69` | date `2006`}} {{toDate `06` `68` | date `2006`}}", "1969 2068"),
        ("{{toDate `2006-01-02` `2021-02-30` | date `2006`}} {{toDate `15` `24` | date `2006`}}", "0001 0001"),
        ("{{toDate `Jan _2 MST` `Mar  4 CET`}}", "0000-03-04 00:00:00 +0000 CET"),
        ("{{toDateInZone `2006-01-02 15:04` `Europe/Berlin` `2021-07-02 10:00`}}", "2021-07-02 10:00:00 +0200 CEST"),
        ("{{toDateInZone `2006-01-02 15:04` `Europe/Berlin` `2021-07-02 10:00` | date `15:04`}}", "08:00"),
        ("{{toDateInZone `2006-01-02` `No/Where` `2021-07-02`}}", "2021-07-02 00:00:00 +0000 UTC"),
        ("{{toDateInZone `2006-01-02` `../../etc/passwd` `2021-07-02`}}", "2021-07-02 00:00:00 +0000 UTC"),
        ("{{toDateInZone `2006-01-02 MST` `Europe/Berlin` `2021-07-02 CEST` | unixEpoch}}", "1625176800"),
        ("{{unixEpoch __timestamp__}} {{unixEpochMillis __timestamp__}} {{unixEpochNanos __timestamp__}}",
         "1656353124 1656353124120 1656353124120000000"),
        ("{{unixToTime `19373` | date `2006-01-02`}} {{unixToTime `1679577215` | date `2006-01-02`}}",
         "2023-01-16 2023-03-23"),
        ("{{(unixToTime `1673798889902`).UnixMilli}} {{(unixToTime `1673798889902000`).UnixMicro}}",
         "1673798889902 1673798889902000"),
        ("{{(unixToTime `1673798889902000000`).UnixNano}}", "1673798889902000000"),
        ("{{gt (int (unixEpoch now)) 1700000000}}", "true"),
        ("{{len (date `2006` `x`)}}", "4"),
    ],
)  # fmt: skip
def test_functions_of_times(template, expected):
    assert render(template) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ('`%s|%d|%v|%t|%q` `a` 1 1.5 true `x"y`', 'a|1|1.5|true|"x\\"y"'),
        ("`%5s|%-5s|%.2s|%5.1s|%05d|%+d|% d|%x|%X|%o|%b|%c|%U` `ab` `ab` `abc` `abc` 42 42 42 255 255 8 5 65 233",
         "   ab|ab   |ab|    a|00042|+42| 42|ff|FF|10|101|A|U+00E9"),
        ("`%f|%.2f|%8.3f|%-8.1f|%08.2f|%e|%g|%G|%.3g|%+.1f` 1.5 2.345 3.14159 2.5 -1.5 1234.5 1e21 1e21 1234.5 1.0",
         "1.500000|2.35|   3.142|2.5     |-0001.50|1.234500e+03|1e+21|1E+21|1.23e+03|+1.0"),
        ("`%6.2f%%` 12.345", " 12.35%"),
        ("`%#x|%#o|%#b|%O|%#q|%+q|%#v` 255 8 5 8 `a` `\u00e9` `v`", '0xff|010|0b101|0o10|`a`|"\\u00e9"|"v"'),
        ("`%x|% x|%X|%#x|%.1x` `hi` `hi` `hi` `hi` `hi`", "6869|68 69|6869|0x6869|68"),
        ("`%q|%q` 'a' '\\''", "'a'|'\\''"),
        ("`%T %T %T %T %T %T` 1 1.5 `a` true nil (add 1)", "int float64 string bool <nil> int64"),
        ("`%*d|%-*d|%.*f` 5 42 5 42 1 2.55", "   42|42   |2.5"),
        ("`%[2]s %[1]s` `a` `b`", "b a"),
        ("`%[2]*[1]d` 7 4", "   7"),
        ("`%d` `x`", "%!d(string=x)"),
        ("`%s` 1", "%!s(int=1)"),
        ("`%s` nil", "%!s(<nil>)"),
        ("`%v|%5v` nil nil", "<nil>|<nil>"),
        ("`%d %d` 1", "1 %!d(MISSING)"),
        ("`%d` 1 2 `x`", "1%!(EXTRA int=2, string=x)"),
        ("`100%`", "100%!(NOVERB)"),
        ("`%z` 1", "%!z(int=1)"),
        ("`%[5]d` 1", "%!d(BADINDEX)"),
        ("`%!`", "%!!(MISSING)"),
        ("`%*d` `x` 1", "%!(BADWIDTH)1"),
        ("`%t` 1", "%!t(int=1)"),
        ('`%v %s %d` (fromJson `[1,"a",null]`) (fromJson `["a"]`) (fromJson `{"k":2}`)',
         "[1 a <nil>] [a] map[%!d(string=k):%!d(float64=2)]"),
        ("`%.3s|%5s|%-3s|` `\u00e9\u00e8\u00ea\u00eb` `\u00e9` `\u00e9`", "\u00e9\u00e8\u00ea|    \u00e9|\u00e9  |"),
        ("`%s|%d` __timestamp__.Unix 1", "%!s(int64=1656353124)|1"),
        ("`%v %06.2f %v` (float64 `inf`) (float64 `-inf`) (float64 `nan`)", "+Inf   -Inf NaN"),
        ("`%-40.40s|` `/a/509965767/alternative-to-my-mtg.html`", "/a/509965767/alternative-to-my-mtg.html |"),
        ("`%d %.3d %5.3d|%.0d|` 0 7 7 0", "0 007   007||"),
        ("`%s` (__timestamp__)", "2022-06-27 18:05:24.12 +0000 UTC"),
        ("`%q` (trunc 1 .cut)", '"\\xc3"'),
    ],
)  # fmt: skip
def test_printf_writes_what_go_writes(arguments, expected):
    assert render(f"{{{{printf {arguments}}}}}") == expected


@pytest.mark.parametrize(
    "template",
    [
        "{{div 1 0}}",
        "{{mod 1 0}}",
        "{{divf 1 0}}",
        "{{addf (float64 `nan`)}}",
        "{{divf 1e308 1e-308 1e-308 1e-308 1e-308 1e-308}}",
        "{{substr 3 1 .foo}}",
        "{{substr 9 -1 .foo}}",
        "{{substr -1 9 .foo}}",
        "{{repeat -1 .foo}}",
        "{{indent -1 .foo}}",
        "{{urldecode `%zz`}}",
        "{{duration .foo}}",
        "{{duration ``}}",
        "{{bytes .foo}}",
        "{{bytes ``}}",
        "{{unixToTime .foo}}",
        "{{unixToTime `123`}}",
        "{{unixToTime `9999999999999999999`}}",
        "{{regexReplaceAll .bad .foo `x`}}",
        "{{round 1.5 `x`}}",
        "{{round 1.5 1 1}}{{round 1.5 1 (int 1)}}",
    ],
)
def test_what_makes_go_panic_or_give_an_error_is_a_failure(template):
    ready = parse_template(template)
    with pytest.raises(TemplateFailure):
        ready.render({**LABELS, "bad": "("}, "", 0)


def test_a_failure_says_in_which_function_it_happened():
    with pytest.raises(TemplateFailure, match=r"^duration: .blip. is no duration"):
        render("{{duration .foo}}")


@given(st.floats())
def test_a_float_that_is_written_is_read_again(number):
    written = write_float(number)
    again = read_float(written.replace("+Inf", "Inf"))
    assert again == number or (math.isnan(number) and written == "NaN")


_ARGUMENTS = st.sampled_from([
    *(".foo", ".none", ".half", ".quoted", "`(.)`", "`$1`", "``", "`2006-01-02`", "`%5d`", "0", "1", "-1", "3", "2.5"),
    *("true", "nil", "now", "$", '(fromJson `[1,"a"]`)', '(fromJson `{"a":1}`)', "(add 1 2)", "(slice .cut 1 2)"),
])  # fmt: skip


@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(_ARGUMENTS, max_size=4))
def test_no_argument_brings_a_function_down(name, arguments):
    with contextlib.suppress(TemplateSyntaxError, TemplateFailure):
        template = parse_template(f"{{{{{name} {' '.join(arguments)}}}}}")
        assert isinstance(template.render(LABELS, "", 0), str)
